import type { z } from 'zod';
import type { Context } from '../core/context.ts';

/**
 * One kind of background work. A job may run twice and stop anywhere, so its handler writes by key and saves its place
 * with its rows.
 */
export interface Job<Payload> {
  name: string;
  payload: z.ZodType<Payload>;
  /** how often pg-boss tries again after a failure, and after how many seconds */
  retryLimit: number;
  retryDelaySeconds: number;
  /** after this long a job whose worker vanished is given to another */
  expireInSeconds: number;
  /** what it resolves with is the answer for whoever waits for the job */
  run(ctx: JobContext, payload: Payload, signal: AbortSignal): Promise<unknown>;
}

/** What jobs are given besides the context of all work. */
export interface JobContext extends Context {
  syncEveryMinutes: number;
  /** Puts a sync of the portal into the queue; false when one is waiting there already. */
  enqueueSync(portal: string): Promise<boolean>;
  /** Puts the life of the demo portal into the queue; false when it is waiting there already. */
  enqueueLife(): Promise<boolean>;
  /** Puts a rebuild of the portal's tables into the queue; false when one is waiting there already. */
  enqueueRebuild(portal: string): Promise<boolean>;
}

/** A job with its payload type closed over, so that jobs of different payloads fit one list. */
export interface RegisteredJob {
  name: string;
  retryLimit: number;
  retryDelaySeconds: number;
  expireInSeconds: number;
  run(ctx: JobContext, payload: unknown, signal: AbortSignal): Promise<unknown>;
}

export function defineJob<Payload>(job: Job<Payload>): RegisteredJob {
  return { ...job, run: (ctx, payload, signal) => job.run(ctx, job.payload.parse(payload), signal) };
}
