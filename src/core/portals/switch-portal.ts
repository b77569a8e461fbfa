import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { appendAudit } from '../../store/audit.ts';
import { ensurePersonAs, getPerson } from '../../store/people.ts';
import { getPortal, listPortals, type Portal } from '../../store/portals.ts';
import { addSession, endSessions, sessionExpiry } from '../../store/sessions.ts';
import { currentSnapshot } from '../../store/snapshots.ts';
import type { Sql } from '../../store/sql.ts';
import type { Actor, PortalId } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { PeopleContext, SignedIn } from '../people/sign-in.ts';
import { hashToken, newToken } from '../people/tokens.ts';

/** A portal of this Holdfast, as its admin sees it in the list. */
export interface PortalLine {
  id: PortalId;
  mode: Portal['mode'];
  hubspotPortalId: string | null;
  publishedAt: Date | null;
  /** how one gets there from here: it is the one that is shown, it can be opened, or one came from it */
  way: 'here' | 'open' | 'back';
}

const Chosen = z.object({ portal: z.string('Choose a portal.') });

/**
 * The portals that somebody may change over to: from the settings' portal into those that imports made, and back. A portal that is connected to
 * HubSpot is never opened from another one: its people are its own.
 */
export async function portalsOf(ctx: PeopleContext, me: SignedIn): Promise<PortalLine[]> {
  requireAdmin(me.actor);
  const portals = await listPortals(ctx.store);
  const here = portals.find(({ id }) => id === me.actor.portal);
  const lines = portals.flatMap((portal) => {
    const way = wayTo(portal, here, me);
    return way === null ? [] : [{ portal, way }];
  });
  return Promise.all(
    lines.map(async ({ portal: { id, mode, hubspotPortalId }, way }) => ({
      id,
      mode,
      hubspotPortalId,
      publishedAt: (await currentSnapshot(ctx.store, id))?.publishedAt ?? null,
      way,
    })),
  );
}

/**
 * Ends the session and opens one of the same person in another portal, with the same end; answers its token. A session belongs to one portal:
 * nothing is ever read or written across. Throws AppError `not_found` for a portal that cannot be opened from here.
 */
export async function switchPortal(ctx: PeopleContext, me: SignedIn, raw: unknown): Promise<string> {
  requireAdmin(me.actor);
  const { portal: name } = Chosen.parse(raw);
  const portals = await listPortals(ctx.store);
  const here = portals.find(({ id }) => id === me.actor.portal);
  const target = portals.find(({ id }) => id === name);
  const way = target === undefined ? null : wayTo(target, here, me);
  if (target === undefined || way === null || way === 'here')
    throw new AppError('not_found', 'There is no such portal to change over to.');
  const at = ctx.clock.now();
  const token = newToken('se');
  await ctx.store.tx(async (sql) => {
    const person = way === 'back' ? await returning(sql, me) : await arriving(sql, me, target.id, at);
    await addSession(
      sql,
      target.id,
      {
        tokenHash: hashToken(token),
        csrfToken: randomBytes(32).toString('base64url'),
        personId: person.id,
        device: me.device,
        expiresAt: await sessionExpiry(sql, me.actor.portal, me.sessionId),
        from: way === 'back' ? null : { portal: me.actor.portal, personId: me.personId },
      },
      at,
    );
    await endSessions(sql, me.actor.portal, me.personId, me.sessionId, at);
    await appendAudit(sql, me.actor, at, { action: 'session.end', subject: me.personId });
    await appendAudit(sql, { portal: target.id, user: person.id, via: 'session' }, at, {
      action: 'session.open',
      subject: person.id,
      details: { from: me.actor.portal },
    });
  });
  return token;
}

function wayTo(to: Portal, here: Portal | undefined, me: SignedIn): PortalLine['way'] | null {
  if (to.id === me.actor.portal) return 'here';
  if (me.from?.portal === to.id) return 'back';
  const isSettingsPortal = here?.mode === 'demo' || here?.mode === 'token';
  return isSettingsPortal && to.mode === 'import' ? 'open' : null;
}

async function arriving(sql: Sql, me: SignedIn, portal: PortalId, at: Date): Promise<{ id: string }> {
  if ((await getPortal(sql, portal)) === null) throw new AppError('not_found', 'This portal is not known.');
  const person = await ensurePersonAs(sql, portal, { id: me.personId, name: me.name, role: 'admin' }, at);
  if (person === null)
    throw new AppError(
      'forbidden',
      'You were removed from this portal. Whoever runs Holdfast can let you in: npx holdfast link --portal <name>',
    );
  return person;
}

async function returning(sql: Sql, me: SignedIn): Promise<{ id: string }> {
  const person = me.from === null ? null : await getPerson(sql, me.from.portal, me.from.personId);
  if (person === null) throw new AppError('forbidden', 'You were removed from the portal you came from.');
  return person;
}

function requireAdmin(actor: Actor): void {
  if (actor.role !== 'admin') throw new AppError('forbidden', 'Only an admin may do this.');
}
