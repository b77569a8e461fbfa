import { randomUUID } from 'node:crypto';
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Express } from 'express';
import { createApp } from '../../../src/app.ts';
import type { PortalId } from '../../../src/core/actor.ts';
import { getProblems } from '../../../src/core/accounts/problems.ts';
import { endUsageToken, makeUsageToken, usageTokens } from '../../../src/core/usage/tokens.ts';
import { portalsWithWaitingUsage } from '../../../src/core/usage/waiting.ts';
import type { FakeHubSpot } from '../../../src/demo/fake/server.ts';
import { listAudit } from '../../../src/store/audit.ts';
import { currentSnapshot } from '../../../src/store/snapshots.ts';
import { addPortal, openTestWeb, startSmallHubSpot, syncFrom, type TestWeb } from '../../support/web.ts';

const MINUTE_MS = 60_000;

let test: TestWeb;
let app: Express;
let fake: FakeHubSpot;
let portal: PortalId;
let company: string;
let token: string;

beforeAll(async () => {
  test = await openTestWeb();
  portal = await addPortal(test, 'main');
  fake = await startSmallHubSpot(10);
  company = [...fake.state.all('companies')][0]?.id ?? '';
  token = await tokenOf(portal);
});
afterAll(async () => {
  await fake.close();
  await test.close();
});
beforeEach(() => {
  app = createApp(test.web);
});

function tokenOf(of: PortalId, name = 'Loader'): Promise<string> {
  return makeUsageToken(test.web, adminOf(of), { name });
}

function adminOf(of: PortalId) {
  return { portal: of, user: 'command', role: 'admin', via: 'command' } as const;
}

function send(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return request(app)
    .post('/api/usage')
    .set({ Authorization: `Bearer ${token}`, ...headers })
    .send(body as object);
}

const row = (more: Record<string, unknown> = {}) => ({
  account: company,
  day: '2026-03-01',
  feature: 'export',
  count: 4,
  active_users: 2,
  ...more,
});

async function inbox(of = portal): Promise<number> {
  const [found] = await test.store.query<{ rows: string }>(
    'select count(*) as rows from holdfast.usage_inbox where portal_id = $1',
    [of],
  );
  return Number(found?.rows);
}

async function published(sql: string): Promise<unknown[]> {
  const snapshot = await currentSnapshot(test.store, portal);
  return test.web.snapshots.read(portal, snapshot?.name ?? '', async (db) =>
    (await db.runAndReadAll(sql)).getRowObjectsJson(),
  );
}

const sent = () =>
  published(
    `select account_id, day, feature, count::integer as count, active_users, records from usage where source = 'api' order by all`,
  );

