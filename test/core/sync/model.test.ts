import { expect, it } from 'vitest';
import { run } from '../../long-cases/sync-model.ts';

// In full: npm run test:long -- --only sync-model
it('fifty random histories of a portal, with syncs and failures between and during them, end in a mirror that is equal and has forgotten nothing', async () => {
  expect(await run({ rounds: 50, firstSeed: 1, say: () => {} })).toBe(50);
}, 300_000);
