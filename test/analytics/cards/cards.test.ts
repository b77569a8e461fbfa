import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CardDocument } from '../../../src/core/accounts/card-document.ts';
import type { Warehouse } from '../../../src/warehouse/warehouse.ts';
import { demoInputs } from '../../support/book.ts';
import { DEMO_MAPPING } from '../../support/demo-mapping.ts';
import { handMadeWarehouse } from '../../support/hand-made.ts';
import { martRows, type MartRow } from '../../support/marts.ts';
import {
  account,
  answer,
  day,
  deal,
  invoice,
  links,
  meeting,
  NOON,
  person,
  records,
  subscription,
  ticket,
  touch,
} from './cases.ts';

/** Nothing says who was asked. */
const UNASKED = { ...DEMO_MAPPING, contacts: { ...DEMO_MAPPING.contacts, last_survey_sent: null } };

// Each is an account with a term from -200 days to so many days ahead; the notice is so many days before its end.
const bands = (
  [
    [-1, 'past_due'],
    [0, 'within_30'],
    [30, 'within_30'],
    [31, 'within_90'],
    [90, 'within_90'],
    [91, 'within_180'],
    [180, 'within_180'],
    [181, 'later'],
  ] as const
).map(([left, band]) => {
  const id = account(`Deadline in ${left}`, { hf_notice_days: '60' });
  deal(id, { start: day(-300), end: day(left + 59) });
  return { id, left, band };
});

const noNotice = account('Nobody wrote the notice down');
deal(noNotice, { start: day(-200), end: day(19) });

const signedNext = account('Signed for another year', { hf_notice_days: '30' });
deal(signedNext, { start: day(-340), end: day(24), mrr: 100 });
deal(signedNext, { start: day(25), end: day(389), mrr: 130, motion: 'renewal' });

const openEnded = account('Month by month');
subscription(openEnded, day(-400), 50);

const twoCurrencies = account('Pays in two currencies');
const inEuro = deal(twoCurrencies, {
  start: day(-100),
  end: day(264),
  mrr: 200,
  currency: 'EUR',
  rate: '1.1',
});
const inDollar = deal(twoCurrencies, { start: day(-50), end: day(314), mrr: 30 });

const noRate = account('Pays what nobody can convert');
deal(noRate, { start: day(-100), end: day(264), mrr: 70, currency: 'XAF' });

const returner = account('Left and came back');
deal(returner, { start: day(-900), end: day(-536) });
deal(returner, { start: day(-90), end: day(274), motion: 'return' });

// Renewed at the same price, then for more, by deals; the last one is called by nothing.
const renewed = account('Renewed twice');
deal(renewed, { start: day(-800), end: day(-436), name: 'First year' });
deal(renewed, { start: day(-435), end: day(-71), motion: 'renewal', name: 'Second year' });
deal(renewed, { start: day(-70), end: day(294), motion: 'renewal', mrr: 150, name: '  ' });

// Two terms that end on one day: the small one was written down first.
const twoTerms = account('Two terms of one end', { hf_notice_days: '30' });
deal(twoTerms, { start: day(-100), end: day(100), mrr: 5 });
const mainTerm = deal(twoTerms, { start: day(-200), end: day(100), mrr: 500 });

const former = account('Left for good', { lifecyclestage: 'other', hf_churn_reason: 'competitor' });
deal(former, { start: day(-500), end: day(-136) });
const formerPerson = person(former, 'Otto Gone');
answer(formerPerson, day(-140), '2');

const uncovered = account('Called a customer, without a contract');
account('A prospect', { lifecyclestage: 'lead' });

