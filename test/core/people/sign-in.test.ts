import { describe, expect, it } from 'vitest';
import type { Actor, PortalId } from '../../../src/core/actor.ts';
import {
  endOwnSessions,
  identify,
  IDLE_MS,
  issueSetupLink,
  ownSessions,
  previewLink,
  SESSION_MS,
  signIn,
  type PeopleContext,
} from '../../../src/core/people/sign-in.ts';
import {
  changeRole,
  invitePerson,
  listPeople,
  removePerson,
  renewInvitation,
} from '../../../src/core/people/manage.ts';
import { hashToken } from '../../../src/core/people/tokens.ts';
import { VirtualClock } from '../../../src/demo/virtual-clock.ts';
import { findBrokenAudit, listAudit } from '../../../src/store/audit.ts';
import { ensurePortal } from '../../../src/store/portals.ts';
import { ENGINES, storeWithPortal, type Engine } from '../../support/stores.ts';

const NOON = new Date('2026-03-01T12:00:00Z');
const MINUTE = 60_000;

interface Bench extends PeopleContext {
  clock: VirtualClock;
  portal: PortalId;
  admin: Actor;
}

async function bench(engine: Engine): Promise<Bench> {
  const { store, portal } = await storeWithPortal(engine);
  const ctx = { store, clock: new VirtualClock(NOON), portal };
  await issueSetupLink(ctx, portal);
  const [first] = await store.query<{ id: string }>('select id from holdfast.people');
  if (first === undefined) throw new Error('the setup link made no admin');
  return { ...ctx, admin: { portal, user: first.id, role: 'admin', via: 'session' } };
}

async function personId(ctx: Bench, email: string): Promise<string> {
  const person = (await listPeople(ctx, ctx.admin)).find((one) => one.email === email);
  if (person === undefined) throw new Error(`${email} is not there`);
  return person.id;
}

function invite(ctx: Bench, email: string, role: Actor['role'] = 'analyst'): Promise<string> {
  return invitePerson(ctx, ctx.admin, { name: 'Anna', email, role });
}

async function signedIn(ctx: Bench, link: string) {
  const session = await signIn(ctx, link, 'Firefox');
  const me = await identify(ctx, session);
  if (me === null) throw new Error('the session is not known');
  return { session, me };
}