describe('usage that a program sends', () => {
  it('is kept before it is answered, and in the table with the next publish', async () => {
    const answer = await send({ rows: [row(), row({ feature: 'import', active_users: undefined })] });
    expect([answer.status, answer.body]).toEqual([202, { ok: true, accepted: 2 }]);
    expect(await inbox()).toBe(2);
    await syncFrom(test, portal, fake);
    expect(await inbox()).toBe(0);
    const common = { account_id: company, day: '2026-03-01', count: 4, records: 1 };
    expect(await sent()).toEqual([
      { ...common, feature: 'export', active_users: '2' },
      { ...common, feature: 'import', active_users: null },
    ]);
  });

  it('changes nothing when it is sent again, and is replaced by another number', async () => {
    test.clock.advance(MINUTE_MS);
    const before = await sent();
    await send({ rows: [row(), row()] });
    await syncFrom(test, portal, fake);
    expect(await sent()).toEqual(before);
    await send({ rows: [row({ count: 8 }), row({ count: 9 })] });
    test.clock.advance(MINUTE_MS);
    await syncFrom(test, portal, fake);
    expect(await sent()).toMatchObject([{ count: 9 }, { count: 4 }]);
  });

  it('with a key is kept once, and refused when other rows come under it', async () => {
    const key = randomUUID();
    const one = { rows: [row({ feature: 'keyed' })] };
    expect((await send({ ...one, key })).status).toBe(202);
    expect((await send({ ...one, key })).body).toEqual({ ok: true, accepted: 1 });
    expect((await send(one, { 'Idempotency-Key': key })).status).toBe(202);
    expect(await inbox()).toBe(1);
    const other = await send({ rows: [row({ feature: 'other' })], key });
    expect([other.status, other.body]).toMatchObject([
      409,
      { error: { code: 'conflict', message: expect.stringContaining('Give a new batch a new key.') } },
    ]);
    const both = await Promise.all([1, 2, 3].map(() => send({ ...one, key: `${key}-2` })));
    expect(both.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(await inbox()).toBe(2);
  });

  it('is refused whole when one row cannot be used, with every row that cannot', async () => {
    const before = await inbox();
    const answer = await send({
      rows: [
        row(),
        row({ day: '2026-02-30' }),
        row({ account: '' }),
        row({ count: -1 }),
        row({ active_users: 1.5 }),
        row({ feature: 'a\u0000b' }),
        row({ surprise: 1 }),
      ],
    });
    expect(answer.status).toBe(400);
    const { message } = (answer.body as { error: { message: string } }).error;
    for (const place of [
      'row 2 "day"',
      'row 3 "account"',
      'row 4 "count"',
      'row 5 "active_users"',
      'row 6 "feature"',
      'row 7',
    ])
      expect(message).toContain(place);
    expect(message).not.toContain('row 1 ');
    expect((await send({ rows: [row({ day: '2026-03-04' })] })).body).toMatchObject({
      error: { message: 'The batch was refused and nothing of it kept: row 1 "day" lies in the future.' },
    });
    for (const body of [
      [],
      {},
      { rows: [] },
      { rows: 'x' },
      { rows: Array.from({ length: 5001 }, () => row()) },
    ])
      expect((await send(body)).status).toBe(400);
    expect(await inbox()).toBe(before);
  });

  it('of an account that nobody knows is kept, listed as a data problem, and counted once the company is there', async () => {
    await send({ rows: [row({ account: '999000111' }), row({ account: '999000111', day: '2026-02-01' })] });
    test.clock.advance(MINUTE_MS);
    await syncFrom(test, portal, fake);
    const list = await getProblems(test.web, portal, { kind: 'usage_without_account' });
    expect(list?.rows).toMatchObject([
      {
        account_id: null,
        record_type: 'sent_usage',
        record_id: '999000111',
        evidence: '2 rows of usage, 2026-02-01 to 2026-03-01',
      },
    ]);
    // A company that swallowed the one the program still names.
    fake.state.update('companies', company, { hs_merged_object_ids: '999000111' });
    test.clock.advance(MINUTE_MS);
    await syncFrom(test, portal, fake);
    expect((await getProblems(test.web, portal, { kind: 'usage_without_account' }))?.total).toBe(0);
    expect(
      await published(`select account_id from usage where source = 'api' and day = '2026-02-01'`),
    ).toEqual([{ account_id: company }]);
  });

  it('is in the audit trail by its token, as a number of rows', async () => {
    const entry = (await listAudit(test.store, portal, 50)).find(({ action }) => action === 'usage.receive');
    expect(entry).toMatchObject({
      actor: expect.stringMatching(/^token:[0-9a-f-]{36}$/) as string,
      via: 'token',
      details: { rows: 2 },
    });
  });

  it('is limited to a number of batches a minute for each token', async () => {
    const other = `Bearer ${await tokenOf(await addPortal(test, 'busy'))}`;
    const statuses: number[] = [];
    for (let n = 0; n < 121; n += 1)
      statuses.push((await request(app).post('/api/usage').set('Authorization', other).send({})).status);
    expect(new Set(statuses.slice(0, 120))).toEqual(new Set([400]));
    expect(statuses[120]).toBe(429);
    expect((await send({ rows: [row()] })).status).toBe(202);
  });
});

it('tokens are listed with their last use and end at once; another portal’s admin cannot end them', async () => {
  const of = await addPortal(test, 'listed');
  const one = await tokenOf(of, 'Nightly');
  const [listed] = await usageTokens(test.web, adminOf(of));
  expect(listed).toMatchObject({ name: 'Nightly', createdBy: 'command', usedAt: null });
  const use = () =>
    request(app)
      .post('/api/usage')
      .set('Authorization', `Bearer ${one}`)
      .send({ rows: [row()] });
  expect((await use()).status).toBe(202);
  expect((await usageTokens(test.web, adminOf(of)))[0]?.usedAt).toEqual(test.clock.now());
  const tokenId = listed?.id ?? '';
  await expect(endUsageToken(test.web, adminOf(portal), { tokenId })).rejects.toThrow('is not known');
  await endUsageToken(test.web, adminOf(of), { tokenId });
  expect((await use()).status).toBe(401);
  expect(await usageTokens(test.web, adminOf(of))).toEqual([]);
  const stored = await test.store.query('select * from holdfast.usage_tokens');
  expect(JSON.stringify(stored)).not.toContain(one);
});

it('where nobody syncs, usage that waited as long as a sync would take is brought in by a rebuild', async () => {
  const imported = await addPortal(test, 'imported', 'import');
  const of = `Bearer ${await tokenOf(imported)}`;
  await request(app)
    .post('/api/usage')
    .set('Authorization', of)
    .send({ rows: [row()] });
  expect(await portalsWithWaitingUsage(test.web, 15)).toEqual([]);
  test.clock.advance(15 * MINUTE_MS);
  expect(await portalsWithWaitingUsage(test.web, 15)).toEqual([imported]);
});
