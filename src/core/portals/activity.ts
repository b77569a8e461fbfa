import { listAudit, type AuditRow } from '../../store/audit.ts';
import { listOutgoing, type OutboxRow } from '../../store/outbox.ts';
import { listPeople } from '../../store/people.ts';
import type { Actor } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { WebContext } from '../web-context.ts';

const SHOWN = 100;

export interface Activity {
  entries: (AuditRow & { actorName: string })[];
  outgoing: OutboxRow[];
}

/** What was done lately and by whom, and what left or would have; for the admin. */
export async function getActivity(ctx: WebContext, actor: Actor): Promise<Activity> {
  if (actor.role !== 'admin') throw new AppError('forbidden', 'Only an admin may see this.');
  const [entries, outgoing, people] = await Promise.all([
    listAudit(ctx.store, actor.portal, SHOWN),
    listOutgoing(ctx.store, actor.portal, SHOWN),
    listPeople(ctx.store, actor.portal),
  ]);
  const names = new Map(people.map((person) => [person.id, person.name]));
  return {
    entries: entries.map((row) => ({ ...row, actorName: names.get(row.actor) ?? row.actor })),
    outgoing,
  };
}
