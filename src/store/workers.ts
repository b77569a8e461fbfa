import type { Sql } from './sql.ts';

/** Leaves a worker's sign of life, and forgets workers that have been silent for a day. */
export async function markWorkerAlive(sql: Sql, id: string): Promise<void> {
  await sql.query(
    `insert into holdfast.workers (id, alive_at) values ($1, now()) on conflict (id) do update set alive_at = now()`,
    [id],
  );
  await sql.query(`delete from holdfast.workers where alive_at < now() - interval '1 day'`);
}

export async function forgetWorker(sql: Sql, id: string): Promise<void> {
  await sql.query('delete from holdfast.workers where id = $1', [id]);
}

/** Seconds since any worker gave a sign of life; null when none ever did. */
export async function secondsSinceWorker(sql: Sql): Promise<number | null> {
  const [row] = await sql.query<{ seconds: number | null }>(
    'select extract(epoch from now() - max(alive_at))::double precision as seconds from holdfast.workers',
  );
  return row?.seconds ?? null;
}
