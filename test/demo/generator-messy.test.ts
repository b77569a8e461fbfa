import { describe, expect, it } from 'vitest';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import { MESSY } from '../../src/demo/generator/messy.ts';
import type { SourceRecord } from '../../src/demo/source.ts';

const DAY_MS = 86_400_000;

/** Accounts that are as untidy as real ones: each is really there, whatever the seed and the day. */
describe.each([
  [1, '2026-03-01T12:00:00Z'],
  [42, '2026-10-31T23:30:00Z'],
  [999, '2028-02-29T00:10:00Z'],
])('with seed %i up to %s', (seed, until) => {
  const anchor = new Date(until);
  const today = anchor.toISOString().slice(0, 10);
  const portal = generatePortal({ seed, accounts: 60, anchor });
  const company = (account: number): Record<string, string> => portal.at('companies', account).properties;
  const linked = (account: number, type: string): SourceRecord[] =>
    portal
      .associations('companies', account)
      .filter((link) => link.toType === type)
      .map((link) => portal.at(type, portal.numberOf(type, link.toId) ?? 0));
  const spells = (account: number): { start: number; end: number }[] =>
    linked(account, 'deals')
      .filter((deal) => deal.properties['hs_is_closed_won'] === 'true')
      .map(({ properties }) => ({
        start: Date.parse(properties['hf_term_start'] ?? '') / DAY_MS,
        end: Date.parse(properties['hf_term_end'] ?? '') / DAY_MS,
      }))
      .toSorted((a, b) => a.start - b.start);
  const gaps = (account: number): number[] =>
    spells(account).flatMap((spell, n, all) => (n === 0 ? [] : spell.start - (all[n - 1]?.end ?? 0) - 1));
  const latest = (account: number): Record<string, string> =>
    linked(account, 'deals').find((deal) => (deal.properties['hf_term_end'] ?? '') >= today)?.properties ??
    {};

  it.each(Object.entries(MESSY).filter(([name]) => name !== 'noDeals' && name !== 'missingDates'))(
    'account %s is a customer today, known before its first contract',
    (_, account) => {
      const [first] = spells(account);
      expect(company(account)['lifecyclestage']).toBe('customer');
      expect(spells(account).at(-1)?.end).toBeGreaterThanOrEqual(Date.parse(today) / DAY_MS);
      expect(portal.at('companies', account).createdAt / DAY_MS).toBeLessThan(first?.start ?? 0);
    },
  );

  it('a company without dates of its contract', () => {
    const {
      hf_contract_start: start,
      hf_renewal_date: renewal,
      lifecyclestage,
    } = company(MESSY.missingDates);
    expect([start, renewal, lifecyclestage]).toEqual([undefined, undefined, 'customer']);
    const deals = linked(MESSY.missingDates, 'deals');
    expect(deals.length).toBeGreaterThan(0);
    expect(
      deals.every(
        (deal) =>
          deal.properties['hf_term_start'] === undefined && deal.properties['hf_term_end'] === undefined,
      ),
    ).toBe(true);
  });

  it('two contracts that overlap', () => {
    expect(gaps(MESSY.overlap)).toEqual([expect.any(Number)]);
    expect(gaps(MESSY.overlap)[0]).toBeLessThan(-14);
  });

  it('a gap of two weeks, one of four months, and one of a year after which the account returned', () => {
    // a day more or less, by leap years
    expect(Math.abs((gaps(MESSY.gapWithinGrace)[0] ?? 0) - 15)).toBeLessThanOrEqual(1);
    expect(Math.abs((gaps(MESSY.gapBeyondGrace)[0] ?? 0) - 120)).toBeLessThanOrEqual(1);
    expect(gaps(MESSY.returner)[0]).toBeGreaterThan(365);
    for (const account of [MESSY.gapBeyondGrace, MESSY.returner]) {
      expect(linked(account, 'deals').map((deal) => deal.properties['hf_motion'])).toContain('return');
    }
  });

  it('a pause that is over', () => {
    const { hf_paused_from: from = '', hf_paused_to: to = '' } = company(MESSY.pause);
    expect(from < to && to < today).toBe(true);
  });

  it('a customer without any deal', () => {
    expect(company(MESSY.noDeals)['lifecyclestage']).toBe('customer');
    expect(linked(MESSY.noDeals, 'deals')).toEqual([]);
  });

  it('a company and a contact that swallowed another one', () => {
    const survivor = portal.at('companies', MESSY.mergedCompany);
    const swallowed = survivor.properties['hs_merged_object_ids'] ?? '';
    expect(portal.merges('companies').get(swallowed)).toBe(survivor.id);
    expect(portal.numberOf('companies', swallowed)).toBeUndefined();
    const people = linked(MESSY.mergedContact, 'contacts').filter(
      (one) => one.properties['hs_merged_object_ids'] !== undefined,
    );
    expect(people).toHaveLength(1);
    expect(portal.merges('contacts').get(people[0]?.properties['hs_merged_object_ids'] ?? '')).toBe(
      people[0]?.id,
    );
  });

  it('an archived deal beside a live one', () => {
    const deals = linked(MESSY.archivedDeal, 'deals');
    const archived = deals.filter((deal) => deal.archivedAt !== null);
    expect(archived.length).toBeGreaterThan(0);
    expect(deals.length).toBeGreaterThan(archived.length);
    expect(portal.archived('deals').map((n) => portal.at('deals', n).id)).toEqual(
      archived.map((deal) => deal.id),
    );
  });

  it('a deal without an amount, a negative one, and one in a currency that nobody has a rate for', () => {
    const bare = latest(MESSY.dealWithoutAmount);
    expect([bare['dealname'], bare['amount'], bare['hs_mrr']]).toEqual([
      expect.any(String),
      undefined,
      undefined,
    ]);
    expect(Number(latest(MESSY.negativeValue)['amount'])).toBeLessThan(0);
    expect(Number(company(MESSY.negativeValue)['hf_contract_value'])).toBeLessThan(0);
    const strange = latest(MESSY.unknownCurrency);
    expect([strange['deal_currency_code'], strange['hs_exchange_rate']]).toEqual(['XXB', undefined]);
    expect(company(MESSY.unknownCurrency)['hf_contract_currency']).toBe('XXB');
  });

  it("deals that closed a minute before midnight in the portal's own time zone", () => {
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: portal.timeZone, timeStyle: 'short' });
    const deals = linked(MESSY.closedBeforeMidnight, 'deals').filter(
      (deal) => deal.properties['hs_is_closed'] === 'true',
    );
    expect(deals.length).toBeGreaterThan(1);
    for (const deal of deals)
      expect(clock.format(Date.parse(deal.properties['closedate'] ?? ''))).toBe('23:59');
  });

  it('a parent and a child, each knowing the other', () => {
    const relation = (account: number, other: number): number[] =>
      portal
        .associations('companies', account)
        .filter((link) => link.toId === portal.at('companies', other).id)
        .flatMap((link) => link.types.map((type) => type.typeId));
    expect(relation(MESSY.parent, MESSY.child)).toEqual([13]);
    expect(relation(MESSY.child, MESSY.parent)).toEqual([14]);
  });

  it('text where a number should be, and text that wants to be markup or a formula', () => {
    expect(company(MESSY.textInNumber)['numberofemployees']).toBe('N/A');
    expect(company(MESSY.wildText)['name']).toMatch(/<script>.*株式会社/);
    expect(company(MESSY.wildText)['name']?.length).toBeGreaterThan(150);
  });

  it('the same person twice, once without an address', () => {
    const people = linked(MESSY.duplicateContact, 'contacts').map((one) => one.properties);
    const [first, double] = [people[0], people.at(-1)];
    expect([double?.['firstname'], double?.['lastname'], double?.['email']]).toEqual([
      first?.['firstname'],
      first?.['lastname'],
      undefined,
    ]);
  });

  it('an account of our own that must not count', () => {
    expect(company(MESSY.internalAccount)['hf_account_type']).toBe('internal');
    expect(company(MESSY.internalAccount + 1)['hf_account_type']).toBe('regular');
  });

  it('and histories: a lifecycle that moved on, a renewal date typed anew with every term', () => {
    const { history, properties } = portal.at('companies', MESSY.parent);
    expect(history['lifecyclestage']?.map((version) => version.value)).toEqual([
      'customer',
      'opportunity',
      'lead',
    ]);
    expect(history['hf_renewal_date']?.[0]?.value).toBe(properties['hf_renewal_date']);
    expect(history['hf_renewal_date']).toHaveLength(2);
  });
});
