import { expect, it } from 'vitest';
import { AppError } from '../../../src/core/errors.ts';
import { installHttpAgent } from '../../../src/hubspot/agent.ts';
import { rowsOf, windowsOf } from '../../support/sync-rows.ts';
import { syncBench, type SyncBench } from '../../support/sync.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TYPES = ['companies', 'contacts', 'deals', 'tickets'];
installHttpAgent({ connectMs: 2000, answerMs: 1500 });

/** Takes a contact's link to its company away and makes one of another: no record is modified by either. Answers how many labels that changes. */
function relink(bench: SyncBench): number {
  const { state } = bench.fake;
  const [contact, other] = [...state.all('contacts')].filter(
    ({ id }) => state.associations('contacts', id, 'companies').length > 0,
  );
  const [link] = state.associations('contacts', contact?.id ?? '', 'companies');
  if (contact === undefined || other === undefined || link === undefined) throw new Error('too small');
  state.dissociate('contacts', contact.id, 'companies', link.toId);
  const [company] = [...state.all('companies')].filter(({ id }) => id !== link.toId).slice(-1);
  state.associate('contacts', other.id, 'companies', company?.id ?? '', { typeId: 279, backTypeId: 280 });
  const made = state.associations('contacts', other.id, 'companies').find(({ toId }) => toId === company?.id);
  return link.types.length + (made?.types.length ?? 0);
}

it('links that come and go on records that do not change are in after a day, and those that stay add nothing', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  await bench.clock.advance(HOUR);
  const relinked = relink(bench);
  expect((await bench.sync()).associations).toMatchObject({ read: 0, changed: 0 });
  expect((await bench.disagreements()).length).toBeGreaterThan(0);
  await bench.clock.advance(23 * HOUR);
  const result = await bench.sync();
  expect(result.associations.changed).toBe(relinked);
  expect(await bench.disagreements()).toEqual([]);
  expect(await windowsOf(bench, 'sweep')).toEqual([]);
  await bench.clock.advance(24 * HOUR);
  const again = await bench.sync();
  expect(again.associations.read).toBeGreaterThan(100);
  expect(again.associations.changed).toBe(0);
  expect(again.types.every((type) => type.changed === 0)).toBe(true);
});

it('links are read with each sweep, a thousand records a call, and the ledger says for each type at their other end', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  await bench.clock.advance(HOUR);
  const relinked = relink(bench);
  const { run } = await bench.sync({ sweep: 'all' });
  expect(await bench.disagreements()).toEqual([]);
  const contacts = [...bench.fake.state.all('contacts')].length;
  const windows = (await windowsOf(bench, 'links')).filter((row) => row['run'] === run);
  expect(windows.filter((row) => row['object_type'] === 'contacts')).toMatchObject([
    { to_type: 'companies', landed: contacts, versions: relinked, requests: 1, retries: 0 },
  ]);
  expect(windows.every((row) => row['finished_at'] !== null)).toBe(true);
});

it('a link sweep that is cut off goes on with the records that are left', async () => {
  const bench = await syncBench({ accounts: 12, only: TYPES });
  await bench.sync();
  await bench.clock.advance(25 * HOUR);
  relink(bench);
  const stop = new AbortController();
  bench.fake.faults.betweenRequests = ({ path }) => {
    if (/\/associations\/[^/]+\/deals\//.test(path)) stop.abort(new AppError('conflict', 'Stop.'));
  };
  expect((await bench.sync({ signal: stop.signal })).state).toBe('stopped');
  bench.fake.faults.betweenRequests = null;
  const left = await rowsOf(bench, 'select distinct object_type from association_due order by 1');
  expect(left).toContainEqual({ object_type: 'deals' });
  await bench.sync();
  expect(await bench.disagreements()).toEqual([]);
  expect(await rowsOf(bench, 'from association_due')).toEqual([]);
});
