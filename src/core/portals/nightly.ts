import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';

/** Something that is worked out once a night from what is published. It may run twice for one night, so it writes by key. */
export interface NightlyJob {
  name: string;
  run(ctx: Context, portal: PortalId, night: { at: Date; signal: AbortSignal }): Promise<void>;
}

/** In the order in which they run. */
const NIGHTLY: readonly NightlyJob[] = [];

/** Runs the nightly jobs of a portal, whose time is `at`, one after the other; what one throws stops the rest and reaches the caller. */
export async function runNightly(
  ctx: Context,
  portal: PortalId,
  night: { at: Date; signal: AbortSignal },
  jobs: readonly NightlyJob[] = NIGHTLY,
): Promise<void> {
  for (const job of jobs) {
    night.signal.throwIfAborted();
    await job.run(ctx, portal, night);
    ctx.log.debug('a nightly job ended', { portal, job: job.name });
  }
}
