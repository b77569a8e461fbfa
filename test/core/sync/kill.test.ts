import { expect, it } from 'vitest';
import { SYNC_STEPS } from '../../../src/core/sync/context.ts';
import { run, runSteps } from '../../long-cases/sync-kill.ts';

// In full: npm run test:long -- --only sync-kill
it('a worker killed at moments drawn from a seed ends with the same tables when it is started again', async () => {
  const lines: string[] = [];
  await run({ rounds: 2, firstSeed: 1, say: (line) => lines.push(line) });
  expect(lines).toHaveLength(2);
}, 180_000);

it(`a worker killed at each of its ${SYNC_STEPS.length} named steps ends with the same tables when it is started again`, async () => {
  await expect(runSteps()).resolves.toBeUndefined();
}, 240_000);
