import { expect, it } from 'vitest';
import { mappingOf } from '../../../src/core/accounts/portal-mapping.ts';
import { silentLog } from '../../../src/core/log.ts';
import { mappingAt } from '../../../src/store/mappings.ts';
import { storeWithPortal } from '../../support/stores.ts';
import { syncBench } from '../../support/sync.ts';

it('the first mapping is kept once HubSpot has told the properties of every type, and used before', async () => {
  const { store, portal } = await storeWithPortal('pglite');
  const bench = await syncBench({ accounts: 6, only: ['companies', 'deals'] });
  const { fake, warehouse, clock } = bench;
  const ctx = { store, log: silentLog, portalClock: () => Promise.resolve(clock) };
  const reply = { status: 400, body: { message: 'Not now.' } };
  fake.faults.rules.push({
    match: ({ path }) => path.endsWith('/properties/2026-09/deals'),
    fault: { do: 'reply', reply },
  });
  expect(await bench.sync()).toMatchObject({ state: 'failed' });
  const early = await mappingOf(ctx, portal, warehouse);
  expect(early.version).toBe(0);
  expect(early.mapping.accounts).not.toEqual({});
  expect(early.mapping.contracts.deals.amount).toBeNull();
  expect(await mappingAt(store, portal, clock.now())).toBeNull();
  fake.faults.rules.pop();
  await clock.advance(60_000);
  expect(await bench.sync()).toMatchObject({ state: 'complete' });
  const kept = await mappingOf(ctx, portal, warehouse);
  expect(kept).toMatchObject({ version: 1, mapping: { contracts: { deals: { amount: 'amount' } } } });
  expect(await mappingAt(store, portal, clock.now())).toMatchObject({ version: 1, author: 'proposed' });
});
