import { expect, it } from 'vitest';
import { allowed, run } from '../../long-cases/interval-coverage.ts';

// In full: npm run test:long -- --only interval-coverage
it('every interval holds the truth of at least six of ten simulated books', async () => {
  const lines: string[] = [];
  await run({ rounds: 10, firstSeed: 1, say: (line) => lines.push(line) });
  expect(lines).toHaveLength(13);
});

it('of 200 books the central 99.9 % of the binomial distribution is allowed', () => {
  expect(allowed(200)).toEqual([179, 198]);
  expect(allowed(10)).toEqual([6, 10]);
});
