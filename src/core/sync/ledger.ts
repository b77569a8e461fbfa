import type { SyncContext } from './context.ts';
import type { SyncResult } from './progress.ts';

/** Opens the run's row in the ledger, whose times are the portal's own; a run that was killed keeps one that says `running`. */
export async function startRun(ctx: SyncContext, run: string, at: Date): Promise<void> {
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

export async function finishRun(ctx: SyncContext, result: SyncResult, at: Date): Promise<void> {
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
