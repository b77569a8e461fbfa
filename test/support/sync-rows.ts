import type { SyncBench } from './sync.ts';

/** What a statement answers on the mirror, as one object a row. */
export function rowsOf(bench: SyncBench, sql: string): Promise<Record<string, unknown>[]> {
  return bench.warehouse.read(async (db) => (await db.runAndReadAll(sql)).getRowObjectsJS());
}

/** The ledger's windows of one pass, in the order in which they began. */
export function windowsOf(bench: SyncBench, pass: string): Promise<Record<string, unknown>[]> {
  return rowsOf(bench, `from sync_windows where pass = '${pass}' order by started_at, object_type, to_type`);
}

/** The live records of a type at HubSpot, by their ids. */
export function ids(bench: SyncBench, type: string): string[] {
  return [...bench.fake.state.all(type)].map(({ id }) => id);
}
