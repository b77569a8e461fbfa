import { expect, it } from 'vitest';
import { run } from '../../long-cases/known-fresh.ts';

// In full: npm run test:long -- --only known-fresh
it('as known at a moment equals what a sync at that moment would have said, on random histories', async () => {
  const lines: string[] = [];
  await run({ rounds: 2, firstSeed: 1, say: (line) => lines.push(line) });
  expect(lines).toHaveLength(1);
}, 180_000);
