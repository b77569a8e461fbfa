import type { PgBoss } from 'pg-boss';
import type { Log } from '../core/log.ts';
import { z } from 'zod';
import { AppError, type ErrorCode } from '../core/errors.ts';
import { backupWarehouseJob } from './backup-warehouse.ts';
import { exportMartsJob } from './export-marts.ts';
import { importFilesJob } from './import-files.ts';
import type { JobContext, RegisteredJob } from './job.ts';
import { liveDemoJob } from './live-demo.ts';
import { planSyncsJob } from './plan-syncs.ts';
import { askedRebuildJob, rebuildMartsJob } from './rebuild-marts.ts';
import { syncPortalJob } from './sync-portal.ts';
import { tryMappingJob } from './try-mapping.ts';

/** Every kind of background work. */
export const JOBS: readonly RegisteredJob[] = [
  syncPortalJob,
  planSyncsJob,
  liveDemoJob,
  backupWarehouseJob,
  exportMartsJob,
  importFilesJob,
  rebuildMartsJob,
  askedRebuildJob,
  tryMappingJob,
];
/** Jobs that somebody waits for: each asking is one of its own. */
const ASKED = new Set([
  backupWarehouseJob.name,
  exportMartsJob.name,
  importFilesJob.name,
  askedRebuildJob.name,
  tryMappingJob.name,
]);

const EVERY_MINUTE = '* * * * *';
const POLL_SECONDS = 0.5;
/** A worker that has been silent for this long has lost its job. */
const HEARTBEAT_SECONDS = 30;
const ASK_MS = 200;

/** Makes the queues that are missing. One job of a kind and key waits at most; what runs is kept apart by the portal's lease. */
export async function prepareQueues(boss: PgBoss): Promise<void> {
  for (const job of JOBS) {
    await boss.createQueue(job.name, { policy: ASKED.has(job.name) ? 'standard' : 'short' });
  }
}

/** Begins to work on every queue, and to plan. */
export async function startJobs(boss: PgBoss, ctx: JobContext, stopping: AbortSignal): Promise<void> {
  for (const job of JOBS) {
    await boss.work<unknown, unknown>(
      job.name,
      { pollingIntervalSeconds: POLL_SECONDS, batchSize: 1 },
      ([one]: { id: string; data: unknown; signal: AbortSignal }[]) =>
        one === undefined ? Promise.resolve(null) : runJob(job, ctx, one, stopping),
    );
  }
  await boss.schedule(planSyncsJob.name, EVERY_MINUTE);
  await planSyncsJob.run(ctx, null, stopping);
}

/** What a job that somebody waits for leaves behind: an answer, or a refusal with its sentence. */
const Outcome = z.union([
  z.object({ answer: z.unknown() }),
  z.object({
    refused: z.object({ code: z.custom<ErrorCode>((code) => typeof code === 'string'), message: z.string() }),
  }),
]);

async function runJob(
  job: RegisteredJob,
  ctx: JobContext,
  { id, data, signal }: { id: string; data: unknown; signal: AbortSignal },
  stopping: AbortSignal,
): Promise<z.input<typeof Outcome>> {
  const log = ctx.log.child({ job: job.name, jobId: id });
  try {
    const answer = await job.run({ ...ctx, log }, data, AbortSignal.any([signal, stopping]));
    return { answer: answer ?? null };
  } catch (error) {
    logFailure(log, error);
    if (error instanceof AppError && ASKED.has(job.name))
      return { refused: { code: error.code, message: error.message } };
    throw error;
  }
}

function logFailure(log: Log, error: unknown): void {
  if (error instanceof AppError) log.warn('a job was given up', { error });
  else log.error('a job failed', { error });
}

/** Puts a sync of the portal into the queue; false when one is waiting there already. One that is to be full waits apart from others. */
export async function enqueueSync(boss: PgBoss, portal: string, { full = false } = {}): Promise<boolean> {
  const id = await boss.send(
    syncPortalJob.name,
    { portal, full },
    { singletonKey: full ? `${portal} full` : portal, ...optionsOf(syncPortalJob) },
  );
  return id !== null;
}

/** Puts the life of the demo portal into the queue; false when it is waiting there already. */
export async function enqueueLife(boss: PgBoss): Promise<boolean> {
  const id = await boss.send(liveDemoJob.name, {}, { singletonKey: 'demo', ...optionsOf(liveDemoJob) });
  return id !== null;
}

/** Has the worker compute and publish the portal's tables anew; false when that is waiting to be done already. */
export async function enqueueRebuild(boss: PgBoss, portal: string): Promise<boolean> {
  const id = await boss.send(
    rebuildMartsJob.name,
    { portal },
    { singletonKey: portal, ...optionsOf(rebuildMartsJob) },
  );
  return id !== null;
}

/** Has the worker compute and publish the portal's tables anew, and waits until it has. */
export async function rebuildThroughWorker(boss: PgBoss, portal: string, signal: AbortSignal): Promise<void> {
  await askWorker(boss, askedRebuildJob, { portal }, signal);
}

/** Has the worker say what a mapping would cover, or what it would propose. */
export function tryMappingThroughWorker(
  boss: PgBoss,
  portal: string,
  asked: { what: 'coverage'; document: unknown } | { what: 'proposal' | 'first proposal' },
  signal: AbortSignal,
): Promise<unknown> {
  return askWorker(boss, tryMappingJob, { portal, asked }, signal);
}

/** Has the worker copy a portal's warehouse, and waits until it has. Throws AppError `unavailable` when it cannot. */
export async function backUpWarehouse(
  boss: PgBoss,
  portal: string,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  await askWorker(boss, backupWarehouseJob, { portal, file }, signal);
}

/** Has the worker write a portal's marts as files, and waits until it has; answers what it wrote. */
export function exportThroughWorker(
  boss: PgBoss,
  payload: { portal: string; folder: string; knownAt: string | null },
  signal: AbortSignal,
): Promise<unknown> {
  return askWorker(boss, exportMartsJob, payload, signal);
}

/** Has the worker import files, and waits until it has; answers the reconciliation. */
export function importThroughWorker(
  boss: PgBoss,
  payload: { folder: string; portal: string; document: unknown },
  signal: AbortSignal,
): Promise<unknown> {
  return askWorker(boss, importFilesJob, payload, signal);
}

async function askWorker(
  boss: PgBoss,
  job: RegisteredJob,
  payload: object,
  signal: AbortSignal,
): Promise<unknown> {
  const id = await boss.send(job.name, payload, optionsOf(job));
  if (id === null) throw new AppError('unavailable', 'The job queue took no job; look at its log.');
  for (;;) {
    signal.throwIfAborted();
    const [found] = await boss.findJobs(job.name, { id });
    if (found?.state === 'completed') return answerOf(found.output);
    if (found === undefined || found.state === 'failed' || found.state === 'cancelled') {
      throw new AppError('unavailable', 'The worker could not do it; its log says why. Try again.');
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
}

function answerOf(output: unknown): unknown {
  const outcome = Outcome.parse(output);
  if ('refused' in outcome) throw new AppError(outcome.refused.code, outcome.refused.message);
  return outcome.answer;
}

function optionsOf(job: RegisteredJob): {
  retryLimit: number;
  retryDelay: number;
  expireInSeconds: number;
  heartbeatSeconds: number;
} {
  return {
    retryLimit: job.retryLimit,
    retryDelay: job.retryDelaySeconds,
    expireInSeconds: job.expireInSeconds,
    heartbeatSeconds: HEARTBEAT_SECONDS,
  };
}
