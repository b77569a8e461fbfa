import request, { type Response } from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Express } from 'express';
import { createApp } from '../../src/app.ts';
import { getProblems, PROBLEMS } from '../../src/core/accounts/problems.ts';
import { VERDICTS } from '../../src/core/accounts/why.ts';
import { ROLES, type PortalId } from '../../src/core/actor.ts';
import { memorySource } from '../../src/demo/fake/memory-source.ts';
import { startFakeHubSpot } from '../../src/demo/fake/server.ts';
import { en } from '../../src/pages/text/en.ts';
import { textIn } from '../../src/pages/text/text.ts';
import { currentSnapshot } from '../../src/store/snapshots.ts';
import {
  addPortal,
  openTestWeb,
  signedInAs,
  startSmallHubSpot,
  syncFrom,
  type TestPerson,
  type TestWeb,
} from '../support/web.ts';

const HOSTILE = '<script>alert(1)</script> & "Söhne"';
const UNCOVERED = 55;
const MINUTE_MS = 60_000;

let test: TestWeb;
let app: Express;
let filled: PortalId;
let analyst: TestPerson;
let hostileId: string;
let [zebra, kept, swallowed, archived, tested] = ['', '', '', '', ''];

beforeAll(async () => {
  test = await openTestWeb();
  filled = await addPortal(test, 'filled');
  analyst = await signedInAs(test, filled, 'analyst', 'Ann Analyst');
  const fake = await startSmallHubSpot(45);
  hostileId = fake.state.create('companies', { name: HOSTILE, lifecyclestage: 'customer' }).id;
  const found = { name: 'Zebra Österreich', domain: 'zebra.example', hf_account_type: 'customer' };
  zebra = fake.state.create('companies', found).id;
  const twins = ['Zebra Twin A', 'Zebra Twin B'].map((name) => fake.state.create('companies', { name }).id);
  [kept = '', swallowed = ''] = twins;
  archived = fake.state.create('companies', { name: 'Zebra Archived' }).id;
  tested = fake.state.create('companies', { name: 'Zebra Test', hf_account_type: 'test' }).id;
  // Customers without a contract fill more than one page.
  for (let n = 1; n < UNCOVERED; n += 1)
    fake.state.create('companies', { name: `Uncovered ${n}`, lifecyclestage: 'customer' });
  await syncFrom(test, filled, fake);
  fake.state.merge('companies', kept, swallowed);
  fake.state.archive('companies', archived);
  test.clock.advance(MINUTE_MS);
  await syncFrom(test, filled, fake);
  await fake.close();
});
afterAll(() => test.close());
beforeEach(() => {
  app = createApp(test.web);
});

function get(path: string, who: TestPerson = analyst): Promise<Response> {
  return request(app).get(path).set('Cookie', who.cookie);
}

/** What a person reads: without markup, blanks as one. */
function words(page: Response): string {
  const main = /<main[\s\S]*<\/main>/.exec(page.text)?.[0] ?? '';
  return main.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}

function rowsOf(page: Response): number {
  return [...page.text.matchAll(/<td role="cell" class="account">/g)].length;
}

async function published(sql: string): Promise<Record<string, string>[]> {
  const snapshot = await currentSnapshot(test.store, filled);
  if (snapshot === null) throw new Error('nothing is published');
  const rows = await test.web.snapshots.read(filled, snapshot.name, async (db) =>
    (await db.runAndReadAll(sql)).getRowObjectsJson(),
  );
  return rows as Record<string, string>[]; // the statements of this file select text only
}

async function setPortal(column: 'ui_domain' | 'time_zone', value: string): Promise<void> {
  await test.store.query(`update holdfast.portals set ${column} = $2 where id = $1`, [filled, value]);
}

