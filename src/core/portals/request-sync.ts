import { appendAudit } from '../../store/audit.ts';
import type { Actor } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { WebContext } from '../web-context.ts';

/** Asks for a sync now. Doing it twice does no harm: one that waits or runs is enough. */
export async function requestSync(ctx: WebContext, actor: Actor): Promise<void> {
  if (actor.role !== 'admin' && actor.role !== 'leader')
    throw new AppError('forbidden', 'Only an admin or a leader may start a sync.');
  const started = await ctx.enqueueSync(actor.portal);
  if (started)
    await ctx.store.tx((sql) => appendAudit(sql, actor, ctx.clock.now(), { action: 'sync.request' }));
}
