import { randomBytes } from 'node:crypto';
import { appendAudit } from '../../store/audit.ts';
import { addLink, findLink, revokeLinksOf, useLink, type Link } from '../../store/links.ts';
import { addPerson, getPerson, listPeople, lockPeople, type Person } from '../../store/people.ts';
import {
  addSession,
  endSessions,
  findSession,
  listSessions,
  touchSession,
  type SessionListRow,
  type SessionRow,
} from '../../store/sessions.ts';
import type { Sql, Store } from '../../store/sql.ts';
import type { Actor, PortalId } from '../actor.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { hashToken, looksLikeToken, newToken } from './tokens.ts';

export interface PeopleContext {
  store: Store;
  clock: Clock;
}

const HOUR_MS = 3_600_000;
export const SESSION_MS = 12 * HOUR_MS;
export const IDLE_MS = 30 * 60_000;
const SETUP_LINK_MS = HOUR_MS;
/** A session's last sight is written at most this often. */
const TOUCH_MS = 60_000;

/** Somebody who is signed in: the actor, and what pages need of the session. */
export interface SignedIn {
  actor: Actor;
  personId: string;
  name: string;
  sessionId: string;
  csrfToken: string;
  /** the browser, as it named itself */
  device: string;
  /** where they changed over from; null for who signed in here */
  from: SessionRow['from'];
}

/**
 * A one-time sign-in link for the portal's first admin, who is made if there is none; good for one hour. Older unused links of that
 * admin end. For whoever holds the terminal.
 */
export async function issueSetupLink(
  ctx: PeopleContext,
  portal: PortalId,
  options: { keepOlder: boolean } = { keepOlder: false },
): Promise<string> {
  const at = ctx.clock.now();
  const token = newToken('su');
  await ctx.store.tx(async (sql) => {
    const admin = await firstAdmin(sql, portal, at);
    if (!options.keepOlder) await revokeLinksOf(sql, portal, admin.id, at);
    const link = {
      tokenHash: hashToken(token),
      personId: admin.id,
      createdBy: 'command',
      expiresAt: new Date(at.getTime() + SETUP_LINK_MS),
    };
    await addLink(sql, portal, link, at);
    await appendAudit(sql, { portal, user: 'command', role: 'admin', via: 'command' }, at, {
      action: 'link.issue',
      subject: admin.id,
    });
  });
  return token;
}

async function firstAdmin(sql: Sql, portal: PortalId, at: Date): Promise<Person> {
  await lockPeople(sql, portal);
  const admin = (await listPeople(sql, portal)).find((person) => person.role === 'admin');
  return admin ?? addPerson(sql, portal, { name: 'Admin', email: null, role: 'admin' }, at);
}

/** Whom a link lets in, without using it up. Throws AppError `not_found` for a guess and `conflict` for a link that is over. */
export async function previewLink(
  ctx: PeopleContext,
  token: string,
): Promise<{ name: string; role: Person['role'] }> {
  const { person } = await usableLink(ctx.store, ctx.clock.now(), token);
  return { name: person.name, role: person.role };
}

/** Uses a link up and opens a session; answers the session's token, which is kept nowhere. */
export async function signIn(ctx: PeopleContext, token: string, device: string): Promise<string> {
  const at = ctx.clock.now();
  const sessionToken = newToken('se');
  await ctx.store.tx(async (sql) => {
    const { link, person } = await usableLink(sql, at, token);
    if (!(await useLink(sql, link, at))) throw linkIsOver();
    const session = {
      tokenHash: hashToken(sessionToken),
      csrfToken: randomBytes(32).toString('base64url'),
      personId: person.id,
      device: device.slice(0, 120),
      expiresAt: new Date(at.getTime() + SESSION_MS),
    };
    await addSession(sql, link.portal, session, at);
    await appendAudit(sql, { portal: link.portal, user: person.id, role: person.role, via: 'session' }, at, {
      action: 'session.open',
      subject: person.id,
    });
  });
  return sessionToken;
}

async function usableLink(sql: Sql, at: Date, token: string): Promise<{ link: Link; person: Person }> {
  const link = looksLikeToken(token) ? await findLink(sql, hashToken(token)) : null;
  if (link === null)
    throw new AppError('not_found', 'This sign-in link is not known. Check that you copied all of it.');
  const person = await getPerson(sql, link.portal, link.personId);
  if (person === null || link.usedAt !== null || link.revokedAt !== null || link.expiresAt <= at)
    throw linkIsOver();
  return { link, person };
}

function linkIsOver(): AppError {
  return new AppError(
    'conflict',
    'This sign-in link has been used or is over. Ask your admin for a new one, made on the page People; for the admin itself: npx holdfast link',
  );
}

/** Who holds this session token; null for none, an ended or an expired one. */
export async function identify(ctx: PeopleContext, sessionToken: string): Promise<SignedIn | null> {
  if (!looksLikeToken(sessionToken)) return null;
  const at = ctx.clock.now();
  const session = await findSession(ctx.store, hashToken(sessionToken), at, new Date(at.getTime() - IDLE_MS));
  if (session === null) return null;
  if (at.getTime() - session.seenAt.getTime() > TOUCH_MS)
    await touchSession(ctx.store, session.portal, session.id, at);
  return {
    actor: { portal: session.portal, user: session.personId, role: session.role, via: 'session' },
    personId: session.personId,
    name: session.personName,
    sessionId: session.id,
    csrfToken: session.csrfToken,
    device: session.device,
    from: session.from,
  };
}

/** A person's own live sessions. */
export function ownSessions(ctx: PeopleContext, me: SignedIn): Promise<SessionListRow[]> {
  const at = ctx.clock.now();
  return listSessions(ctx.store, me.actor.portal, me.personId, at, new Date(at.getTime() - IDLE_MS));
}

/** Ends one of the person's own sessions, or all of them. */
export async function endOwnSessions(
  ctx: PeopleContext,
  me: SignedIn,
  sessionId: string | null,
): Promise<void> {
  const at = ctx.clock.now();
  await ctx.store.tx(async (sql) => {
    await endSessions(sql, me.actor.portal, me.personId, sessionId, at);
    await appendAudit(sql, me.actor, at, {
      action: sessionId === null ? 'session.end_all' : 'session.end',
      subject: me.personId,
    });
  });
}
