import type { PgBoss } from 'pg-boss';
import type { Log } from '../core/log.ts';
import { AppError } from '../core/errors.ts';
import { backupWarehouseJob } from './backup-warehouse.ts';
import type { JobContext, RegisteredJob } from './job.ts';
import { planSyncsJob } from './plan-syncs.ts';
import { syncPortalJob } from './sync-portal.ts';

/** Every kind of background work. */
export const JOBS: readonly RegisteredJob[] = [syncPortalJob, planSyncsJob, backupWarehouseJob];

const EVERY_MINUTE = '* * * * *';
const POLL_SECONDS = 0.5;
/** A worker that has been silent for this long has lost its job. */
const HEARTBEAT_SECONDS = 30;
const ASK_MS = 200;

/** Makes the queues that are missing. One job of a kind and key waits at most; what runs is kept apart by the portal's lease. */
export async function prepareQueues(boss: PgBoss): Promise<void> {
  for (const job of JOBS) {
    await boss.createQueue(job.name, { policy: job.name === backupWarehouseJob.name ? 'standard' : 'short' });
  }
}

/** Begins to work on every queue, and to plan. */
export async function startJobs(boss: PgBoss, ctx: JobContext, stopping: AbortSignal): Promise<void> {
  for (const job of JOBS) {
    await boss.work(
      job.name,
      { pollingIntervalSeconds: POLL_SECONDS, batchSize: 1 },
      async ([one]: { id: string; data: unknown; signal: AbortSignal }[]) => {
        if (one !== undefined) await runJob(job, ctx, one, stopping);
      },
    );
  }
  await boss.schedule(planSyncsJob.name, EVERY_MINUTE);
  await planSyncsJob.run(ctx, null, stopping);
}

async function runJob(
  job: RegisteredJob,
  ctx: JobContext,
  { id, data, signal }: { id: string; data: unknown; signal: AbortSignal },
  stopping: AbortSignal,
): Promise<void> {
  const log = ctx.log.child({ job: job.name, jobId: id });
  try {
    await job.run({ ...ctx, log }, data, AbortSignal.any([signal, stopping]));
  } catch (error) {
    logFailure(log, error);
    throw error;
  }
}

function logFailure(log: Log, error: unknown): void {
  if (error instanceof AppError) log.warn('a job was given up', { error });
  else log.error('a job failed', { error });
}

/** Puts a sync of the portal into the queue; false when one is waiting there already. */
export async function enqueueSync(boss: PgBoss, portal: string): Promise<boolean> {
  const id = await boss.send(
    syncPortalJob.name,
    { portal },
    { singletonKey: portal, ...optionsOf(syncPortalJob) },
  );
  return id !== null;
}

/** Has the worker copy a portal's warehouse, and waits until it has. Throws AppError `unavailable` when it cannot. */
export async function backUpWarehouse(
  boss: PgBoss,
  portal: string,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const { name } = backupWarehouseJob;
  const id = await boss.send(name, { portal, file }, optionsOf(backupWarehouseJob));
  if (id === null) throw new AppError('unavailable', 'The job queue took no job; look at its log.');
  for (;;) {
    signal.throwIfAborted();
    const [job] = await boss.findJobs(name, { id });
    if (job?.state === 'completed') return;
    if (job === undefined || job.state === 'failed' || job.state === 'cancelled') {
      throw new AppError(
        'unavailable',
        'The worker could not copy the warehouse; its log says why. Free space and try again.',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
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
