import { z } from 'zod';
import type { PortalId } from '../../src/core/actor.ts';
import { SyncProgress } from '../../src/core/sync/progress.ts';

/** What a drill tells its child: what to sync, and at the how-manieth time of which step to end as killed. */
export const ChildTask = z.object({
  syncChild: z.literal('task'),
  dataDir: z.string(),
  apiUrl: z.string(),
  portal: z.string().transform((id) => id as PortalId),
  /** empty for none */
  step: z.string(),
  times: z.number(),
  sweep: z.enum(['due', 'all', 'none']),
});
export type ChildTask = z.output<typeof ChildTask>;

/** What the child tells: that it is ready, how far it is, how it ended. */
export const ChildSays = z.discriminatedUnion('syncChild', [
  z.object({ syncChild: z.literal('warm') }),
  z.object({ syncChild: z.literal('phase'), phase: SyncProgress.shape.phase }),
  z.object({ syncChild: z.literal('ended'), state: z.string(), sentence: z.string().nullable() }),
]);
export type ChildSays = z.output<typeof ChildSays>;