describe('the data problems', () => {
  it('every role sees them, under an item of the header', async () => {
    for (const role of ROLES) {
      const page = await get('/problems', await signedInAs(test, filled, role));
      expect(page.status, role).toBe(200);
      expect(page.text, role).toMatch(/<a href="\/problems"\s+aria-current="page"\s*>Data problems</);
    }
  });

  it('every finding is on exactly one page, under all kinds and under its own', async () => {
    const list = await getProblems(test.web, filled, {});
    const kinds = list?.kinds ?? [];
    expect(kinds.length).toBeGreaterThan(3);
    for (const { problem, findings } of [{ problem: '', findings: list?.total ?? 0 }, ...kinds]) {
      const pages = Math.ceil(findings / 50);
      const shown = await Promise.all(
        Array.from({ length: pages }, (_, n) => get(`/problems?kind=${problem}&page=${n + 1}`)),
      );
      expect(
        shown.reduce((sum, page) => sum + rowsOf(page), 0),
        problem,
      ).toBe(findings);
    }
  });

  it('says of each what it means, what to do, what is there and what hangs on it', async () => {
    const text = words(await get('/problems'));
    expect(text).toMatch(
      /Two records that differ Two records of one account give values more than 5% apart, other currencies, or dates further apart than the grace\. Correct the one that is wrong\. line items say .+? \$1,000 Company \d+ , in HubSpot/,
    );
    expect(text).toContain('A customer without a contract It is called a customer, but');
  });

  it('filters by kind, with counts, its sentence once and the sum of its values', async () => {
    const page = await get('/problems?kind=sources_disagree');
    const text = words(page);
    expect(page.text).toMatch(/<option value="sources_disagree"\s+selected\s*>/);
    expect(text).toContain('Two records that differ (2)');
    expect(text).toContain(`A customer without a contract (${UNCOVERED + 1})`);
    expect(text).toContain('2 findings, value a month $2,000');
    expect(text.match(/more than 5% apart/g)).toHaveLength(1);
    expect(rowsOf(page)).toBe(2);
  });

  it('keeps the kind on the way through the pages, and stays inside the list', async () => {
    const first = await get('/problems?kind=no_rule_covers');
    expect(first.text).toContain('href="/problems?kind=no_rule_covers&amp;page=2#problems"');
    const second = await get('/problems?kind=no_rule_covers&page=2');
    expect(second.text).toContain('href="/problems?kind=no_rule_covers#problems"');
    expect(words(second)).toContain('Page 2 of 2');
    expect(words(await get('/problems?kind=no_rule_covers&page=99'))).toContain('Page 2 of 2');
    for (const query of ['kind=drop', 'page=-1', 'page=x', 'kind=%22%3E%3Cb%3E'])
      expect(words(await get(`/problems?${query}`)), query).toMatch(/All kinds \d+ findings .* Page 1 of 2/);
  });

  it('says so when nothing of a kind is left', async () => {
    const page = await get('/problems?kind=negative_value');
    expect(words(page)).toContain('Nothing of this kind is left. Show all kinds');
    expect(page.text).not.toContain('<table');
  });

  it('shows whatever HubSpot holds as text, and leads to why', async () => {
    const pages = [await get('/problems'), await get('/problems?page=2')];
    const text = pages.map((page) => page.text).join('');
    expect(text).not.toContain('<script>alert');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Söhne&quot;');
    expect(text).toContain(`href="/why?company=${hostileId}"`);
  });

  it('links records to HubSpot in a tab of its own, and only to HubSpot', async () => {
    expect((await get('/problems?kind=sources_disagree')).text).toMatch(
      /<a href="https:\/\/app\.hubspot\.com\/contacts\/\d+\/record\/0-2\/\d+"\s+target="_blank"\s+rel="noopener noreferrer"/,
    );
    expect(words(await get('/problems'))).toContain('Records open in HubSpot, in a new tab.');
    for (const domain of ['evil.example', 'app.hubspot.com.evil.example', 'a"b.hubspot.com']) {
      await setPortal('ui_domain', domain);
      const page = await get('/problems');
      expect(page.text).not.toContain('/record/');
      expect(words(page)).not.toContain('new tab');
    }
    await setPortal('ui_domain', 'app.hubspot.com');
  });

  it('says before the first sync that the data are on their way, and afterwards that nothing is to do', async () => {
    const portal = await addPortal(test, 'fresh');
    const person = await signedInAs(test, portal, 'manager', 'Max Manager');
    expect(words(await get('/problems', person))).toContain('Your data are still on their way.');
    const empty = await startFakeHubSpot({ source: memorySource() });
    await syncFrom(test, portal, empty);
    await empty.close();
    const page = await get('/problems', person);
    expect(words(page)).toContain('Nothing to work off');
    expect(page.text).not.toContain('<table');
  });
});