// Every measure has something to measure, half-way between worst and best.
const measured = account('Everything is measured', { hf_seats: '50', hf_monthly_active_users: '20' });
deal(measured, { start: day(-200), end: day(164) });
const decider = person(measured, 'Dana Decider', { hs_buying_role: 'DECISION_MAKER', jobtitle: 'COO' });
const user = person(measured, 'Uwe User', { hs_buying_role: 'END_USER' });
const gone = person(measured, 'Gabi Gone', { hs_buying_role: 'CHAMPION', hf_left_company: 'true' });
answer(decider, day(-200), '10');
const latest = answer(decider, day(-20), '5');
const other = answer(user, day(-30), '8');
answer(user, day(-400), '0');
const metLast = meeting(measured, day(-52));
meeting(measured, day(-3), 'NO_SHOW');
touch(measured, 'emails', { hs_timestamp: `${day(-1)}T09:00:00Z`, hs_email_direction: 'EMAIL' });
touch(measured, 'notes', { hs_timestamp: `${day(-1)}T09:00:00Z` });
const planned = meeting(measured, day(4), 'SCHEDULED');
const urgent = ticket(measured, day(-9), { hs_ticket_priority: 'HIGH', subject: 'Everything is down' });
const slow = ticket(measured, day(-40));
ticket(measured, day(-60), { hs_is_closed: 'true', closed_date: `${day(-50)}T10:00:00Z` });
invoice(measured, day(-22));
invoice(measured, day(5));
invoice(measured, day(-70), { hs_invoice_status: 'paid', hs_balance_due: '0', hf_paid_date: day(-60) });

const barelyKnown = account('Hardly anything is measured');
deal(barelyKnown, { start: day(-200), end: day(164) });

const asked = account('Who was asked');
deal(asked, { start: day(-200), end: day(164) });
const answered = person(asked, 'Anna Answered', { hf_last_nps_sent_at: day(-20) });
answer(answered, day(-18), '9');
const silent = person(asked, 'Simon Silent', { hf_last_nps_sent_at: day(-20) });
const answeredBefore = person(asked, 'Berta Before', { hf_last_nps_sent_at: day(-20) });
answer(answeredBefore, day(-100), '9');
person(asked, 'Lang Her', { hf_last_nps_sent_at: day(-400) });
person(asked, 'Nie Gefragt');

let warehouse: Warehouse;
let close: () => Promise<void>;
let cards: Map<string, CardDocument>;
let list: Map<string, MartRow>;
let rows: (sql: string) => Promise<MartRow[]>;

beforeAll(async () => {
  ({ warehouse, close } = await handMadeWarehouse(records, links));
  rows = (sql) => martRows(warehouse, demoInputs(NOON), sql);
  const documents = await rows('from cards');
  cards = new Map(
    documents.map((row) => [
      String(row['account_id']),
      CardDocument.parse(JSON.parse(String(row['document']))),
    ]),
  );
  list = new Map((await rows('from account_list')).map((row) => [String(row['account_id']), row]));
});
afterAll(() => close());

function card(id: string): CardDocument {
  const found = cards.get(id);
  if (found === undefined) throw new Error(`there is no card of ${id}`);
  return found;
}

it('there is one card and one line of the list for each account, and none for a prospect', async () => {
  const accounts = (await rows('select account_id from accounts')).map((row) => String(row['account_id']));
  expect([...cards.keys()].toSorted()).toEqual(accounts.toSorted());
  expect([...list.keys()].toSorted()).toEqual(accounts.toSorted());
  expect([...cards.values()].map((one) => one.account.name)).not.toContain('A prospect');
});

