import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import request, { type Response } from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Express } from 'express';
import { createApp } from '../../src/app.ts';
import { getAccountList, type AccountList } from '../../src/core/accounts/account-list.ts';
import {
  ACCOUNT_SORTS,
  FILTERS,
  filterName,
  type Filter,
} from '../../src/core/accounts/account-list-input.ts';
import {
  ACCOUNT_STATES,
  CardDocument,
  CONTRACT_STATES,
  HEALTH_BANDS,
  HEALTH_MEASURES,
  RENEWAL_BANDS,
} from '../../src/core/accounts/card-document.ts';
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
const FORMULA = '=HYPERLINK("https://evil.example","click")';

type CsvRow = Record<string, string>;

let test: TestWeb;
let app: Express;
let filled: PortalId;
let analyst: TestPerson;
let stranger: TestPerson;
let hostileId: string;
let formulaId: string;
let all: CsvRow[];

beforeAll(async () => {
  test = await openTestWeb();
  filled = await addPortal(test, 'filled');
  analyst = await signedInAs(test, filled, 'analyst', 'Ann Analyst');
  const fake = await startSmallHubSpot(90);
  hostileId = fake.state.create('companies', { name: HOSTILE, lifecyclestage: 'customer' }).id;
  formulaId = fake.state.create('companies', { name: FORMULA, lifecyclestage: 'customer' }).id;
  await syncFrom(test, filled, fake);
  await fake.close();
  const other = await addPortal(test, 'other');
  const small = await startSmallHubSpot(3, 222);
  await syncFrom(test, other, small);
  await small.close();
  stranger = await signedInAs(test, other, 'admin', 'Stranger');
  app = createApp(test.web);
  all = await csv('/accounts.csv');
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

async function csv(path: string): Promise<CsvRow[]> {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  return parse(answer.text, { bom: true, columns: true });
}

async function published(sql: string): Promise<Record<string, unknown>[]> {
  const snapshot = await currentSnapshot(test.store, filled);
  if (snapshot === null) throw new Error('nothing is published');
  return test.web.snapshots.read(filled, snapshot.name, async (db) =>
    (await db.runAndReadAll(sql)).getRowObjectsJson(),
  );
}

async function list(query: Record<string, string>): Promise<AccountList> {
  const answer = await getAccountList(test.web, filled, query);
  if (answer.state !== 'listed') throw new Error(answer.state);
  return answer.list;
}

/** The columns of the file that hold what a field is filtered by, and a column is ordered by. */
const FIELD: Record<Filter, string> = {
  status: 'status',
  band: 'renewal_band',
  health: 'health_band',
  owner: 'owner_id',
  plan: 'plan',
  segment: 'segment',
};
const ORDER: Record<(typeof ACCOUNT_SORTS)[number], string> = {
  name: 'name',
  owner: 'owner',
  value: 'contract_value',
  tenure: 'tenure_days',
  renewal: 'days_left',
  health: 'health',
  change: 'health_change_30_days',
  contact: 'last_two_way_contact_on',
  tickets: 'open_tickets',
  nps: 'latest_nps',
};

describe('the list', () => {
  it('every role sees it, under an item of the header', async () => {
    for (const role of ROLES) {
      const page = await get('/accounts', await signedInAs(test, filled, role));
      expect(page.status, role).toBe(200);
      expect(page.text, role).toMatch(/<a href="\/accounts"\s+aria-current="page"\s*>Accounts</);
    }
  });

  it('has every account of the mart once, and its sums', async () => {
    const [mart] = await published(
      `select count(*)::integer as accounts, count(annual)::integer as with_value, sum(annual)::double as annual,
         count(*) filter (health is null)::integer as unscored from account_list`,
    );
    const { totals, pages, choices, currency } = await list({});
    expect(totals).toMatchObject({ accounts: mart?.['accounts'], withValue: mart?.['with_value'] });
    expect(totals.annual).toBeCloseTo(Number(mart?.['annual']), 0);
    expect(pages).toBe(Math.ceil(totals.accounts / 50));
    expect(choices.health.find((one) => one.value === '')?.accounts).toBe(mart?.['unscored']);
    expect(new Set(all.map((row) => row['account_id'])).size).toBe(totals.accounts);
    const page = words(await get('/accounts'));
    const sum = textIn('en', 'UTC').wholeMoney(totals.annual ?? 0, currency);
    expect(page).toContain(
      `Accounts ${totals.accounts} all there are Contract value ${sum} a year, sum over ${totals.withValue} accounts`,
    );
    expect(page).toContain(
      `Without a value ${totals.accounts - totals.withValue} no contract in force, or no rate; not in the sum`,
    );
  });

  it('a contract without a rate is counted for the accounts whose card counts one', async () => {
    const cards = await published(
      `select account_id from cards where (document ->> '$.value.withoutRate')::integer > 0 order by account_id`,
    );
    expect(cards.length).toBeGreaterThan(0);
    const flagged = all
      .filter((row) => row['has_contract_without_rate'] === 'true')
      .map((row) => row['account_id']);
    expect(new Set(flagged)).toEqual(new Set(cards.map((row) => row['account_id'])));
    expect(flagged).toHaveLength(cards.length);
    expect((await list({})).totals.rateless).toBe(cards.length);
  });

  it('every choice shows as many accounts as it says', async () => {
    const { choices } = await list({});
    for (const field of FILTERS) {
      expect(
        choices[field].reduce((sum, one) => sum + one.accounts, 0),
        field,
      ).toBe(all.length);
      for (const { value, accounts } of choices[field]) {
        const { totals } = await list({ [filterName(field, value)]: '1' });
        expect(totals.accounts, `${field} ${value}`).toBe(accounts);
        expect(all.filter((row) => row[FIELD[field]] === value).length, `${field} ${value}`).toBe(accounts);
      }
    }
  });

  it('whatever is asked: pages, totals and file hold the same accounts, filtered and ordered as asked', async () => {
    const { choices } = await list({});
    const chosen = (field: Filter) =>
      fc
        .subarray(
          choices[field].map((one) => one.value),
          { maxLength: 3 },
        )
        .map((values) => [field, values] as const);
    const asked = fc.record({
      filters: fc.tuple(
        ...FILTERS.map((field) => fc.option(chosen(field), { nil: [field, []] as const, freq: 1 })),
      ),
      sort: fc.constantFrom(...ACCOUNT_SORTS),
      way: fc.constantFrom('up', 'down'),
      q: fc.constantFrom('', 'a', 'BIRCH', 'e care', 'halloran'),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ filters, sort, way, q }) => {
        const query: Record<string, string> = { sort, way, q };
        for (const [field, values] of filters)
          for (const value of values) query[filterName(field, value)] = '1';
        app = createApp(test.web); // fresh limits
        const rows = await csv(`/accounts.csv?${new URLSearchParams(query).toString()}`);
        const first = await list(query);
        const ids = first.rows.map((row) => row.account_id);
        for (let page = 2; page <= first.pages; page += 1)
          ids.push(...(await list({ ...query, page: String(page) })).rows.map((row) => row.account_id));
        expect(rows.map((row) => row['account_id'])).toEqual(ids);
        expect(first.totals.accounts).toBe(rows.length);
        const values = rows.map((row) => row['contract_value'] ?? '').filter((value) => value !== '');
        expect(first.totals.withValue).toBe(values.length);
        expect(first.totals.annual ?? 0).toBeCloseTo(
          values.reduce((sum, value) => sum + Number(value), 0),
          0,
        );
        const wanted = all.filter(
          (row) =>
            filters.every(
              ([field, list]) => list.length === 0 || list.some((value) => value === row[FIELD[field]]),
            ) &&
            q
              .toLowerCase()
              .split(' ')
              .every((word) =>
                `${row['name']} ${row['domain']} ${row['owner']}`.toLowerCase().includes(word),
              ),
        );
        expect(new Set(ids)).toEqual(new Set(wanted.map((row) => row['account_id'])));
        expectOrder(
          rows.map((row) => row[ORDER[sort]] ?? ''),
          way,
        );
      }),
      { numRuns: 30 },
    );
  });

  function expectOrder(keys: readonly string[], way: string): void {
    const known = keys.filter((key) => key !== '');
    expect(keys.slice(known.length).every((key) => key === '')).toBe(true); // what is not known comes last
    const isNumber = known.every((key) => /^-?[\d.]+$/.test(key));
    for (const [n, key] of known.slice(1).entries()) {
      const [a, b] = isNumber ? [Number(known[n]), Number(key)] : [bare(known[n]), bare(key)];
      expect(way === 'up' ? a <= b : a >= b, `${known[n]} ${way} ${key}`).toBe(true);
    }
  }

  // The file's apostrophe is not in the data.
  function bare(key = ''): string {
    return key.replace(/^'/, '').toLowerCase();
  }

  it('finds by number, by parts of several fields, and without regard to accents', async () => {
    const someone = all.find((row) => row['domain'] !== '' && row['owner'] !== '');
    expect((await list({ q: ` ${hostileId} ` })).rows.map((row) => row.account_id)).toEqual([hostileId]);
    expect((await list({ q: 'sohne ALERT' })).rows.map((row) => row.account_id)).toContain(hostileId);
    const both = await list({ q: `${someone?.['owner']} ${someone?.['domain']}` });
    expect(both.rows.map((row) => row.account_id)).toEqual([someone?.['account_id']]);
    expect((await list({ q: '%' })).totals.accounts).toBe(0);
  });

  it('what is wrong in an address becomes the default', async () => {
    const plain = words(await get('/accounts'));
    for (const query of [
      'sort=drop',
      'way=sideways',
      'page=-1',
      'page=x',
      'page=99999',
      'band.soon=1',
      'band.=1',
      'status.none=1',
      'health.good=2',
      'band.within_30=',
      'nonsense.x=1',
      `q=${'x'.repeat(101)}`,
      `owner.${'x'.repeat(201)}=1`,
      'plan.%00=1',
      '__proto__=1',
    ])
      expect(words(await get(`/accounts?${query}`)), query).toBe(plain);
    expect((await get('/accounts?sort=name&sort=owner')).status).toBe(400);
  });

  it('keeps everything on the way: pages, columns, filters and the file', async () => {
    const page = await get('/accounts?status.customer=1&q=e&sort=value');
    expect(page.text).toContain('href="/accounts?q=e&amp;status.customer=1&amp;sort=value&amp;page=2"');
    expect(page.text).toContain('href="/accounts.csv?q=e&amp;status.customer=1&amp;sort=value"');
    expect(page.text).toContain('href="/accounts?q=e&amp;status.customer=1&amp;sort=value&amp;way=up"');
    expect(page.text).toContain('href="/accounts?q=e&amp;status.customer=1&amp;sort=name"');
    expect(page.text).toMatch(/aria-sort="descending"\s*>\s*<a[^>]+>Contract value/);
    expect(page.text).toMatch(/name="status\.customer"\s+value="1"\s+checked/);
    expect(page.text).toMatch(/<option value="value"\s+selected/);
    expect(words(page)).toContain('Take off: “e” × Take off: Status: Customer ×');
  });

  it('says so when nothing matches, with a way out, also for a value that no account has any more', async () => {
    const page = await get('/accounts?owner.99999=1');
    expect(words(page)).toContain('No account matches all of this.');
    expect(words(page)).toContain('Take off: Owner: 99999');
    expect(page.text).toMatch(/name="owner\.99999"\s+value="1"\s+checked/);
    expect(page.text).not.toContain('<table');
  });

  it('shows whatever HubSpot holds as text, and what is not known never as 0', async () => {
    const page = await get(`/accounts?q=${hostileId}`);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Söhne&quot;');
    expect(page.text).toContain(`href="/accounts/${hostileId}"`);
    expect(page.text).toContain(`href="/accounts/${hostileId}/preview"`);
    const row = /<tbody[\s\S]*<\/tbody>/
      .exec(page.text)?.[0]
      .replaceAll(/<[^>]+>/g, ' ')
      .replaceAll(/\s+/g, ' ');
    expect(row).toContain('No contract – No owner – not known – not known – not known – Not scored');
  });

  it('says before the first sync that the data are on their way, and afterwards that there is no account', async () => {
    const fresh = await signedInAs(test, await addPortal(test, 'fresh'), 'manager');
    expect(words(await get('/accounts', fresh))).toContain('Your data are still on their way.');
    expect((await get('/accounts.csv', fresh)).text.trim().split('\r\n')).toHaveLength(1);
    const portal = await addPortal(test, 'empty');
    const nobody = await startFakeHubSpot({ source: memorySource() });
    await syncFrom(test, portal, nobody);
    await nobody.close();
    expect(words(await get('/accounts', await signedInAs(test, portal, 'manager')))).toContain(
      'No accounts yet',
    );
  });

  it('the start page leads to it, with a count for each band', async () => {
    const { choices } = await list({});
    const count = (value: string): number => choices.band.find((one) => one.value === value)?.accounts ?? 0;
    const page = await get('/');
    expect(words(page)).toContain(`${count('within_30')} renewals within 30 days`);
    expect(words(page)).toContain(`${count('past_due')} renewals past due`);
    expect(page.text).toContain('href="/accounts?band.within_30=1"');
  });
});

describe('the file', () => {
  it('has a name with the portal’s day, and exactly the documented columns', async () => {
    const answer = await get('/accounts.csv');
    expect(answer.headers['content-disposition']).toBe('attachment; filename=accounts-2026-03-02.csv');
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    const docs = readFileSync(new URL('../../docs/account-list.md', import.meta.url), 'utf8');
    const told = (title: string): string[] => {
      const table = docs.split(`### ${title}\n`)[1]?.split('\n##')[0] ?? '';
      return [...table.matchAll(/^\| `(\w+)`/gm)].map((match) => match[1] ?? '');
    };
    expect(Object.keys(all[0] ?? {})).toEqual(told('accounts.csv'));
    const contracts = await csv(`/accounts/${await anAccount()}/contracts.csv`);
    expect(Object.keys(contracts[0] ?? {})).toEqual(told('contracts.csv'));
  });

  it('runs no formula, and is the mart, cell by cell', async () => {
    expect(all.find((row) => row['account_id'] === formulaId)?.['name']).toBe(`'${FORMULA}`);
    const mart = await published('select * from account_list');
    for (const row of mart) {
      const told = all.find((one) => one['account_id'] === row['account_id']);
      const cell = (value: unknown): string =>
        typeof value === 'string' || typeof value === 'number' ? `${value}`.replace(/^=/, "'=") : '';
      expect(told).toMatchObject({
        name: cell(row['name']),
        contract_value: cell(row['annual']),
        contract_value_own: cell(row['own_annual']),
        own_currency: cell(row['own_currency']),
        renewal_date: cell(row['renewal_date']),
        days_left: cell(row['days_left']),
        health: cell(row['health']),
        last_two_way_contact_on: cell(row['last_contact_on']),
        latest_nps: cell(row['latest_nps']),
        churned_on: cell(row['churned_on']),
        as_of: '2026-03-02',
      });
    }
  });

  it('of contracts has every contract of the account', async () => {
    const counts = await published(
      `select account_id, count(*)::integer as contracts from contracts where account_id is not null group by 1 order by 2 desc limit 5`,
    );
    for (const { account_id: id, contracts } of counts)
      expect(await csv(`/accounts/${String(id)}/contracts.csv`)).toHaveLength(Number(contracts));
  });
});

async function anAccount(where = `status = 'customer' and annual is not null`): Promise<string> {
  const [row] = await published(
    `select account_id from account_list where ${where} order by account_id limit 1`,
  );
  return String(row?.['account_id']);
}

describe('the page of an account', () => {
  it('every account has one, with its name, its value and its renewal', async () => {
    const text = textIn('en', 'UTC');
    for (const row of all.slice(0, 60)) {
      const page = await get(`/accounts/${row['account_id']}`);
      expect(page.status).toBe(200);
      const shown = words(page);
      const noValue =
        row['has_contract_without_rate'] === 'true' ? 'No exchange rate' : 'No contract in force';
      const value =
        row['contract_value'] === '' ? noValue : `${text.money(Number(row['contract_value']), 'USD')} a year`;
      const renewal =
        row['renewal_date'] === '' ? 'No ' : text.calendarDay(new Date(`${row['renewal_date']}T00:00:00Z`));
      expect(shown).toContain(`Contract value ${value}`);
      expect(shown).toContain(`Renewal ${renewal}`);
      expect(shown).toContain('As of Mar 2, 2026, from what was known on Mar 2, 2026, 1:00 PM.');
    }
  });

  it('adds the points of the drivers up to the score, the most missed first', async () => {
    const id = await anAccount('health is not null and health < 70');
    const page = await get(`/accounts/${id}`);
    const points = [...words(page).matchAll(/([\d.]+) of ([\d.]+) points, ([\d.]+) missing/g)].map((match) =>
      match.slice(1).map(Number),
    );
    const sum = (at: number): number => points.reduce((total, one) => total + (one[at] ?? 0), 0);
    const [row] = await published(`select health from account_list where account_id = '${id}'`);
    expect(Math.abs(sum(0) - Number(row?.['health']))).toBeLessThan(1);
    expect(sum(1)).toBeCloseTo(100, 0);
    expect(sum(0) + sum(2)).toBeCloseTo(100, 0);
    const missing = points.map((one) => one[2] ?? 0);
    expect(missing).toEqual(missing.toSorted((a, b) => b - a));
    expect(words(page)).toContain('expert weights, not yet tested');
  });

  it('says where each fact comes from, with links to the records', async () => {
    const id = await anAccount(`renewal_date is not null and last_contact_on is not null`);
    const page = await get(`/accounts/${id}`);
    expect(words(page)).toContain('Where these figures come from');
    expect(words(page)).toContain('Renewal The earliest end of a term, from today on');
    // one fold for all figures and one for the measures: the page stays calm
    expect(page.text.match(/<details class="origins">/g)).toHaveLength(2);
    expect(page.text).toMatch(
      /<code>line_items\.hs_recurring_billing_end_date<\/code>|<code>subscriptions\.\w+<\/code>/,
    );
    expect(page.text).toMatch(
      /href="https:\/\/app\.hubspot\.com\/contacts\/\d+\/record\/0-2\/\d+"\s+target="_blank"/,
    );
    expect(page.text).toContain(`href="/why?company=${id}"`);
    expect(page.text).toContain(`href="/accounts/${id}/contracts.csv"`);
  });

  it('says why a company is no customer, as the card does, and nothing of the kind of a customer', async () => {
    const titles: Partial<Record<string, string>> = {
      lapsed: en['accountPage.notice.lapsed'],
      former: en['accountPage.notice.former'],
      future: en['accountPage.notice.future'],
      trial: en['accountPage.notice.trial'],
      free: en['accountPage.notice.free'],
      uncovered: en['accountPage.notice.uncovered'],
    };
    for (const status of new Set(all.map((row) => row['status'] ?? ''))) {
      const page = await get(`/accounts/${await anAccount(`status = '${status}'`)}`);
      const title = titles[status];
      if (title === undefined) expect(page.text, status).not.toContain('class="notice"');
      else expect(words(page), status).toContain(`${title}.`);
    }
  });

  it('says in words what is not known, and that nobody was asked', async () => {
    const shown = words(await get(`/accounts/${hostileId}`));
    expect(shown).toContain('Plan not recorded');
    expect(shown).toContain('Tenure No customer today');
    expect(shown).toContain('Overdue invoices No invoices known');
    expect(shown).toMatch(/Nobody was asked yet|HubSpot does not say who was asked/);
    expect(shown).not.toContain('Nobody who was asked is silent');
    expect(shown).not.toContain(' – ');
  });

  it('names the rule of the status, the owner and the last day for notice', async () => {
    const id = await anAccount(`notice_deadline is not null and owner_id is not null`);
    const shown = words(await get(`/accounts/${id}`));
    for (const [what, rule] of [
      ['Status', en['rule.state_of_contracts']],
      ['Owner', en['rule.recorded']],
      ['Notice deadline', en['rule.term_end_minus_notice_days']],
    ])
      expect(shown).toContain(`${what} ${rule}`);
  });

  it('an id that is nowhere, one of another portal, and what is no id are answered alike', async () => {
    const [foreign] = await getAccountIds(stranger);
    const own = await anAccount();
    const bare = (page: Response): string => page.text.replaceAll(/data-now="[^"]+"/g, '');
    const unknown = await get('/accounts/1234567890123', stranger);
    expect(unknown.status).toBe(404);
    expect(words(unknown)).toContain('There is no such account This company is not in the last sync.');
    expect(unknown.text).toContain('action="/accounts" role="search"');
    // Both portals come from one generator, so an id of the larger one that the smaller one lacks.
    const theirs = all
      .map((row) => row['account_id'] ?? '')
      .find((id) => id !== foreign && Number(id) > 7_000_000_100);
    for (const path of [
      `/accounts/${theirs}`,
      '/accounts/%3Cb%3E',
      `/accounts/${'9'.repeat(200)}`,
      '/accounts/..%2F..',
    ])
      expect(bare(await get(path, stranger)), path).toBe(bare(unknown));
    expect((await get(`/accounts/${theirs}/contracts.csv`, stranger)).status).toBe(404);
    expect((await get(`/accounts/${own}`)).status).toBe(200);
  });

  async function getAccountIds(who: TestPerson): Promise<string[]> {
    const answer = await getAccountList(test.web, who.portal, {});
    return answer.state === 'listed' ? answer.list.rows.map((row) => row.account_id) : [];
  }

  it('a company that is no account says so and leads to why', async () => {
    const [none] = await published(
      `select company_id from company_list where company_id not in (select account_id from accounts) limit 1`,
    );
    const page = await get(`/accounts/${String(none?.['company_id'])}`);
    expect(page.status).toBe(404);
    expect(words(page)).toContain('This company is not counted as an account');
    expect(page.text).toContain(`/why?company=${String(none?.['company_id'])}"`);
  });

  it('calls contracts and tickets by their names, and says in words how a contract was read', async () => {
    const [some] = await published(
      `select contracts.account_id as id, contracts.name, tickets.subject from contracts join tickets using (account_id)
       where tickets.is_open and contracts.name is not null and tickets.subject is not null order by 1, 2, 3 limit 1`,
    );
    const page = await get(`/accounts/${String(some?.['id'])}`);
    for (const name of [some?.['name'], some?.['subject']])
      expect(page.text).toContain(`class="record-name" title="${String(name)} (`);
    expect(words(page)).toContain(en['contractRule.amount / frequency']);
    expect(words(page)).not.toMatch(/amount \/ frequency|successor starts|churn_/);
  });

  it('of a former customer says from when to when it was one, its last value, and the reason in words', async () => {
    const [gone] = await published(
      `select account_id as id from account_list where status = 'former' and churn_reason like '%\\_%' escape '\\' order by 1 limit 1`,
    );
    const shown = words(await get(`/accounts/${String(gone?.['id'])}`));
    expect(shown).toMatch(
      /It was a customer from \w+ \d+, \d+ to \w+ \d+, \d+\. Its last contract value was \$[\d,.]+ a year\. Reason: [A-Z][a-z ]+\./,
    );
    expect(shown).toMatch(/Last value \$[\d,.]+ a year/);
  });

  it('the list names the rules that score the health', async () => {
    expect(words(await get('/accounts'))).toContain(
      'scored by the rules house-1: expert weights, not yet tested',
    );
    expect(new Set(all.flatMap((row) => (row['health'] === '' ? [] : [row['health_version']])))).toEqual(
      new Set(['house-1']),
    );
  });

  it('writes hostile names as text', async () => {
    const page = await get(`/accounts/${hostileId}`);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).toContain('<h1>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Söhne&quot;</h1>');
  });
});

