import type { DuckDBConnection } from '@duckdb/node-api';
import type { Warehouse } from './warehouse.ts';

/** Sets the scores of marts that are being built aside, on the writing connection, until they are published. */
export async function stageScores(db: DuckDBConnection): Promise<void> {
  await db.run(
    'create or replace temp table staged_scores as select account_id, day, score, band, coverage, version from health',
  );
}

/**
 * Keeps the staged scores as those of their day: the first that a day gives stay, so that what was said of an account on a day is never said
 * anew. Answers how many were kept.
 */
export async function keepStagedScores(warehouse: Warehouse, knownAt: Date): Promise<number> {
  const kept = await warehouse.write(async (db) => {
    const done = await db.run(
      `insert into health_scores by name
       select *, $known_at::timestamptz as known_from from temp.staged_scores
       where day not in (select day from health_scores)`,
      { known_at: knownAt.toISOString() },
    );
    return done.rowsChanged;
  });
  return kept;
}
