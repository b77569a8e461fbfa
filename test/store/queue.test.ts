import { setTimeout as pause } from 'node:timers/promises';
import type { PgBoss } from 'pg-boss';
import { describe, expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import { openMemoryPglite } from '../../src/store/pglite.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { closeQueue, openQueue } from '../../src/store/queue.ts';
import type { Store } from '../../src/store/sql.ts';
import { ENGINES, freshDatabase, type Engine } from '../support/stores.ts';

interface Place {
  store: Store;
  databaseUrl: string | null;
}

async function place(engine: Engine): Promise<Place> {
  const databaseUrl = engine === 'pglite' ? null : await freshDatabase();
  const store = databaseUrl === null ? await openMemoryPglite() : await openPostgres(databaseUrl, silentLog);
  onTestFinished(() => store.close());
  return { store, databaseUrl };
}

async function queue({ store, databaseUrl }: Place, works = true): Promise<PgBoss> {
  const boss = await openQueue(store, { databaseUrl, log: silentLog, works });
  onTestFinished(() => closeQueue(boss));
  return boss;
}

/** Waits for a state that comes by itself; the test's own time limit ends a wait for one that does not. */
async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await pause(50);
}

describe.each(ENGINES)('the job queue on %s', (engine) => {
  it('runs a job with its data, and another time after it failed', async () => {
    const boss = await queue(await place(engine));
    await boss.createQueue('try');
    const seen: unknown[] = [];
    await boss.work('try', { pollingIntervalSeconds: 0.5 }, ([job]) => {
      seen.push(job?.data);
      return seen.length === 1 ? Promise.reject(new Error('the first time')) : Promise.resolve();
    });
    const id = await boss.send('try', { portal: 'main' }, { retryLimit: 2, retryDelay: 0 });
    await until(async () => (await boss.findJobs('try', { id: id ?? '' }))[0]?.state === 'completed');
    expect(seen).toEqual([{ portal: 'main' }, { portal: 'main' }]);
  });

  it('keeps one waiting job of a key, and runs no two of an exclusive queue at once', async () => {
    const where = await place(engine);
    const boss = await queue(where);
    await boss.createQueue('short', { policy: 'short' });
    await boss.createQueue('exclusive', { policy: 'exclusive' });
    const key = { singletonKey: 'main' };
    expect(await boss.send('short', {}, key)).not.toBeNull();
    expect(await boss.send('short', {}, key)).toBeNull();
    expect(await boss.send('short', {}, { singletonKey: 'other' })).not.toBeNull();
    const [taken] = await boss.fetch('short');
    expect(taken).toBeDefined();
    expect(await boss.send('short', {}, key)).not.toBeNull(); // the first one runs, so one may wait again

    expect(await boss.send('exclusive', {}, key)).not.toBeNull();
    const [running] = await boss.fetch('exclusive');
    expect(await boss.send('exclusive', {}, key)).toBeNull();
    await boss.complete('exclusive', running?.id ?? '');
    expect(await boss.send('exclusive', {}, key)).not.toBeNull();
  });

  it('keeps its jobs over a restart, and one process may put in what another runs', async () => {
    const where = await place(engine);
    const before = await queue(where, false);
    await before.createQueue('later');
    const id = await before.send('later', { n: 1 });
    await closeQueue(before);

    const after = await queue(where);
    const seen: unknown[] = [];
    await after.work('later', { pollingIntervalSeconds: 0.5 }, ([job]) => {
      seen.push(job?.data);
      return Promise.resolve();
    });
    await until(async () => (await after.findJobs('later', { id: id ?? '' }))[0]?.state === 'completed');
    expect(seen).toEqual([{ n: 1 }]);
  });

  it('lets a running job end when it is closed', async () => {
    const where = await place(engine);
    const boss = await openQueue(where.store, { ...where, log: silentLog, works: true });
    await boss.createQueue('slow');
    let state = 'waiting';
    await boss.work('slow', { pollingIntervalSeconds: 0.5 }, async () => {
      state = 'running';
      await pause(300);
      state = 'done';
    });
    await boss.send('slow', {});
    await until(() => state === 'running');
    await closeQueue(boss);
    expect(state).toBe('done');
  });
});
