import { expect, it } from 'vitest';
import { run } from '../../long-cases/known-replay.ts';

// In full, a year of weeks: npm run test:long -- --only known-replay
it('what was exported in each of four weeks is still the same, byte for byte, at the end', async () => {
  const lines: string[] = [];
  await run({ rounds: 4, firstSeed: 4, say: (line) => lines.push(line) });
  expect(lines).toHaveLength(1);
}, 120_000);
