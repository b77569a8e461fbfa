import { describe, expect, it } from 'vitest';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import type { PortalSource, SourceRecord } from '../../src/demo/source.ts';

const ANCHOR = new Date('2026-03-01T12:00:00Z');
const portal = generatePortal({ seed: 1, accounts: 1000, anchor: ANCHOR });

function* recordsOf(source: PortalSource, type: string): Iterable<SourceRecord> {
  for (let n = 0; n < source.count(type); n += 1) yield source.at(type, n);
}

describe('the business', () => {
  const companies = [...recordsOf(portal, 'companies')].map((record) => record.properties);

  it('sells in three currencies', () => {
    const currencies = new Set(companies.flatMap((company) => company['hf_contract_currency'] ?? []));
    expect([...currencies].filter((one) => one !== 'XXB').toSorted()).toEqual(['EUR', 'GBP', 'USD']);
  });

  it('has leavers, each with a day, a reason and a kind, and most customers stay', () => {
    const customers = companies.filter((company) => company['hf_contract_currency'] !== undefined);
    const leavers = companies.filter((company) => company['hf_churn_date'] !== undefined);
    expect(leavers.length).toBeGreaterThan(0.1 * customers.length);
    expect(leavers.length).toBeLessThan(0.6 * customers.length);
    expect(
      leavers.every(
        (one) => one['hf_churn_reason'] !== undefined && /^(in)?voluntary$/.test(one['hf_churn_kind'] ?? ''),
      ),
    ).toBe(true);
    expect(new Set(leavers.map((one) => one['hf_churn_reason'])).size).toBeGreaterThan(6);
    expect(leavers.every((one) => one['lifecyclestage'] === 'other')).toBe(true);
  });

  it('has customers who came back after leaving, and prospects who never bought', () => {
    const returns = [...recordsOf(portal, 'deals')].filter(
      (deal) => deal.properties['hf_motion'] === 'return',
    );
    expect(returns.length).toBeGreaterThan(3);
    expect(
      companies.filter((company) => company['hf_contract_currency'] === undefined).length,
    ).toBeGreaterThan(100);
  });

  it('lets a bad relation show before the end: leavers answer lower and use less', () => {
    const leavers = new Set<string>();
    for (const [n, company] of companies.entries())
      if (company['hf_churn_date'] !== undefined) leavers.add(portal.at('companies', n).id);
    const scores = { left: [] as number[], stayed: [] as number[] };
    for (let n = 0; n < portal.count('feedback_submissions'); n += 1) {
      const { properties } = portal.at('feedback_submissions', n);
      if (properties['hs_survey_type'] !== 'NPS') continue;
      const contact = portal
        .associations('feedback_submissions', n)
        .find((link) => link.toType === 'contacts');
      const at = portal.numberOf('contacts', contact?.toId ?? '') ?? 0;
      const company =
        portal.associations('contacts', at).find((link) => link.toType === 'companies')?.toId ?? '';
      scores[leavers.has(company) ? 'left' : 'stayed'].push(Number(properties['hs_value']));
    }
    const mean = (list: number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
    expect(scores.left.length).toBeGreaterThan(50);
    expect(mean(scores.left)).toBeLessThan(mean(scores.stayed) - 0.5);
  });

  it('has terms that renew by themselves, some that do not, some of which nobody knows; who gives notice stops it', () => {
    const now = ANCHOR.toISOString().slice(0, 10);
    const counts = { true: 0, false: 0, unknown: 0 };
    let stopped = 0;
    for (const { properties, ...record } of recordsOf(portal, 'line_items')) {
      if (properties['hs_product_id'] !== '9001') continue;
      const is = properties['hf_auto_renew'];
      counts[is === 'true' || is === 'false' ? is : 'unknown'] += 1;
      const isOver = (properties['hs_recurring_billing_end_date'] ?? now) < now;
      if (is === 'false' && record.updatedAt > record.createdAt && isOver) stopped += 1;
    }
    const all = counts.true + counts.false + counts.unknown;
    expect(counts.true / all).toBeGreaterThan(0.25);
    expect(counts.false / all).toBeGreaterThan(0.15);
    expect(counts.unknown / all).toBeGreaterThan(0.1);
    expect(stopped).toBeGreaterThan(10);
  });

  it('has owners who have left and still own accounts', () => {
    const gone = new Set(
      portal
        .owners()
        .filter((owner) => owner.archived)
        .map((owner) => owner.id),
    );
    expect(gone.size).toBe(2);
    expect(companies.some((company) => gone.has(company['hubspot_owner_id'] ?? ''))).toBe(true);
  });
});

describe('dates', () => {
  /** What may lie ahead: what is planned, due or running. */
  const AHEAD =
    /^(hf_renewal_date|hf_term_start|hf_term_end|hs_due_date|hs_next_payment_due_date|hs_recurring_billing_(start|end)_date|closedate)$/;
  const PLANNED = /^(meetings hs_(timestamp|meeting_start_time|meeting_end_time)|tasks hs_timestamp)$/;

  it('of what has happened never lie after the anchor', () => {
    const late: string[] = [];
    for (const type of portal.objectTypes()) {
      for (const record of recordsOf(portal, type)) {
        const moments = [
          record.createdAt,
          record.updatedAt,
          record.archivedAt ?? 0,
          ...Object.values(record.history).flatMap((versions) => versions.map((version) => version.at)),
        ];
        if (moments.some((at) => at > ANCHOR.getTime())) late.push(`${type} ${record.id}`);
        for (const [name, value] of Object.entries(record.properties))
          if (
            /^\d{4}-\d\d-\d\d/.test(value) &&
            !AHEAD.test(name) &&
            !PLANNED.test(`${type} ${name}`) &&
            Date.parse(value) > ANCHOR.getTime()
          )
            late.push(`${type} ${record.id} ${name}=${value}`);
      }
    }
    expect(late).toEqual([]);
  });

  it('leave the last hour quiet, so that a search for what is new need not make what is old', () => {
    const youngest = Math.max(
      ...portal
        .objectTypes()
        .flatMap((type) => [...recordsOf(portal, type)].map((record) => record.updatedAt)),
    );
    expect(portal.latest).toBeGreaterThanOrEqual(youngest);
    expect(portal.latest).toBeLessThan(ANCHOR.getTime());
  });

  it('run forwards: created, then modified; first known, then sold to; histories newest first', () => {
    for (const type of portal.objectTypes()) {
      for (const record of recordsOf(portal, type)) {
        expect(record.updatedAt).toBeGreaterThanOrEqual(record.createdAt);
        for (const versions of Object.values(record.history)) {
          const times = versions.map((version) => version.at);
          expect(times).toEqual(times.toSorted((a, b) => b - a));
        }
      }
    }
    for (const type of ['contacts', 'deals', 'line_items', 'tickets', 'subscriptions', 'invoices']) {
      const early: string[] = [];
      for (let n = 0; n < portal.count(type); n += 1) {
        const company = portal.associations(type, n).find((link) => link.toType === 'companies');
        const known =
          company === undefined
            ? 0
            : portal.at('companies', portal.numberOf('companies', company.toId) ?? 0).createdAt;
        if (portal.at(type, n).createdAt < known - 86_400_000) early.push(portal.at(type, n).id);
      }
      expect([type, early]).toEqual([type, []]);
    }
  });

  it('of won deals are past, of open deals ahead, and terms end after they begin', () => {
    for (const { properties } of recordsOf(portal, 'deals')) {
      const closes = Date.parse(properties['closedate'] ?? '');
      if (properties['hs_is_closed'] === 'true') expect(closes).toBeLessThanOrEqual(ANCHOR.getTime());
      else expect(closes).toBeGreaterThan(ANCHOR.getTime());
      const [start, end] = [properties['hf_term_start'], properties['hf_term_end']];
      if (start !== undefined && end !== undefined) expect(start < end).toBe(true);
    }
  });

  it('of line items lie within the term of their deal, and their amounts add up to its monthly value', () => {
    for (let n = 0; n < portal.count('deals'); n += 1) {
      const deal = portal.at('deals', n).properties;
      const items = portal
        .associations('deals', n)
        .filter((link) => link.toType === 'line_items')
        .map((link) => portal.at('line_items', portal.numberOf('line_items', link.toId) ?? 0).properties);
      for (const item of items) {
        expect(Number(item['price']) * Number(item['quantity'])).toBeCloseTo(Number(item['amount']), -1);
        if (deal['hf_term_start'] !== undefined)
          expect(item['hs_recurring_billing_start_date']).toBe(deal['hf_term_start']);
        if (deal['hf_term_end'] !== undefined)
          expect(item['hs_recurring_billing_end_date']).toBe(deal['hf_term_end']);
      }
      const monthly = items.reduce((sum, item) => sum + Number(item['amount']), 0);
      if (items.length > 0 && deal['hs_mrr'] !== undefined)
        expect(monthly).toBeCloseTo(Number(deal['hs_mrr']), 1);
    }
  });

  it('of invoices: one for each year of a contract that has begun', () => {
    const years = (from: string, to: string): number =>
      Math.ceil((Math.min(Date.parse(to), ANCHOR.getTime()) - Date.parse(from)) / (366 * 86_400_000));
    let longer = 0;
    for (let n = 0; n < portal.count('companies'); n += 1) {
      const links = portal.associations('companies', n);
      const deals = links
        .filter((link) => link.toType === 'deals')
        .map((link) => portal.at('deals', portal.numberOf('deals', link.toId) ?? 0).properties);
      const terms = deals.filter(
        (deal) =>
          /^(new|renewal|return)$/.test(deal['hf_motion'] ?? '') && deal['hs_is_closed_won'] === 'true',
      );
      if (terms.length === 0 || terms.some((deal) => deal['hf_term_end'] === undefined)) continue;
      const expected = terms.reduce(
        (sum, deal) => sum + years(deal['hf_term_start'] ?? '', deal['hf_term_end'] ?? ''),
        0,
      );
      if (expected > terms.length) longer += 1;
      const bills = links.filter((link) => link.toType === 'invoices').length;
      expect([n, Math.abs(bills - expected)]).toEqual([n, expect.toBeOneOf([0, 1])]);
    }
    expect(longer).toBeGreaterThan(20);
  });

  it('of invoices follow the terms: issued inside one, due thirty days later, paid or owed in full', () => {
    for (let n = 0; n < portal.count('invoices'); n += 1) {
      const bill = portal.at('invoices', n).properties;
      const company =
        portal.associations('invoices', n).find((link) => link.toType === 'companies')?.toId ?? '';
      const number = portal.numberOf('companies', company) ?? 0;
      const terms = portal
        .associations('companies', number)
        .filter((link) => link.toType === 'deals')
        .map((link) => portal.at('deals', portal.numberOf('deals', link.toId) ?? 0).properties)
        .filter((deal) => deal['hs_is_closed_won'] === 'true');
      const issued = bill['hs_invoice_date'] ?? '';
      const isInside = terms.some(
        (deal) => (deal['hf_term_start'] ?? '') <= issued && issued <= (deal['hf_term_end'] ?? '9999'),
      );
      expect([bill['hs_number'], isInside]).toEqual([bill['hs_number'], true]);
      expect(Date.parse(bill['hs_due_date'] ?? '') - Date.parse(issued)).toBe(30 * 86_400_000);
      const isPaid = bill['hs_invoice_status'] === 'paid';
      expect(bill['hs_balance_due']).toBe(isPaid ? '0' : bill['hs_amount_billed']);
      expect(bill['hf_paid_date'] !== undefined).toBe(isPaid);
    }
  });
});