describe('why', () => {
  it('asks for a company, and answers a number that is nowhere with 404 and the form', async () => {
    const empty = await get('/why');
    expect(empty.status).toBe(200);
    expect(empty.text).toContain('<form class="stack" method="get" action="/why">');
    for (const asked of ['12345', '"><b>x', 'x'.repeat(500), '1; drop table accounts']) {
      const page = await get(`/why?company=${encodeURIComponent(asked)}`);
      expect(page.status, asked).toBe(404);
      expect(words(page), asked).toContain('No company is called “');
      expect(page.text).toContain('aria-invalid="true"');
      expect(page.text).not.toContain('<b>x');
    }
    expect((await get('/why?company=%22%3E%3Cb%3Ex')).text).toContain('value="&quot;&gt;&lt;b&gt;x"');
  });

  it('shows every record of any company with its verdict, and as many as counted as the account has contracts', async () => {
    const accounts = await published(
      `select company_id, coalesce(accounts.contracts, 0)::varchar as contracts,
         (select count(*) from candidates where account_id = company_id)::varchar as candidates
       from company_list left join accounts on accounts.account_id = company_list.company_id
       where state = 'live' and (coalesce(accounts.contracts, 0) > 0 or lifecycle_stage <> 'customer') limit 12`,
    );
    expect(accounts).toHaveLength(12);
    for (const { company_id: id, contracts, candidates } of accounts) {
      const page = await get(`/why?company=${id}`);
      expect(page.status).toBe(200);
      expect(rowsOf(page), id).toBe(Number(candidates));
      expect(page.text.includes(`href="/accounts/${id}"`), id).toBe(Number(contracts) > 0);
      if (Number(candidates) > 0) expect(words(page)).toContain(`${contracts} of ${candidates} counted`);
    }
  });

  it('says in a sentence what was decided, from which source and what it is worth', async () => {
    const expected = { customer: 'It is a customer,', former: 'It was a customer:' };
    for (const [status, sentence] of Object.entries(expected)) {
      const [account] = await published(
        `select account_id, home_mrr::varchar as home_mrr from accounts
         where status = '${status}' and contract_source = 'line_items' limit 1`,
      );
      const text = words(await get(`/why?company=${account?.['account_id']}`));
      expect(text).toContain(sentence);
      const value = account?.['home_mrr'];
      const money = value === null ? '–' : textIn('en', 'UTC').money(Number(value), 'USD');
      expect(text).toContain(`Contracts are from Line items Value a month ${money} Lifecycle stage`);
    }
  });

  it('tells a company that its type leaves out from one that nothing calls a customer', async () => {
    const [excluded] = await published(
      `select account_id from candidates where verdict = 'excluded_account' limit 1`,
    );
    const out = words(await get(`/why?company=${excluded?.['account_id']}`));
    expect(out).toContain('left out It is no account, because its account type');
    const [none] = await published(
      `select company_id from company_list
       where state = 'live' and not is_excluded and company_id not in (select account_id from accounts)
         and company_id not in (select account_id from candidates where verdict = 'excluded_account') limit 1`,
    );
    expect(words(await get(`/why?company=${none?.['company_id']}`))).toContain(
      'no account It is no account: none of its records is a contract',
    );
  });

  it('finds a company by a part of its name or domain, in any spelling, and lists several', async () => {
    for (const asked of ['österreich', 'OSTERREICH', 'zebra.example', 'Zebra Österreich', zebra])
      expect((await get(`/why?company=${encodeURIComponent(asked)}`)).text, asked).toContain(
        '<h1>Zebra Österreich</h1>',
      );
    const several = await get('/why?company=zebra');
    expect(several.status).toBe(200);
    expect(words(several)).toContain('5 companies for “zebra”');
    for (const id of [zebra, kept, swallowed, archived, tested])
      expect(several.text).toContain(`href="/why?company=${id}"`);
    expect(words(several)).toMatch(/Zebra Twin B \d+ – merged/);
    expect(words(several)).toMatch(/Zebra Archived \d+ – archived/);
    expect(words(several)).toMatch(/Zebra Test \d+ – left out/);
  });

  it('says what became of a company that is no more, and which kind is left out', async () => {
    const merged = await get(`/why?company=${swallowed}`);
    expect(words(merged)).toContain(
      'it was merged into another company. What was known of it counts for Zebra Twin A .',
    );
    expect(merged.text).toContain(`href="/why?company=${kept}"`);
    const gone = words(await get(`/why?company=${archived}`));
    expect(gone).toContain('archived It is no account, because it lies in HubSpot’s recycle bin.');
    expect(gone).toMatch(/This is known since \w+ \d+, 20\d\d\./);
    const out = words(await get(`/why?company=${tested}`));
    expect(out).toContain('left out It is no account, because its account type');
    expect(out).toContain('Account type test');
  });

  it('every company of the mirror gets an answer', async () => {
    const companies = await published(
      'select company_id, state from company_list order by random() limit 25',
    );
    for (const { company_id: id, state } of companies)
      expect((await get(`/why?company=${id}`)).status, `${id} ${state}`).toBe(200);
    const [missing] = await published(
      `select count(*)::varchar as missing from accounts where account_id not in (select company_id from company_list)`,
    );
    expect(missing).toEqual({ missing: '0' });
  });

  it('names a customer without a contract as text', async () => {
    const page = await get(`/why?company=%20${hostileId}%20`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('<h1>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Söhne&quot;</h1>');
    expect(page.text).not.toContain('<script>alert');
    expect(words(page)).toContain('no contract It is called a customer, but no record holds a contract');
    expect(words(page)).toContain('Contracts are from nowhere Value a month –');
  });

  it('writes the days of a term as they are recorded, whatever the zone', async () => {
    const [row] = await published(
      `select account_id, source_id, strftime(start_date, '%b %-d, %Y') as starts, strftime(end_date - 1, '%b %-d, %Y') as ends
       from candidates where verdict = 'counted' and end_date is not null limit 1`,
    );
    for (const zone of ['Pacific/Auckland', 'America/Los_Angeles']) {
      await setPortal('time_zone', zone);
      expect(words(await get(`/why?company=${row?.['account_id']}`)), zone).toContain(
        `${row?.['source_id']} , in HubSpot, opens a new tab ${row?.['starts']} – ${row?.['ends']} `,
      );
    }
    await setPortal('time_zone', 'Europe/Berlin');
  });

  it('is where the names of the company list lead', async () => {
    expect((await get('/?q=script')).text).toContain(`class="company-name" href="/why?company=${hostileId}"`);
  });

  it('says nothing of another portal’s companies', async () => {
    const portal = await addPortal(test, 'other');
    const stranger = await signedInAs(test, portal, 'admin', 'Stranger');
    const page = await get(`/why?company=${hostileId}`, stranger);
    expect(page.status).toBe(404);
    expect(page.text).not.toContain('Söhne');
  });
});

it('every kind of problem and every verdict has its words', () => {
  const keys = Object.keys(en);
  const missing = [
    ...PROBLEMS.flatMap((one) => ['kind', 'means', 'todo'].map((part) => `problems.${part}.${one}`)),
    ...VERDICTS.map((one) => `why.verdict.${one}`),
  ].filter((key) => !keys.includes(key));
  expect(missing).toEqual([]);
});

it('amounts are written in any currency a CRM may hold', () => {
  const text = textIn('en', 'UTC');
  expect(text.money(1234.5, 'EUR')).toBe('€1,234.50');
  expect(text.money(-1000, 'usd')).toBe('-$1,000');
  expect(text.money(900, 'XXB')).toBe('XXB\u00a0900');
  expect(text.money(900.126, 'no code')).toBe('900.13');
  expect(text.money(900, null)).toBe('900');
});
