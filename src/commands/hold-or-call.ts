import { AppError } from '../core/errors.ts';
import { callControl } from '../process/control.ts';
import { holdDataDir, readHolder, type DataDirHold } from '../process/data-dir.ts';
import type { Step } from './follow-sync.ts';

/**
 * Carries a command out: by the running product where one holds the data folder, else here, holding it meanwhile.
 * The result is checked by the caller, since it may come over a wire.
 */
export async function holdOrCall(
  dataDir: string,
  command: { name: string; args?: unknown; onStep?: (step: Step) => void },
  offline: (hold: DataDirHold) => Promise<unknown>,
): Promise<unknown> {
  let hold: DataDirHold;
  try {
    hold = await holdDataDir(dataDir, command.name);
  } catch (error) {
    const holder = error instanceof AppError && error.code === 'conflict' ? await readHolder(dataDir) : null;
    if (holder === null || holder.what !== 'start') throw error;
    const stop = new AbortController();
    for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort());
    return callControl(
      holder,
      command.name,
      command.args ?? null,
      (report) => {
        if (isStep(report)) command.onStep?.(report);
      },
      stop.signal,
    );
  }
  try {
    return await offline(hold);
  } finally {
    await hold.release();
  }
}

function isStep(report: unknown): report is Step {
  return typeof report === 'object' && report !== null && 'label' in report && 'done' in report;
}