describe('the renewal', () => {
  it.each(bands)('with the deadline in $left days is $band', ({ id, left, band }) => {
    expect(card(id).renewal).toMatchObject({
      date: day(left + 60),
      noticeDeadline: day(left),
      noticeDays: 60,
      daysLeft: left,
      countsTo: 'notice',
      band,
    });
    expect(list.get(id)).toMatchObject({ band, days_left: left });
  });

  it('counts to the end of the term where no notice is known, and says so', () => {
    expect(card(noNotice).renewal).toMatchObject({
      date: day(20),
      noticeDeadline: null,
      noticeDays: null,
      daysLeft: 20,
      countsTo: 'renewal',
      band: 'within_30',
    });
  });

  it('is the end of the term after next where the next one is signed', () => {
    const { renewal, value } = card(signedNext);
    expect(renewal).toMatchObject({ date: day(390), noticeDeadline: day(360), band: 'later' });
    expect(value.next).toEqual({ annual: { amount: 1560, currency: 'USD' }, startsOn: day(25) });
    expect(value.annual).toEqual({ amount: 1200, currency: 'USD' });
  });

  it('of several terms that end on one day is that of the contract worth most', () => {
    expect(card(twoTerms).renewal).toMatchObject({
      date: day(101),
      source: { records: [{ type: 'deals', id: mainTerm }] },
    });
  });

  it('is not known of what runs on from month to month, and of who has left', () => {
    for (const id of [openEnded, former])
      expect(card(id).renewal).toMatchObject({ date: null, daysLeft: null, band: null, countsTo: null });
  });
});

describe('the contract value', () => {
  it('is the sum in force, in the portal’s currency and in the contracts’ own, and names its records', () => {
    const { value } = card(twoCurrencies);
    expect(value.annual).toEqual({ amount: 3000, currency: 'USD' });
    expect(value.own).toEqual([
      { amount: 2400, currency: 'EUR' },
      { amount: 360, currency: 'USD' },
    ]);
    expect(value.source?.records).toEqual([
      { type: 'deals', id: inEuro },
      { type: 'deals', id: inDollar },
    ]);
  });

  it('without a rate is not known, and the contracts left out are counted', () => {
    expect(card(noRate).value).toMatchObject({
      annual: null,
      own: [{ amount: 840, currency: 'XAF' }],
      contracts: 1,
      withoutRate: 1,
    });
  });

  it('of nothing in force is not known, never 0', () => {
    expect(card(former).value).toMatchObject({ annual: null, own: [], contracts: 0, source: null });
    expect(list.get(former)?.['annual']).toBeNull();
  });

  it('of who left says what it was at the end; of anybody else nothing', () => {
    expect(card(former).value.last).toEqual({ amount: 1200, currency: 'USD' });
    expect([...cards.values()].filter((one) => one.value.last !== null)).toEqual([card(former)]);
  });

  it('stands in the list in the contracts’ own currency too, where they are in one', () => {
    const own = (id: string): unknown[] => [list.get(id)?.['own_annual'], list.get(id)?.['own_currency']];
    expect(own(renewed)).toEqual([1800, 'USD']);
    expect(own(noRate)).toEqual([840, 'XAF']);
    expect(own(twoCurrencies)).toEqual([null, 'EUR USD']);
    expect(own(former)).toEqual([null, null]);
  });
});

describe('the tenure', () => {
  it('begins with the current spell; the first start stands beside it', () => {
    expect(card(returner).tenure).toMatchObject({ days: 90, since: day(-90), firstSince: day(-900) });
  });

  it('of who left is not counted on', () => {
    expect(card(former).tenure).toMatchObject({
      days: null,
      since: day(-500),
      servedTo: day(-135),
      lastDay: day(-136),
    });
    expect(card(measured).tenure.lastDay).toBeNull();
    expect(card(former).account).toMatchObject({ status: 'former', churnReason: 'competitor' });
  });

  it('of who never had a contract is not known', () => {
    expect(card(uncovered)).toMatchObject({
      account: { status: 'uncovered' },
      tenure: { days: null, since: null, source: null },
      contracts: [],
    });
  });
});

