import { z } from 'zod';
import { mappingAt } from '../../store/mappings.ts';
import { currentSnapshot } from '../../store/snapshots.ts';
import type { Store } from '../../store/sql.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { Snapshots } from '../../warehouse/snapshots.ts';
import type { PortalId } from '../actor.ts';
import type { Clock } from '../clock.ts';

const coverage = defineQuery({
  file: 'reads/coverage.sql',
  params: z.object({}),
  row: z.object({ contract_source: z.string().nullable(), accounts: z.number(), examples: z.string() }),
});

const problemCounts = defineQuery({
  file: 'reads/problem_counts.sql',
  params: z.object({}),
  row: z.object({ problem: z.string(), findings: z.number(), home_mrr: z.number().nullable() }),
});

/** Which rule of the mapping covers how many accounts, and what in the data is to be worked off. */
export interface Coverage {
  /** null before the first mapping */
  mapping: { version: number; author: string } | null;
  covered: { source: string; accounts: number }[];
  uncovered: { accounts: number; examples: string };
  problems: { problem: string; findings: number }[];
}

/** From the published snapshot; null before the first. */
export async function readCoverage(
  ctx: { store: Store; clock: Clock; snapshots: Snapshots },
  portal: PortalId,
): Promise<Coverage | null> {
  const snapshot = await currentSnapshot(ctx.store, portal);
  if (snapshot === null) return null;
  const stored = await mappingAt(ctx.store, portal, ctx.clock.now());
  const { rows, problems } = await ctx.snapshots.read(portal, snapshot.name, async (db) => ({
    rows: await coverage(db, {}),
    problems: await problemCounts(db, {}),
  }));
  const without = rows.find((row) => row.contract_source === null);
  return {
    mapping: stored === null ? null : { version: stored.version, author: stored.author },
    covered: rows.flatMap(({ contract_source: source, accounts }) =>
      source === null ? [] : [{ source, accounts }],
    ),
    uncovered: { accounts: without?.accounts ?? 0, examples: without?.examples ?? '' },
    problems: problems.map(({ problem, findings }) => ({ problem, findings })),
  };
}
