import { expect, it } from 'vitest';
import { SYNC_STEPS } from '../../../src/core/sync/context.ts';
import { run, runSteps } from '../../long-cases/sync-kill.ts';

// In full: npm run test:long -- --only sync-kill
it('a worker killed in each phase of a first sync and of the next ends with the same tables and versions', async () => {
  const fallen = await run({ rounds: 4, firstSeed: 1, killsEach: 2, say: () => {} });
  for (const phase of ['records', 'associations', 'publishing'] as const)
    expect(fallen[phase], phase).toBeGreaterThan(0);
}, 240_000);

it(`a worker killed at each of its ${SYNC_STEPS.length} named steps ends with the same tables and versions`, async () => {
  await expect(runSteps()).resolves.toBeUndefined();
}, 300_000);
