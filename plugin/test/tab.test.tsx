import { beforeEach, describe, expect, it } from 'vitest';
import {
  Alert,
  Link,
  ScoreCircle,
  StatisticsItem,
  StatusTag,
  Tab,
  TableCell,
  TableHeader,
  TableRow,
  Text,
} from '@hubspot/ui-extensions';
import { fixture, hsFetch, known, shown, wordsOf } from './rendered.tsx';

const TAB = 'crm.record.tab';

beforeEach(() => void hsFetch.mockReset());

type Shown = Awaited<ReturnType<typeof shown>>;

/** The rows of the table in a tab, each as the words of its cells. */
function rowsOf(card: Shown, tabId: string): string[][] {
  return card
    .find(Tab, { tabId })
    .findAll(TableRow)
    .filter((row) => row.maybeFind(TableHeader) === null)
    .map((row) => row.findAll(TableCell).map(wordsOf));
}

function linksIn(card: Shown, tabId: string): unknown[] {
  return card
    .find(Tab, { tabId })
    .findAll(Link)
    .map((link) => (typeof link.props.href === 'string' ? link.props.href : link.props.href.url));
}

describe('the tab card', () => {
  it('has the figures on top and a tab for each history', async () => {
    const card = await shown(TAB, fixture('customer'));
    expect(
      card.findAll(StatisticsItem).map((item) => [item.props.label, item.props.number, wordsOf(item)]),
    ).toEqual([
      ['Renewal', 'Apr 24, 2026', 'Notice deadline in 24 days'],
      ['Contract value', '$54,936 a year', 'Signed as €50,400'],
      ['Customer for', '1,042 days', 'Since Apr 24, 2023'],
      ['Health', '38 of 100', 'At risk'],
    ]);
    expect(card.findAll(Tab).map((tab) => tab.props.title)).toEqual([
      'Health',
      'Surveys',
      'Contracts',
      'Tickets',
      'Timeline',
      'People',
      'Sources',
    ]);
  });

  it('shows of every measure what it earned, what is missing, and the evidence', async () => {
    const card = await shown(TAB, fixture('customer'));
    expect(rowsOf(card, 'health')).toEqual([
      [
        'Usage',
        '28% of the seats in use | No points at 20%, all at 60%',
        '5 of 25',
        '20',
        'No single record | Mar 1, 2026',
      ],
      [
        'Survey answers',
        'Survey answers average 3 | No points at 0, all at 10',
        '7.5 of 25',
        '17.5',
        'Survey answer 7000000311 | Jan 12, 2026',
      ],
      [
        'Two-way contact',
        '83 days since the last two-way contact | No points at 90 days, all at 14 days',
        '2 of 20',
        '18',
        'Meeting 7000000402 | Dec 8, 2025',
      ],
      [
        'Open tickets',
        'Open tickets weigh 2, an urgent one counts as two | No points at 5, all at 0',
        '13.5 of 20',
        '6.5',
        'Ticket 7000000503',
      ],
      [
        'Invoices',
        'No invoice overdue | No points at 45 days, all at 0 days',
        '10 of 10',
        '0',
        'No single record',
      ],
    ]);
    expect(linksIn(card, 'health')).toEqual([
      'https://app.hubspot.com/contacts/20260301/record/0-19/7000000311',
      'https://app.hubspot.com/contacts/20260301/record/0-5/7000000503',
    ]);
  });

  it('does not count a measure that has nothing to measure as 0 points', async () => {
    const card = await shown(TAB, fixture('insufficient'));
    expect(card.maybeFind(ScoreCircle)).toBeNull();
    expect(rowsOf(card, 'health')[0]).toEqual([
      'Usage',
      'Nothing to measure | No points at 20%, all at 60%',
      'Not known',
      'Not known',
      'No single record',
    ]);
  });

  it('shows who answered what and when, and who did not', async () => {
    const card = await shown(TAB, fixture('customer'));
    expect(rowsOf(card, 'surveys')).toEqual([
      ['Jan 12, 2026', 'NPS 3 of 10', 'Detractor', 'Amara Okafor', 'Left a comment'],
      ['Jul 9, 2025', 'NPS 9 of 10', 'Promoter', 'Jonas Lindqvist', 'No comment'],
      ['Chen Wei', 'Jan 10, 2026'],
    ]);
  });

  it('shows of every contract its value in both currencies and the rule of each value', async () => {
    const card = await shown(TAB, fixture('customer'));
    expect(rowsOf(card, 'contracts')).toEqual([
      [
        'Line item 7000000122 | Renewal',
        'In force',
        'From Apr 24, 2025 | Renews or ends on Apr 24, 2026',
        '€45,360 | $49,442.40 in our currency',
        'Start: line_items.hs_recurring_billing_start_date | End: line_items.hs_recurring_billing_end_date | Value: amount / frequency | Service until: end of term',
      ],
    ]);
  });

  it('shows tickets, timeline and people', async () => {
    const card = await shown(TAB, fixture('customer'));
    expect(rowsOf(card, 'tickets')).toEqual([
      ['Ticket 7000000503', 'Feb 10, 2026', '19 days', 'High', 'Waiting on us'],
      ['Ticket 7000000504', 'Feb 26, 2026', '3 days', 'Low', 'New'],
    ]);
    expect(rowsOf(card, 'timeline')).toEqual([
      ['Jan 12, 2026', 'NPS 3 of 10 from Amara Okafor', 'None'],
      ['Apr 24, 2025', 'Bought less', '-$4,200'],
      ['Apr 24, 2023', 'Became a customer', '+$57,200'],
    ]);
    expect(rowsOf(card, 'people')).toEqual([
      ['Amara Okafor', 'Chief Operating Officer', 'Decision maker', 'In place'],
      ['Jonas Lindqvist', 'Head of Operations', 'Champion', 'Left the company'],
    ]);
  });

  it('says of each figure the rule in words, the property and the records', async () => {
    const card = await shown(TAB, fixture('customer'));
    const rows = rowsOf(card, 'sources');
    expect(rows.map((row) => row[0])).toEqual([
      'Renewal',
      'Contract value',
      'Customer for',
      'Last two-way contact',
      'Next step',
      'Health: Usage',
      'Health: Survey answers',
      'Health: Two-way contact',
      'Health: Open tickets',
      'Health: Invoices',
    ]);
    expect(rows[0]).toEqual([
      'Renewal',
      'Notice deadline in 24 days',
      'The earliest end of a term from today on that no signed contract follows.',
      'hs_recurring_billing_end_date',
      'Line item 7000000122',
    ]);
  });

  it('names a rule that it does not know as it is called, made readable', async () => {
    const answer = known('customer');
    answer.card.renewal.source = { rule: 'some_new_rule', property: null, records: [] };
    const card = await shown(TAB, answer);
    expect(rowsOf(card, 'sources')[0]?.slice(2)).toEqual([
      'Some new rule',
      'Several properties',
      'No single record',
    ]);
  });

  it('has words instead of empty tables', async () => {
    const card = await shown(TAB, fixture('uncovered'));
    expect(card.find(Alert).props.variant).toBe('warning');
    for (const [tabId, words] of [
      ['health', 'No measure applies to this account.'],
      ['surveys', 'No answers yet'],
      ['contracts', 'No record holds a contract of this company.'],
      ['tickets', 'None open'],
      ['timeline', 'Nothing has happened yet.'],
      ['people', 'No person is recorded with this company.'],
    ] as const) {
      expect(rowsOf(card, tabId)).toEqual([]);
      expect(
        card
          .find(Tab, { tabId })
          .findAll(Text)
          .map((text) => text.text),
      ).toContain(words);
    }
    expect(rowsOf(card, 'sources').map((row) => row[2])).toEqual(Array(5).fill('Not recorded'));
  });

  it('takes what is longest and most', async () => {
    const card = await shown(TAB, fixture('huge'));
    expect(rowsOf(card, 'contracts')).toHaveLength(20);
    expect(rowsOf(card, 'timeline')).toHaveLength(30);
    expect(wordsOf(card.find(Tab, { tabId: 'surveys' }))).toContain('The newest 12 of 148.');
    expect(wordsOf(card.find(Tab, { tabId: 'tickets' }))).toContain('5 of 4,321 open tickets.');
    expect(rowsOf(card, 'contracts')[4]?.[3]).toBe('€123,456,789.50 | No exchange rate');
    expect(
      card
        .find(Tab, { tabId: 'contracts' })
        .findAll(StatusTag)
        .map((tag) => tag.text),
    ).toContain('Trial');
  });
});
