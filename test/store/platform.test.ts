import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { appendAudit, findBrokenAudit, listAudit } from '../../src/store/audit.ts';
import { acquireLease, checkLease, releaseLease, renewLease } from '../../src/store/leases.ts';
import { listMigrations, migrate } from '../../src/store/migrate.ts';
import {
  claimOutgoing,
  countOutgoing,
  enqueueOutgoing,
  holdAllOutgoing,
  listOutgoing,
  markFailed,
  markSent,
} from '../../src/store/outbox.ts';
import {
  ensurePortal,
  findPortalByHubSpotId,
  getPortal,
  listPortals,
  savePortalFacts,
} from '../../src/store/portals.ts';
import { readSetting, writeSetting } from '../../src/store/settings.ts';
import { currentSnapshot, pointSnapshot } from '../../src/store/snapshots.ts';
import {
  markSyncFinished,
  markSyncStarted,
  readSyncStatus,
  saveSyncProgress,
} from '../../src/store/sync-status.ts';
import { forgetWorker, markWorkerAlive, secondsSinceWorker } from '../../src/store/workers.ts';
import { adminOf, emptyStore, ENGINES, freshStore, storeWithPortal } from '../support/stores.ts';

const NOON = new Date('2026-03-01T12:00:00Z');
const later = (minutes: number): Date => new Date(NOON.getTime() + minutes * 60_000);

