import { fromPglite, PgBoss } from 'pg-boss';
import type { Log } from '../core/log.ts';
import type { Store } from './sql.ts';

const SCHEMA = 'holdfast_jobs';
const STOP_GRACE_MS = 15_000;

export interface QueueOptions {
  databaseUrl: string | null;
  log: Log;
  /** The worker supervises and schedules; a process that only puts jobs in does not. */
  works: boolean;
}

/** pg-boss over the operational store: its own pool on PostgreSQL, the store itself on PGlite (also from the child). */
export async function openQueue(store: Store, options: QueueOptions): Promise<PgBoss> {
  const duties = { schema: SCHEMA, supervise: options.works, schedule: options.works };
  const boss =
    options.databaseUrl === null
      ? new PgBoss({ ...duties, backend: 'pglite', db: overStore(store) })
      : new PgBoss({
          ...duties,
          connectionString: options.databaseUrl,
          application_name: 'holdfast-jobs',
          max: 4,
        });
  boss.on('error', (error) => options.log.error('the job queue met an error', { error }));
  await boss.start();
  return boss;
}

/** Lets running jobs end, for fifteen seconds at most. */
export async function closeQueue(boss: PgBoss): Promise<void> {
  await boss.stop({ graceful: true, timeout: STOP_GRACE_MS });
}

function overStore(store: Store): ReturnType<typeof fromPglite> {
  return fromPglite({
    query: async <T>(text: string, params?: unknown[]) => ({
      rows: (await store.query(text, params ?? [])) as T[],
    }),
    exec: async (text) => [{ rows: await store.exec(text) }],
  });
}