describe('the health', () => {
  it('adds up what was measured', () => {
    const { health } = card(measured);
    const drivers = new Map(health.drivers.map((driver) => [driver.measure, driver]));
    // mean of the latest answers of two people: 5 and 8; from 3 to 10 that is 50 points
    expect(drivers.get('nps')).toMatchObject({
      value: 6.5,
      score: 50,
      weight: 25,
      earned: 12.5,
      missing: 12.5,
    });
    // 20 of 50 seats: half-way from 20 to 60 percent
    expect(drivers.get('usage')).toMatchObject({ value: 40, score: 50, earned: 12.5 });
    // 52 days since the last meeting that was held: half-way from 90 to 14
    expect(drivers.get('contact')).toMatchObject({ value: 52, score: 50, earned: 10, day: day(-52) });
    // an urgent ticket weighs as two, and one that is not: 3 of 6
    expect(drivers.get('tickets')).toMatchObject({ value: 3, score: 50, earned: 10 });
    // 22 of 45 days overdue; the bill that is not due and the one that was paid late do not count
    expect(drivers.get('invoices')).toMatchObject({ value: 22, score: 51.1 });
    expect(health).toMatchObject({ score: 50, band: 'watch', coverage: 100, version: 'house-1' });
  });

  it('points to the records it was read from', () => {
    const drivers = new Map(card(measured).health.drivers.map((driver) => [driver.measure, driver.source]));
    expect(drivers.get('nps')?.records).toEqual([
      { type: 'feedback_submissions', id: latest },
      { type: 'feedback_submissions', id: other },
    ]);
    expect(drivers.get('contact')?.records).toEqual([{ type: 'meetings', id: metLast }]);
    expect(drivers.get('tickets')?.records).toEqual([
      { type: 'tickets', id: slow },
      { type: 'tickets', id: urgent },
    ]);
  });

  it('is not scored where too little can be measured; what is missing weighs nothing', () => {
    const { health } = card(barelyKnown);
    // tickets alone: nothing open, where the portal keeps tickets
    expect(health).toMatchObject({ score: null, band: null, coverage: 20 });
    const missing = health.drivers.filter((driver) => driver.value === null);
    expect(missing.map((driver) => driver.measure).toSorted()).toEqual([
      'contact',
      'invoices',
      'nps',
      'usage',
    ]);
    for (const driver of missing)
      expect(driver).toMatchObject({ score: null, weight: 0, earned: 0, missing: 0, source: null });
  });

  it('is nothing for who is no customer', () => {
    for (const id of [former, uncovered])
      expect(card(id).health).toMatchObject({ score: null, coverage: 0, drivers: [], change30: null });
  });

  it('has drivers that make up the score and the whole weight, for every account', () => {
    for (const { health } of cards.values()) {
      const sum = (of: (driver: (typeof health.drivers)[number]) => number): number =>
        health.drivers.reduce((total, driver) => total + of(driver), 0);
      for (const driver of health.drivers)
        expect(driver.earned + driver.missing).toBeCloseTo(driver.weight, 1);
      if (health.drivers.some((driver) => driver.score !== null))
        expect(Math.abs(sum((driver) => driver.weight) - 100)).toBeLessThan(0.05);
      if (health.score !== null)
        expect(Math.abs(sum((driver) => driver.earned) - health.score)).toBeLessThanOrEqual(0.55);
    }
  });
});

describe('the people', () => {
  it('come with who decides first and who left last', () => {
    expect(card(measured).people).toEqual([
      { id: decider, name: 'Dana Decider', title: 'COO', role: 'DECISION_MAKER', hasLeft: false },
      { id: user, name: 'Uwe User', title: null, role: 'END_USER', hasLeft: false },
      { id: gone, name: 'Gabi Gone', title: null, role: 'CHAMPION', hasLeft: true },
    ]);
  });

  it('who answered are named with their answers, the newest first', () => {
    const { surveys } = card(measured);
    expect(surveys.total).toBe(4);
    expect(surveys.answers.map(({ day: on, contact, score, group }) => [on, contact, score, group])).toEqual([
      [day(-20), 'Dana Decider', 5, 'detractor'],
      [day(-30), 'Uwe User', 8, 'passive'],
      [day(-200), 'Dana Decider', 10, 'promoter'],
      [day(-400), 'Uwe User', 0, 'detractor'],
    ]);
  });

  it('who were asked within a year and have not answered since are named', () => {
    expect(card(asked).surveys.silent).toEqual([
      { contactId: silent, contact: 'Simon Silent', askedOn: day(-20) },
      { contactId: answeredBefore, contact: 'Berta Before', askedOn: day(-20) },
    ]);
  });

  it('who did not answer are not known where nothing says who was asked', async () => {
    const [row] = await martRows(
      warehouse,
      demoInputs(NOON, UNASKED),
      `select document from cards where account_id = '${asked}'`,
    );
    expect(CardDocument.parse(JSON.parse(String(row?.['document']))).surveys.silent).toBeNull();
  });
});

