import { z } from 'zod';
import { appendAudit } from '../../store/audit.ts';
import { addLink, revokeLinksOf } from '../../store/links.ts';
import {
  addPerson,
  countAdmins,
  findPersonByEmail,
  getPerson,
  listPeople as storedPeople,
  lockPeople,
  removePerson as storeRemoval,
  setRole,
  type Person,
} from '../../store/people.ts';
import { endSessions } from '../../store/sessions.ts';
import type { Sql } from '../../store/sql.ts';
import { ROLES, type Actor } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { PeopleContext } from './sign-in.ts';
import { hashToken, newToken } from './tokens.ts';

const INVITATION_MS = 7 * 86_400_000;

const PersonId = z.object({ personId: z.uuid('This person is not known.') });
const RoleChange = PersonId.extend({ role: z.enum(ROLES, { error: 'Choose one of the roles.' }) });
export const Invitation = z.object({
  name: z
    .string({ error: 'Give a name.' })
    .trim()
    .min(1, 'Give a name.')
    .max(120, 'Give a name of at most 120 characters.'),
  email: z
    .string()
    .trim()
    .max(254)
    .transform((text) => (text === '' ? null : text))
    .pipe(z.email('Give an e-mail address, or leave it empty.').nullable()),
  role: z.enum(ROLES, { error: 'Choose one of the roles.' }),
});

/** Everybody of the actor's portal, for its admin. */
export async function listPeople(ctx: PeopleContext, actor: Actor): Promise<Person[]> {
  requireAdmin(actor);
  return storedPeople(ctx.store, actor.portal);
}

/** Adds a person and answers the token of a link that lets them in once, within a week. */
export async function invitePerson(ctx: PeopleContext, actor: Actor, raw: unknown): Promise<string> {
  requireAdmin(actor);
  const input = Invitation.parse(raw);
  const at = ctx.clock.now();
  return ctx.store.tx(async (sql) => {
    await lockPeople(sql, actor.portal);
    if (input.email !== null && (await findPersonByEmail(sql, actor.portal, input.email)) !== null) {
      throw new AppError(
        'conflict',
        'Somebody with this e-mail address is here already. Make a new link for them in the list.',
      );
    }
    const person = await addPerson(sql, actor.portal, input, at);
    await appendAudit(sql, actor, at, {
      action: 'people.invite',
      subject: person.id,
      details: { role: input.role },
    });
    return issueLink(sql, actor, person, at);
  });
}

/** A new link for somebody who is here already; older unused ones end. */
export async function renewInvitation(ctx: PeopleContext, actor: Actor, raw: unknown): Promise<string> {
  requireAdmin(actor);
  const { personId } = PersonId.parse(raw);
  const at = ctx.clock.now();
  return ctx.store.tx(async (sql) => {
    await lockPeople(sql, actor.portal);
    const person = await personOrThrow(sql, actor, personId);
    await appendAudit(sql, actor, at, { action: 'link.issue', subject: person.id });
    return issueLink(sql, actor, person, at);
  });
}

/** Gives a person another role; their sessions end, so that the next page they see is the new role's. */
export async function changeRole(ctx: PeopleContext, actor: Actor, raw: unknown): Promise<void> {
  requireAdmin(actor);
  const { personId, role } = RoleChange.parse(raw);
  const at = ctx.clock.now();
  await ctx.store.tx(async (sql) => {
    await lockPeople(sql, actor.portal);
    const person = await personOrThrow(sql, actor, personId);
    if (person.role === role) return;
    if (person.role === 'admin') await keepOneAdmin(sql, actor);
    await setRole(sql, actor.portal, person.id, role);
    await endSessions(sql, actor.portal, person.id, null, at);
    await appendAudit(sql, actor, at, {
      action: 'people.change_role',
      subject: person.id,
      details: { from: person.role, to: role },
    });
  });
}

/** Removes a person; their sessions and links end at once. */
export async function removePerson(ctx: PeopleContext, actor: Actor, raw: unknown): Promise<void> {
  requireAdmin(actor);
  const { personId } = PersonId.parse(raw);
  const at = ctx.clock.now();
  await ctx.store.tx(async (sql) => {
    await lockPeople(sql, actor.portal);
    const person = await personOrThrow(sql, actor, personId);
    if (person.role === 'admin') await keepOneAdmin(sql, actor);
    await storeRemoval(sql, actor.portal, person.id, at);
    await endSessions(sql, actor.portal, person.id, null, at);
    await revokeLinksOf(sql, actor.portal, person.id, at);
    await appendAudit(sql, actor, at, { action: 'people.remove', subject: person.id });
  });
}

async function issueLink(sql: Sql, actor: Actor, person: Person, at: Date): Promise<string> {
  const token = newToken('in');
  await revokeLinksOf(sql, actor.portal, person.id, at);
  const link = {
    tokenHash: hashToken(token),
    personId: person.id,
    createdBy: actor.user,
    expiresAt: new Date(at.getTime() + INVITATION_MS),
  };
  await addLink(sql, actor.portal, link, at);
  return token;
}

async function personOrThrow(sql: Sql, actor: Actor, id: string): Promise<Person> {
  const person = await getPerson(sql, actor.portal, id);
  if (person === null) throw new AppError('not_found', 'This person is not known.');
  return person;
}

async function keepOneAdmin(sql: Sql, actor: Actor): Promise<void> {
  if ((await countAdmins(sql, actor.portal)) <= 1) {
    throw new AppError('conflict', 'This is the only admin. Make somebody else an admin first.');
  }
}

function requireAdmin(actor: Actor): void {
  if (actor.role !== 'admin') throw new AppError('forbidden', 'Only an admin may do this.');
}