/** Every row of every table, as one text. */
async function everything({ store }: PeopleContext): Promise<string> {
  const tables = await store.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'holdfast' order by 1`,
  );
  expect(tables.length).toBeGreaterThan(10);
  const rows = await Promise.all(
    tables.map(({ name }) => store.query(`select t::text as row from holdfast.${name} t`)),
  );
  return JSON.stringify(rows);
}

describe.each(ENGINES)('people and sessions on %s', (engine) => {
  it('keeps no token of a link or a session in any table', async () => {
    const ctx = await bench(engine);
    const setup = await issueSetupLink(ctx, ctx.portal);
    const invitation = await invite(ctx, 'anna@example.com');
    const { session, me } = await signedIn(ctx, invitation);
    const text = await everything(ctx);
    for (const token of [setup, invitation, session]) {
      expect(text).not.toContain(token.slice(3));
      expect(text).toContain(hashToken(token));
    }
    expect(me).toMatchObject({ name: 'Anna', actor: { portal: 'main', role: 'analyst', via: 'session' } });
  });

  it('lets a link in once, also when two use it at the same moment', async () => {
    const ctx = await bench(engine);
    const link = await invite(ctx, 'anna@example.com');
    expect(await previewLink(ctx, link)).toEqual({ name: 'Anna', role: 'analyst' });
    const uses = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) => signIn(ctx, link, `browser ${n}`)),
    );
    expect(uses.filter((use) => use.status === 'fulfilled')).toHaveLength(1);
    for (const use of uses)
      if (use.status === 'rejected') expect(use.reason).toMatchObject({ code: 'conflict' });
    expect(await ctx.store.query('select id from holdfast.sessions')).toHaveLength(1);
    await expect(previewLink(ctx, link)).rejects.toThrow(/has been used or is over/);
  });

  it('refuses a link that nobody issued, and one that is over', async () => {
    const ctx = await bench(engine);
    const link = await invite(ctx, 'anna@example.com');
    const guess = `${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`;
    await expect(signIn(ctx, guess, '')).rejects.toMatchObject({ code: 'not_found' });
    await expect(signIn(ctx, `${link}x`, '')).rejects.toMatchObject({ code: 'not_found' });
    await expect(previewLink(ctx, `' or 1=1 --`)).rejects.toMatchObject({ code: 'not_found' });
    await ctx.clock.advance(7 * 86_400_000);
    await expect(signIn(ctx, link, '')).rejects.toMatchObject({ code: 'conflict' });
    expect(await ctx.store.query('select id from holdfast.sessions')).toEqual([]);
  });

  it('ends a session twelve hours after it began, however busy it was', async () => {
    const ctx = await bench(engine);
    const { session } = await signedIn(ctx, await invite(ctx, 'anna@example.com'));
    for (let passed = 0; passed < SESSION_MS - 10 * MINUTE; passed += 10 * MINUTE) {
      await ctx.clock.advance(10 * MINUTE);
      expect(await identify(ctx, session)).not.toBeNull();
    }
    await ctx.clock.advance(10 * MINUTE);
    expect(await identify(ctx, session)).toBeNull();
  });

  it('ends a session after thirty minutes without a request', async () => {
    const ctx = await bench(engine);
    const { session, me } = await signedIn(ctx, await invite(ctx, 'anna@example.com'));
    await ctx.clock.advance(IDLE_MS - MINUTE);
    expect(await identify(ctx, session)).not.toBeNull();
    await ctx.clock.advance(IDLE_MS - MINUTE);
    expect(await ownSessions(ctx, me)).toHaveLength(1);
    expect(await identify(ctx, session)).not.toBeNull();
    await ctx.clock.advance(IDLE_MS);
    expect(await identify(ctx, session)).toBeNull();
    expect(await ownSessions(ctx, me)).toEqual([]);
  });

  it('ends one session or all of them, and only those of the person', async () => {
    const ctx = await bench(engine);
    const anna = await signedIn(ctx, await invite(ctx, 'anna@example.com'));
    const annaAgain = await signedIn(
      ctx,
      await renewInvitation(ctx, ctx.admin, { personId: anna.me.personId }),
    );
    const bert = await signedIn(ctx, await invite(ctx, 'bert@example.com'));
    await endOwnSessions(ctx, bert.me, anna.me.sessionId); // not his
    expect(await identify(ctx, anna.session)).not.toBeNull();
    await endOwnSessions(ctx, anna.me, anna.me.sessionId);
    expect(await identify(ctx, anna.session)).toBeNull();
    expect(await identify(ctx, annaAgain.session)).not.toBeNull();
    await endOwnSessions(ctx, anna.me, null);
    expect(await identify(ctx, annaAgain.session)).toBeNull();
    expect(await identify(ctx, bert.session)).not.toBeNull();
    expect(await identify(ctx, 'no token at all')).toBeNull();
  });

  it('ends a person’s sessions and links when the person is removed', async () => {
    const ctx = await bench(engine);
    const { session, me } = await signedIn(ctx, await invite(ctx, 'anna@example.com'));
    const unused = await renewInvitation(ctx, ctx.admin, { personId: me.personId });
    await removePerson(ctx, ctx.admin, { personId: me.personId });
    expect(await identify(ctx, session)).toBeNull();
    await expect(signIn(ctx, unused, '')).rejects.toMatchObject({ code: 'conflict' });
    await expect(renewInvitation(ctx, ctx.admin, { personId: me.personId })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await everything(ctx)).not.toContain('anna@example.com');
  });

  it('ends a person’s sessions when the role changes, and not when it stays', async () => {
    const ctx = await bench(engine);
    const { session, me } = await signedIn(ctx, await invite(ctx, 'anna@example.com'));
    await changeRole(ctx, ctx.admin, { personId: me.personId, role: 'analyst' });
    expect(await identify(ctx, session)).not.toBeNull();
    await changeRole(ctx, ctx.admin, { personId: me.personId, role: 'leader' });
    expect(await identify(ctx, session)).toBeNull();
    const next = await signedIn(ctx, await renewInvitation(ctx, ctx.admin, { personId: me.personId }));
    expect(next.me.actor.role).toBe('leader');
  });

  it('ends the older invitation when a new one is made', async () => {
    const ctx = await bench(engine);
    const older = await invite(ctx, 'anna@example.com');
    const newer = await renewInvitation(ctx, ctx.admin, {
      personId: await personId(ctx, 'anna@example.com'),
    });
    await expect(signIn(ctx, older, '')).rejects.toMatchObject({ code: 'conflict' });
    await expect(signIn(ctx, newer, '')).resolves.toMatch(/^se_/);
    const setup = await issueSetupLink(ctx, ctx.portal);
    await issueSetupLink(ctx, ctx.portal);
    await expect(previewLink(ctx, setup)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('never loses the last admin, also when two admins remove each other at once', async () => {
    const ctx = await bench(engine);
    const [first] = await listPeople(ctx, ctx.admin);
    const alone = { personId: first?.id ?? '' };
    await expect(removePerson(ctx, ctx.admin, alone)).rejects.toThrow(/only admin/);
    await expect(changeRole(ctx, ctx.admin, { ...alone, role: 'leader' })).rejects.toThrow(/only admin/);
    await invite(ctx, 'second@example.com', 'admin');
    const second = { personId: await personId(ctx, 'second@example.com') };
    const both = await Promise.allSettled([
      removePerson(ctx, ctx.admin, second),
      changeRole(ctx, ctx.admin, { ...alone, role: 'analyst' }),
    ]);
    expect(both.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const left = await listPeople(ctx, ctx.admin);
    expect(left.filter((person) => person.role === 'admin')).toHaveLength(1);
  });

  it('makes one first admin when two starts ask at once', async () => {
    const { store, portal } = await storeWithPortal(engine);
    const ctx = { store, clock: new VirtualClock(NOON) };
    await Promise.all([issueSetupLink(ctx, portal), issueSetupLink(ctx, portal)]);
    expect(await store.query('select role from holdfast.people')).toEqual([{ role: 'admin' }]);
  });

  it('invites an address once, whatever its capitals, also twice at once', async () => {
    const ctx = await bench(engine);
    const both = await Promise.allSettled([invite(ctx, 'Anna@Example.com'), invite(ctx, 'anna@example.COM')]);
    const refused = both.find((one) => one.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'conflict' });
    await expect(invite(ctx, 'ANNA@example.com')).rejects.toThrow(/is here already/);
    await removePerson(ctx, ctx.admin, {
      personId: (await listPeople(ctx, ctx.admin)).find((one) => one.role === 'analyst')?.id,
    });
    await expect(invite(ctx, 'anna@example.com')).resolves.toMatch(/^in_/);
  });

  it('refuses whoever is no admin, and changes nothing', async () => {
    const ctx = await bench(engine);
    const { me } = await signedIn(ctx, await invite(ctx, 'anna@example.com', 'leader'));
    const before = await everything(ctx);
    const target = { personId: ctx.admin.user };
    const attempts = [
      () => listPeople(ctx, me.actor),
      () => invitePerson(ctx, me.actor, { name: 'B', email: '', role: 'admin' }),
      () => renewInvitation(ctx, me.actor, target),
      () => changeRole(ctx, me.actor, { ...target, role: 'analyst' }),
      () => removePerson(ctx, me.actor, target),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'forbidden' });
    expect(await everything(ctx)).toBe(before);
  });

  it('never reaches the people of another portal', async () => {
    const ctx = await bench(engine);
    const { session, me } = await signedIn(ctx, await invite(ctx, 'anna@example.com'));
    const other = await ensurePortal(ctx.store, 'other', 'token');
    const stranger: Actor = { portal: other, user: 'x', role: 'admin', via: 'session' };
    expect(await listPeople(ctx, stranger)).toEqual([]);
    for (const verb of [renewInvitation, removePerson])
      await expect(verb(ctx, stranger, { personId: me.personId })).rejects.toMatchObject({
        code: 'not_found',
      });
    await expect(changeRole(ctx, stranger, { personId: me.personId, role: 'admin' })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await identify(ctx, session)).not.toBeNull();
    await expect(
      invitePerson(ctx, stranger, { name: 'A', email: 'anna@example.com', role: 'admin' }),
    ).resolves.toMatch(/^in_/);
  });

  it('writes everything it did into a trail that holds, without addresses', async () => {
    const ctx = await bench(engine);
    const { me } = await signedIn(ctx, await invite(ctx, 'anna@example.com'));
    await changeRole(ctx, ctx.admin, { personId: me.personId, role: 'leader' });
    await removePerson(ctx, ctx.admin, { personId: me.personId });
    const trail = await listAudit(ctx.store, ctx.portal, 20);
    expect(trail.map((row) => row.action)).toEqual([
      'people.remove',
      'people.change_role',
      'session.open',
      'people.invite',
      'link.issue',
    ]);
    expect(JSON.stringify(trail)).not.toContain('example.com');
    expect(await findBrokenAudit(ctx.store, ctx.portal)).toBeNull();
  });
});

it('says which field of an invitation is wrong', async () => {
  const ctx = await bench('pglite');
  const refused = async (raw: unknown): Promise<string> => {
    const error: unknown = await invitePerson(ctx, ctx.admin, raw).then(
      () => null,
      (reason: unknown) => reason,
    );
    return String(error);
  };
  expect(await refused({ name: ' ', email: '', role: 'admin' })).toContain('Give a name.');
  expect(await refused({ name: 'A', email: 'no address', role: 'admin' })).toContain(
    'Give an e-mail address',
  );
  expect(await refused({ name: 'A', email: '', role: 'owner' })).toContain('Choose one of the roles.');
  await expect(removePerson(ctx, ctx.admin, { personId: '1' })).rejects.toThrow('This person is not known.');
});