describe('the daily work', () => {
  it('knows the last two-way contact and the next step; our own mails and notes and who did not come do not count', () => {
    const { lastContact, nextStep } = card(measured);
    expect(lastContact).toMatchObject({ day: day(-52), daysAgo: 52, type: 'meeting' });
    expect(lastContact?.source.records).toEqual([{ type: 'meetings', id: metLast }]);
    expect(nextStep).toMatchObject({ day: day(4), inDays: 4, type: 'meeting' });
    expect(nextStep?.source.records).toEqual([{ type: 'meetings', id: planned }]);
    expect(card(barelyKnown)).toMatchObject({ lastContact: null, nextStep: null });
  });

  it('counts open tickets, the urgent ones first', () => {
    expect(card(measured).tickets).toMatchObject({ open: 2, urgent: 1, oldestDays: 40 });
    expect(card(measured).tickets.list.map((one) => [one.record.id, one.subject, one.daysOpen])).toEqual([
      [urgent, 'Everything is down', 9],
      [slow, null, 40],
    ]);
  });

  it('counts overdue invoices; without any invoice nothing is known', () => {
    expect(card(measured).invoices).toEqual({
      overdue: 1,
      amounts: [{ amount: 1200, currency: 'USD' }],
      oldestDays: 22,
    });
    expect(card(barelyKnown).invoices).toBeNull();
  });
});

it('the timeline has movements and answers, the newest first', () => {
  expect(
    card(former).timeline.map(({ day: on, kind, change }) => [on, kind, change?.amount ?? null]),
  ).toEqual([
    [day(-135), 'churn', -1200],
    [day(-140), 'answer', null],
    [day(-500), 'new', 1200],
  ]);
});

it('the timeline tells every renewal once: alone at the same price, else beside what it moved', () => {
  expect(
    card(renewed).timeline.map(({ day: on, kind, atRenewal, change }) => [
      on,
      kind,
      atRenewal,
      change?.amount ?? null,
    ]),
  ).toEqual([
    [day(-70), 'expansion', true, 600],
    [day(-435), 'renewal', true, null],
    [day(-800), 'new', false, 1200],
  ]);
});

it('contracts are called as their records are, and by nothing where they have no name; terms say their last day', () => {
  expect(card(renewed).contracts.map(({ name, start, lastDay }) => [name, start, lastDay])).toEqual([
    [null, day(-70), day(294)],
    ['Second year', day(-435), day(-71)],
    ['First year', day(-800), day(-436)],
  ]);
});

it('a reason that is an option of its property is told by its label', async () => {
  await warehouse.write((db) =>
    db.run(
      `insert into definitions (kind, object_type, id, document, known_from) values ('property', 'companies', 'hf_churn_reason', $document, timestamptz '2026-01-01')`,
      { document: JSON.stringify({ options: [{ value: 'competitor', label: 'Went to a competitor' }] }) },
    ),
  );
  const [row] = await rows(`select document from cards where account_id = '${former}'`);
  expect(CardDocument.parse(JSON.parse(String(row?.['document']))).account.churnReason).toBe(
    'Went to a competitor',
  );
});
