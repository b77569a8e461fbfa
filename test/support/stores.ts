import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import type { Actor, PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openPglite } from '../../src/store/pglite.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { ensurePortal } from '../../src/store/portals.ts';
import type { Store } from '../../src/store/sql.ts';

/** Both engines; every test of the operational store runs on each. */
export const ENGINES = ['pglite', 'postgres'] as const;
export type Engine = (typeof ENGINES)[number];

/** Makes an empty database on the run's PostgreSQL and answers its address. */
export async function freshDatabase(): Promise<string> {
  const base = inject('postgresUrl');
  const name = `t_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: `${base}/postgres` });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  return `${base}/${name}`;
}

/** A migrated store of its own, closed when the test is over. */
export async function freshStore(engine: Engine): Promise<Store> {
  const store =
    engine === 'pglite'
      ? await openPglite('memory', silentLog)
      : await openPostgres(await freshDatabase(), silentLog);
  onTestFinished(() => store.close());
  await migrate(store, silentLog);
  return store;
}

/** A store with one portal and an admin of it. */
export async function storeWithPortal(
  engine: Engine,
  id = 'main',
): Promise<{ store: Store; portal: PortalId; admin: Actor }> {
  const store = await freshStore(engine);
  const portal = await ensurePortal(store, id, 'token');
  return { store, portal, admin: adminOf(portal) };
}

export function adminOf(portal: PortalId): Actor {
  return { portal, user: 'test-admin', role: 'admin', via: 'command' };
}