describe.each(ENGINES)('the operational store on %s', (engine) => {
  it('is PostgreSQL 18 and gives the same JavaScript types', async () => {
    const store = await emptyStore(engine);
    const [row] = await store.query(
      `select split_part(version(), ' ', 2) as version, 9007199254740993::bigint as big, 1.10::numeric as exact,
              date '2024-02-29' as day, timestamptz '2024-02-29 12:00Z' as moment, '{"a": [1]}'::jsonb as doc, null as nothing`,
    );
    expect(row).toEqual({
      version: expect.stringMatching(/^18\./),
      big: '9007199254740993',
      exact: '1.10',
      day: '2024-02-29',
      moment: new Date('2024-02-29T12:00:00Z'),
      doc: { a: [1] },
      nothing: null,
    });
  });

  it('migrates once, and refuses a newer store and an edited migration without touching them', async () => {
    const store = await freshStore(engine);
    const before = await store.query('select * from holdfast.migrations order by number');
    await migrate(store, silentLog);
    expect(await store.query('select * from holdfast.migrations order by number')).toEqual(before);
    expect(before).toHaveLength(listMigrations().length);

    await expect(migrate(store, silentLog, listMigrations().slice(0, 1))).rejects.toThrow(/newer Holdfast/);
    const edited = listMigrations().map((migration) => ({ ...migration, checksum: 'other' }));
    await expect(migrate(store, silentLog, edited)).rejects.toThrow(
      /differs from the one this store was made with/,
    );
    expect(await store.query('select * from holdfast.migrations order by number')).toEqual(before);
  });

  it('lets two starters migrate at once', async () => {
    const store = await freshStore(engine);
    const extra = {
      number: 9000,
      name: '9000_extra.sql',
      checksum: 'x',
      sql: 'create table holdfast.extra (id integer);\n',
    };
    const migrations = [...listMigrations(), extra];
    await Promise.all([migrate(store, silentLog, migrations), migrate(store, silentLog, migrations)]);
    expect(await store.query('select * from holdfast.extra')).toEqual([]);
  });

  it('rolls a transaction back whole', async () => {
    const { store, portal, admin } = await storeWithPortal(engine);
    const failing = store.tx(async (sql) => {
      await writeSetting(sql, admin, NOON, 'outgoing_paused', true);
      throw new AppError('conflict', 'no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await readSetting(store, portal, 'outgoing_paused')).toBe(false);
    expect(await listAudit(store, portal, 10)).toEqual([]);
  });

  it('goes on after a statement that fails', async () => {
    const store = await emptyStore(engine);
    await expect(store.query('select * from nowhere')).rejects.toThrow(/nowhere/);
    await expect(store.exec('begin; select * from nowhere; commit;')).rejects.toThrow(/nowhere/);
    expect(await store.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('keeps a portal and what HubSpot says of it, and its number for good', async () => {
    const { store, portal } = await storeWithPortal(engine);
    await ensurePortal(store, 'main', 'token');
    expect((await listPortals(store)).map((row) => row.id)).toEqual(['main']);
    await savePortalFacts(store, portal, {
      hubspotPortalId: 12_345_678_901,
      timeZone: 'Europe/Berlin',
      currency: 'EUR',
      uiDomain: 'app.hubspot.com',
    });
    await savePortalFacts(store, portal, {
      hubspotPortalId: 5,
      timeZone: 'Europe/Paris',
      currency: 'EUR',
      uiDomain: 'app.hubspot.com',
    });
    expect(await getPortal(store, portal)).toMatchObject({
      hubspotPortalId: '12345678901',
      timeZone: 'Europe/Paris',
    });
    expect((await findPortalByHubSpotId(store, '12345678901'))?.id).toBe('main');
    expect(await findPortalByHubSpotId(store, '5')).toBeNull();
  });

  it('holds every outgoing action until its kind is switched on, and never sends what was held', async () => {
    const { store, portal, admin } = await storeWithPortal(engine);
    const note = (key: string) => ({
      kind: 'hubspot_note' as const,
      target: 'companies/1',
      payload: { text: 'x' },
      idempotencyKey: key,
    });
    expect(await enqueueOutgoing(store, admin, NOON, note('a'), { safeMode: false })).toBe('held');
    await writeSetting(store, admin, NOON, 'outgoing', {
      hubspot_note: { by: 'test-admin', at: NOON.toISOString() },
    });
    expect(await enqueueOutgoing(store, admin, NOON, note('b'), { safeMode: true })).toBe('held');
    expect(await enqueueOutgoing(store, admin, NOON, note('c'), { safeMode: false })).toBe('pending');
    expect(
      await enqueueOutgoing(store, admin, NOON, { ...note('d'), kind: 'hubspot_task' }, { safeMode: false }),
    ).toBe('held');
    await writeSetting(store, admin, NOON, 'outgoing_paused', true);
    expect(await enqueueOutgoing(store, admin, NOON, note('e'), { safeMode: false })).toBe('held');
    const claimed = await claimOutgoing(store, portal, NOON, 10);
    expect(claimed.map((row) => row.idempotency_key)).toEqual(['c']);
    expect(await countOutgoing(store, portal)).toEqual({ held: 4, sending: 1 });
  });

  it('does the same action once, retries with growing pauses, and parks it after eight attempts', async () => {
    const { store, portal, admin } = await storeWithPortal(engine);
    await writeSetting(store, admin, NOON, 'outgoing', { hubspot_note: { by: 'a', at: NOON.toISOString() } });
    const note = {
      kind: 'hubspot_note' as const,
      target: 'companies/1',
      payload: {},
      idempotencyKey: 'once',
    };
    await enqueueOutgoing(store, admin, NOON, note, { safeMode: false });
    await enqueueOutgoing(store, admin, NOON, note, { safeMode: false });
    expect(await listOutgoing(store, portal, 10)).toHaveLength(1);

    const waits: number[] = [];
    let now = NOON;
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      const [row] = await claimOutgoing(store, portal, now, 10);
      if (row === undefined) throw new Error(`attempt ${attempt} was not due`);
      await markFailed(store, portal, row, now, 'HubSpot said no');
      const [after] = await listOutgoing(store, portal, 1);
      waits.push(((after?.next_at.getTime() ?? 0) - now.getTime()) / 60_000);
      now = after?.next_at ?? now;
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128]);
    expect((await listOutgoing(store, portal, 1))[0]).toMatchObject({
      state: 'parked',
      last_error: 'HubSpot said no',
      attempts: 8,
    });
    expect(await claimOutgoing(store, portal, later(100_000), 10)).toEqual([]);
  });

  it('gives a row whose sender vanished to the next one after ten minutes', async () => {
    const { store, portal, admin } = await storeWithPortal(engine);
    await writeSetting(store, admin, NOON, 'outgoing', { hubspot_note: { by: 'a', at: NOON.toISOString() } });
    await enqueueOutgoing(
      store,
      admin,
      NOON,
      { kind: 'hubspot_note', target: 'x', payload: {}, idempotencyKey: 'k' },
      { safeMode: false },
    );
    const [first] = await claimOutgoing(store, portal, NOON, 10);
    expect(await claimOutgoing(store, portal, later(9), 10)).toEqual([]);
    const [second] = await claimOutgoing(store, portal, later(10), 10);
    expect(second?.id).toBe(first?.id);
    await markSent(store, portal, second?.id ?? '', later(10));
    expect(await claimOutgoing(store, portal, later(60), 10)).toEqual([]);
  });

  it('holds back after a restore whatever had not left', async () => {
    const { store, portal, admin } = await storeWithPortal(engine);
    await writeSetting(store, admin, NOON, 'outgoing', { hubspot_note: { by: 'a', at: NOON.toISOString() } });
    await enqueueOutgoing(
      store,
      admin,
      NOON,
      { kind: 'hubspot_note', target: 'x', payload: {}, idempotencyKey: 'k' },
      { safeMode: false },
    );
    await holdAllOutgoing(store);
    expect(await countOutgoing(store, portal)).toEqual({ held: 1 });
    expect(await readSetting(store, portal, 'outgoing')).toEqual({});
  });

  it('chains the audit trail, also when many write at once, and finds an edited or removed entry', async () => {
    const { store, portal, admin } = await storeWithPortal(engine);
    await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        store.tx((sql) =>
          appendAudit(sql, admin, NOON, {
            action: 'test.write',
            subject: String(n),
            details: { b: 1, a: 'x' },
          }),
        ),
      ),
    );
    expect((await listAudit(store, portal, 100)).map((row) => Number(row.seq))).toEqual([
      12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    ]);
    expect(await findBrokenAudit(store, portal)).toBeNull();
    await store.query(`update holdfast.audit set actor = 'somebody' where seq = 5`);
    expect(await findBrokenAudit(store, portal)).toBe('5');
    await store.query(`update holdfast.audit set actor = 'test-admin' where seq = 5`);
    await store.query('delete from holdfast.audit where seq = 7');
    expect(await findBrokenAudit(store, portal)).toBe('8');
  });

  it('gives a portal to one holder, and its fence refuses the one that lost it', async () => {
    const { store, portal } = await storeWithPortal(engine);
    const first = await acquireLease(store, portal, 'worker-1', 60);
    if (first === null) throw new Error('the first lease was refused');
    expect(await acquireLease(store, portal, 'worker-2', 60)).toBeNull();
    await renewLease(store, first, 60);
    await store.query(`update holdfast.leases set expires_at = now() - interval '1 second'`);
    await expect(checkLease(store, first)).rejects.toMatchObject({ code: 'conflict' });
    const second = await acquireLease(store, portal, 'worker-2', 60);
    expect(BigInt(second?.fence ?? 0)).toBeGreaterThan(BigInt(first.fence));
    await expect(renewLease(store, first, 60)).rejects.toMatchObject({ code: 'conflict' });
    await releaseLease(store, first); // not his to give back any more
    expect(await acquireLease(store, portal, 'worker-3', 60)).toBeNull();
    await expect(
      pointSnapshot(store, portal, 'current', { name: 'new', publishedAt: NOON }, second?.fence ?? ''),
    ).resolves.toBeUndefined();
    await expect(
      pointSnapshot(store, portal, 'current', { name: 'old', publishedAt: NOON }, first.fence),
    ).rejects.toMatchObject({ code: 'conflict' });
    expect(await currentSnapshot(store, portal)).toEqual({ name: 'new', publishedAt: NOON });
  });

  it('tells where a sync stands', async () => {
    const { store, portal } = await storeWithPortal(engine);
    expect(await readSyncStatus(store, portal)).toMatchObject({ progress: null, succeededAt: null });
    await markSyncStarted(store, portal, NOON);
    await saveSyncProgress(store, portal, { done: 3 });
    expect(await readSyncStatus(store, portal)).toMatchObject({ progress: { done: 3 }, startedAt: NOON });
    await markSyncFinished(store, portal, later(1), { state: 'failed' }, false);
    expect(await readSyncStatus(store, portal)).toMatchObject({
      progress: null,
      result: { state: 'failed' },
      succeededAt: null,
    });
    await markSyncFinished(store, portal, later(2), { state: 'complete' }, true);
    expect(await readSyncStatus(store, portal)).toMatchObject({ succeededAt: later(2) });
  });

  it('knows whether a worker is alive', async () => {
    const store = await emptyStore(engine);
    expect(await secondsSinceWorker(store)).toBeNull();
    await markWorkerAlive(store, 'w1');
    expect(await secondsSinceWorker(store)).toBeLessThan(30);
    await forgetWorker(store, 'w1');
    expect(await secondsSinceWorker(store)).toBeNull();
  });

  it('never shows or changes the rows of another portal', async () => {
    const { store, portal, admin } = await storeWithPortal(engine);
    const other = await ensurePortal(store, 'other', 'token');
    await writeSetting(store, adminOf(other), NOON, 'outgoing', {
      hubspot_note: { by: 'canary', at: NOON.toISOString() },
    });
    await enqueueOutgoing(
      store,
      adminOf(other),
      NOON,
      { kind: 'hubspot_note', target: 'canary', payload: {}, idempotencyKey: 'k' },
      { safeMode: false },
    );
    await markSyncStarted(store, other, NOON);
    expect(await readSetting(store, portal, 'outgoing')).toEqual({});
    expect(await listOutgoing(store, portal, 10)).toEqual([]);
    expect(await claimOutgoing(store, portal, NOON, 10)).toEqual([]);
    const [foreign] = await listOutgoing(store, other, 1);
    await markSent(store, portal, foreign?.id ?? '', NOON);
    expect((await listOutgoing(store, other, 1))[0]?.state).toBe('pending');
    await appendAudit(store, admin, NOON, { action: 'mine' });
    expect((await listAudit(store, other, 10)).map((row) => row.action)).toEqual(['setting.write']);
    expect(await readSyncStatus(store, portal)).toMatchObject({ startedAt: null });
  });
});
