import { z } from 'zod';
import { defineQuery } from '../../warehouse/query.ts';
import type { SyncContext } from './context.ts';

/** What the ledger keeps of a run that ended; the rest of it is kept as it is. */
export interface EndedRun {
  run: string;
  finishedAt: string;
  state: string;
  requests: number;
  retries: number;
}

type Ledger = Pick<SyncContext, 'warehouse'>;

const endedRuns = defineQuery({
  file: 'reads/ended_runs.sql',
  params: z.object({}),
  row: z.object({ ended: z.number() }),
});

/** Opens the run's row in the ledger, whose times are the portal's own; a run that was killed keeps one that says `running`. */
export async function startRun(ctx: Ledger, run: string, at: Date): Promise<void> {
  await ctx.warehouse.write((db) =>
    db.run(
      `insert into sync_runs (id, started_at, state, requests, retries) values ($run, $at::timestamptz, 'running', 0, 0)`,
      {
        run,
        at: at.toISOString(),
      },
    ),
  );
}

export async function finishRun(ctx: Ledger, result: EndedRun, at: Date): Promise<void> {
  await ctx.warehouse.write((db) =>
    db.run(
      `update sync_runs set finished_at = $at::timestamptz, state = $state, requests = $requests, retries = $retries, result = $result::json
       where id = $run`,
      {
        run: result.run,
        at: at.toISOString(),
        state: result.state,
        requests: result.requests,
        retries: result.retries,
        result: JSON.stringify(result),
      },
    ),
  );
}

/** Whether any run has ended, a sync or an import: from then on somebody may have been told what is known. */
export async function hasEndedRun(ctx: Ledger): Promise<boolean> {
  const [row] = await ctx.warehouse.read((db) => endedRuns(db, {}));
  return (row?.ended ?? 0) > 0;
}
