import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildMarts } from '../../src/warehouse/build.ts';
import { demoInputs } from '../support/book.ts';
import type { MartRow } from '../support/marts.ts';
import { ANCHOR, openBench, type SyncBench } from '../support/sync.ts';

/** The accounts with a name, as their stories show in what the product makes of the records. */
const TODAY = ANCHOR.toISOString().slice(0, 10);
const QUERIES = {
  accounts: 'from accounts',
  responses: `from responses where survey_type = 'NPS' order by answered_at`,
  touches: 'from touches order by touched_at',
  tickets: 'from tickets',
  invoices: 'from invoices order by due desc',
  movements: 'from movements order by day',
  use: `select a.to_id as account_id, (o.properties ->> 'event_count')::integer as events
        from objects o join associations a on a.from_type = o.object_type and a.from_id = o.id and a.to_type = 'companies'
        where o.object_type = '2-7654321' order by o.properties ->> 'usage_month'`,
} as const;
const all = new Map<string, MartRow[]>();
let bench: SyncBench;

beforeAll(async () => {
  bench = await openBench({ accounts: 60, seed: 11 });
  await bench.sync();
  const inputs = { ...demoInputs(bench.clock.now()), today: TODAY };
  await bench.warehouse.alone((db) =>
    buildMarts(db, inputs, ':memory:', async () => {
      for (const [name, sql] of Object.entries(QUERIES))
        all.set(name, (await db.runAndReadAll(sql)).getRowObjectsJson());
    }),
  );
}, 120_000);
afterAll(() => bench.close());

function account(name: string): { row: MartRow; of: (table: keyof typeof QUERIES) => MartRow[] } {
  const row = all.get('accounts')?.find((one) => one['name'] === name) ?? {};
  const of = (table: keyof typeof QUERIES): MartRow[] =>
    (all.get(table) ?? []).filter((one) => one['account_id'] === row['account_id']);
  return { row, of };
}

function days(until: unknown): number {
  return (Date.parse(String(until)) - Date.parse(TODAY)) / 86_400_000;
}

function values(rows: readonly MartRow[], column: string): unknown[] {
  return rows.map((row) => row[column]);
}

it('Alder & Finch Logistics is healthy, grew twice, and must be told within forty days', () => {
  const { row, of } = account('Alder & Finch Logistics');
  expect(row).toMatchObject({ status: 'customer', plan: 'Scale' });
  expect(days(row['notice_deadline'])).toBeGreaterThan(35);
  expect(days(row['notice_deadline'])).toBeLessThan(45);
  expect(Number(row['home_mrr'])).toBe(4900);
  const growth = values(of('movements'), 'kind').filter((kind) => kind === 'expansion');
  expect(growth.length).toBeGreaterThanOrEqual(2);
  expect(Math.min(...values(of('responses'), 'score').map(Number))).toBeGreaterThanOrEqual(9);
  const meetings = of('touches').filter((one) => one['type'] === 'meeting');
  expect(meetings.filter((one) => days(one['day']) > 0)).toHaveLength(1);
  // What a card shows first is the review: the last one, and the next.
  const met = of('touches').filter((one) => one['is_two_way'] === true && days(one['day']) <= 0);
  expect([met.at(-1)?.['type'], days(met.at(-1)?.['day'])]).toEqual(['meeting', -12]);
  const ahead = of('touches').find((one) => days(one['day']) > 0);
  expect([ahead?.['type'], days(ahead?.['day'])]).toEqual(['meeting', 9]);
});

it('Birchwood Clinics lost its champion, fades, answered 9, 6 and 3, and renews in seventy-five days', () => {
  const { row, of } = account('Birchwood Clinics');
  expect(row['status']).toBe('customer');
  expect(days(row['renewal_date'])).toBeGreaterThan(70);
  expect(days(row['renewal_date'])).toBeLessThan(80);
  expect(values(of('responses'), 'score')).toEqual([9, 6, 3]);
  const held = of('touches').filter((one) => one['type'] === 'meeting' && one['is_two_way'] === true);
  expect(days(held.at(-1)?.['day'])).toBe(-80);
  const use = values(of('use'), 'events').map(Number);
  expect(use.at(-1)).toBeLessThan(0.6 * (use.at(-8) ?? 0));
});

it('Cobalt Robotics gave notice and left a month ago for a competitor', () => {
  const { row } = account('Cobalt Robotics');
  expect(row).toMatchObject({ status: 'former', churn_reason: 'competitor', churn_kind: 'voluntary' });
  expect(days(row['served_to'])).toBeGreaterThan(-35);
  expect(days(row['served_to'])).toBeLessThan(-25);
});

it('Dune Analytics renewed for less, owes a bill for forty days, and has four tickets open', () => {
  const { row, of } = account('Dune Analytics');
  expect(row).toMatchObject({ status: 'customer', currency: 'GBP' });
  expect(values(of('movements'), 'kind')).toContain('contraction');
  expect(of('tickets').filter((one) => one['is_open'] === true)).toHaveLength(4);
  const [bill] = of('invoices');
  expect([days(bill?.['due']), bill?.['paid']]).toEqual([-40, null]);
});

it('Elm Street Media left fourteen months ago and came back five months ago', () => {
  const { row, of } = account('Elm Street Media');
  expect(row['status']).toBe('customer');
  expect(days(row['spell_started_on'])).toBe(-150);
  expect(days(row['first_paid_on'])).toBe(-1155);
  expect(values(of('movements'), 'kind')).toEqual(expect.arrayContaining(['churn', 'reactivation']));
});
