import { AppError } from '../core/errors.ts';
import { SyncResult } from '../core/sync/progress.ts';
import { runSync } from '../core/sync/run-sync.ts';
import { describeResult, stepOf } from './follow-sync.ts';
import { holdOrCall } from './hold-or-call.ts';
import { withParts } from './offline-parts.ts';
import { loadConfig } from '../config.ts';
import { openTerminal } from './terminal.ts';

/** `holdfast sync`: one sync now, with its progress. Ends with 1 when the sync did not bring everything. */
export async function runSyncCommand(options: { json?: boolean; full?: boolean }): Promise<void> {
  const config = loadConfig();
  const terminal = openTerminal({ quiet: options.json === true });
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new AppError('conflict', 'Stopped.')));
  process.once('SIGTERM', () => stop.abort(new AppError('conflict', 'Stopped.')));
  const full = options.full === true;
  const command = { name: 'sync', args: { full }, onStep: terminal.progress };
  const outcome = await holdOrCall(config.dataDir, command, () =>
    withParts(config, { startDemo: true }, ({ context, portal }) =>
      runSync(context, portal, {
        signal: stop.signal,
        sweep: full ? 'all' : 'due',
        onProgress: (progress) => terminal.progress(stepOf(progress)),
      }),
    ),
  );
  terminal.endProgress();
  if (outcome === null) throw new AppError('conflict', 'A worker is syncing this portal already.');
  const result = SyncResult.parse(outcome);
  if (options.json === true) terminal.json(result);
  else for (const line of describeResult(result)) terminal.say(line);
  if (result.state !== 'complete') process.exitCode = 1;
}
