import { expect, it } from 'vitest';
import { run } from '../../long-cases/known-replay.ts';

// In full, a year of weeks: npm run test:long -- --only known-replay
it('what was known in each of ten weeks is still the same answer at the end', async () => {
  const lines: string[] = [];
  await run({ rounds: 10, firstSeed: 4, say: (line) => lines.push(line) });
  expect(lines).toHaveLength(1);
}, 120_000);
