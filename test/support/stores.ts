import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, inject, onTestFinished } from 'vitest';
import type { Actor, PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openMemoryPglite } from '../../src/store/pglite.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { ensurePortal } from '../../src/store/portals.ts';
import type { Store } from '../../src/store/sql.ts';

/** Both engines; every test of the operational store runs on each. */
export const ENGINES = ['pglite', 'postgres'] as const;
export type Engine = (typeof ENGINES)[number];

/** Makes an empty database on the run's PostgreSQL, or a copy of another, and answers its address. */
export async function freshDatabase(template = 'template1'): Promise<string> {
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  await asServerAdmin((admin) => admin.query(`create database ${name} template ${template}`));
  return `${inject('postgresUrl')}/${name}`;
}

/** Runs work as the administrator of the run's PostgreSQL. */
export async function asServerAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: `${inject('postgresUrl')}/postgres` });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** A migrated store of its own, closed when the test is over. */
export async function freshStore(engine: Engine): Promise<Store> {
  const store = await open(engine);
  onTestFinished(() => store.close());
  return store;
}

const shared = new Map<Engine, Promise<Store>>();
afterAll(async () => {
  for (const store of shared.values()) await (await store).close();
});

/** The file's one migrated store, emptied: for tests that change rows and never the tables. Opening one is slow. */
export async function emptyStore(engine: Engine): Promise<Store> {
  const opening = shared.get(engine) ?? open(engine);
  shared.set(engine, opening);
  const store = await opening;
  const tables = await store.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_schema = 'holdfast' and table_name <> 'migrations'`,
  );
  await store.exec(`truncate ${tables.map(({ name }) => name).join(', ')} cascade`);
  return store;
}

/** An empty store with one portal and an admin of it. */
export async function storeWithPortal(
  engine: Engine,
  id = 'main',
): Promise<{ store: Store; portal: PortalId; admin: Actor }> {
  const store = await emptyStore(engine);
  const portal = await ensurePortal(store, id, 'token');
  return { store, portal, admin: adminOf(portal) };
}

export function adminOf(portal: PortalId): Actor {
  return { portal, user: 'test-admin', role: 'admin', via: 'command' };
}

async function open(engine: Engine): Promise<Store> {
  return engine === 'pglite'
    ? openMemoryPglite(await migratedDump())
    : openPostgres(await freshDatabase(await migratedDatabase()), silentLog);
}

// Each engine is migrated once a test file; every store begins as a copy of that.
let dump: Promise<Uint8Array> | undefined;
let database: Promise<string> | undefined;

function migratedDump(): Promise<Uint8Array> {
  dump ??= (async () => {
    const store = await openMemoryPglite();
    await migrate(store, silentLog);
    const whole = await store.dump('none');
    await store.close();
    return whole;
  })();
  return dump;
}

function migratedDatabase(): Promise<string> {
  database ??= (async () => {
    const url = await freshDatabase();
    const store = await openPostgres(url, silentLog);
    await migrate(store, silentLog);
    await store.close();
    return new URL(url).pathname.slice(1);
  })();
  return database;
}