it('everything that an account can be has its words', async () => {
  const rules = await published(`select distinct rule from health_drivers where rule is not null`);
  const paths = ['tenure.source', 'renewal.source', 'value.source', 'lastContact.source', 'nextStep.source'];
  paths.push(...Object.keys(CardDocument.shape.sources.shape).map((field) => `sources.${field}`));
  for (const path of paths)
    rules.push(...(await published(`select distinct document ->> '$.${path}.rule' as rule from cards`)));
  const readings = await published(
    `select distinct unnest(json_extract_string(rules, ['start', 'end', 'mrr', 'service_end'])) as rule from contracts`,
  );
  // A rule is a property of a record, or has words.
  const inWords = readings.flatMap(({ rule }) =>
    /^\w+\.\w+$/.test(String(rule)) ? [] : [`contractRule.${String(rule)}`],
  );
  expect(inWords.length).toBeGreaterThan(3);
  const wanted = [
    ...inWords,
    ...ACCOUNT_STATES.map((one) => `accounts.status.${one}`),
    ...RENEWAL_BANDS.map((one) => `accounts.band.${one}`),
    ...HEALTH_BANDS.map((one) => `accounts.health.${one}`),
    ...HEALTH_MEASURES.map((one) => `accountPage.measure.${one}`),
    ...CONTRACT_STATES.map((one) => `accountPage.state.${one}`),
    ...FILTERS.flatMap((one) => [`accounts.field.${one}`, `accounts.none.${one}`]),
    ...rules.flatMap(({ rule }) => (typeof rule === 'string' ? [`rule.${rule}`] : [])),
  ];
  expect(wanted.filter((key) => !Object.keys(en).includes(key))).toEqual([]);
});
