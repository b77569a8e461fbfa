import { beforeEach, describe, expect, it } from 'vitest';
import {
  Accordion,
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
      ['Tenure', '1,042 days', 'Since Apr 24, 2023'],
      ['Health', '38 of 100', 'At risk'],
    ]);
    expect(card.findAll(Tab).map((tab) => tab.props.title)).toEqual([
      'Health',
      'Survey answers',
      'Contracts',
      'Open tickets',
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
        'Open tickets weigh 2; a high or urgent one counts twice | No points at 5, all at 0',
        '13.5 of 20',
        '6.5',
        'Ticket 7000000503',
      ],
      [
        'Overdue invoices',
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

  it('shows of every contract its value in both currencies, and folds the rule of each value away', async () => {
    const card = await shown(TAB, fixture('customer'));
    expect(rowsOf(card, 'contracts')).toEqual([
      [
        'Scale plan | Renewal',
        'In force',
        'Apr 24, 2025 – Apr 23, 2026',
        '€45,360 | $49,442.40 in our currency',
      ],
      [
        'Scale plan',
        'Start: Read from line_items.hs_recurring_billing_start_date | End: Read from line_items.hs_recurring_billing_end_date | Contract value: Amount and how often it is paid | Service: Ends with the term',
      ],
    ]);
    const folded = card.find(Tab, { tabId: 'contracts' }).find(Accordion);
    expect(folded.props).toMatchObject({ title: 'How it was read' });
    expect(folded.props.defaultOpen).toBeUndefined();
    expect(folded.findAll(TableRow)).toHaveLength(2);
  });

  it('says when a contract ended, and that one without end runs on', async () => {
    const former = await shown(TAB, fixture('former'));
    expect(rowsOf(former, 'contracts')[0]?.[2]).toBe('Feb 1, 2021 – Oct 31, 2025');
    const endless = await shown(TAB, fixture('runs_on'));
    expect(rowsOf(endless, 'contracts')[0]?.[2]).toBe('From Apr 24, 2025, no end recorded');
  });

  it('names the version of the score and that nobody has tested it', async () => {
    const card = await shown(TAB, fixture('customer'));
    expect(wordsOf(card.find(Tab, { tabId: 'health' }))).toContain(
      'Scored by the rules house-1: expert weights, not yet tested',
    );
  });

  it('calls contracts and tickets by their names; a long one is cut, with the whole in reach', async () => {
    const card = await shown(TAB, fixture('huge'));
    const cut = card
      .findAll(Text)
      .flatMap(({ props: { truncate }, text }) =>
        typeof truncate === 'object' ? [[truncate.tooltipText, text]] : [],
      );
    expect(cut).toContainEqual([
      known('huge').card.contracts[0]?.name,
      known('huge').card.contracts[0]?.name,
    ]);
    expect(cut.map(([whole]) => whole)).toContain(known('huge').card.tickets.list[0]?.subject);
  });

  it('shows tickets, timeline and people', async () => {
    const card = await shown(TAB, fixture('customer'));
    expect(rowsOf(card, 'tickets')).toEqual([
      ['Report shows last month', 'Feb 10, 2026', '19 days', 'High', 'Waiting on us'],
      ['Ticket 7000000504', 'Feb 26, 2026', '3 days', 'Low', 'New'],
    ]);
    expect(rowsOf(card, 'timeline')).toEqual([
      ['Jan 12, 2026', 'NPS 3 of 10 from Amara Okafor', ''],
      ['Apr 24, 2025', 'Contraction at renewal', '-$4,200'],
      ['Apr 24, 2024', 'Renewed', 'Same price'],
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
      'Status',
      'Plan',
      'Renewal',
      'Notice deadline',
      'Contract value',
      'Tenure',
      'Last survey answer',
      'Asked, no answer since',
      'Last two-way contact',
      'Open tickets',
      'Overdue invoices',
      'Next step',
      'Owner',
      'Health: Usage',
      'Health: Survey answers',
      'Health: Two-way contact',
      'Health: Open tickets',
      'Health: Overdue invoices',
    ]);
    expect(rows[2]).toEqual([
      'Renewal',
      'Notice deadline in 24 days',
      'The earliest end of a term, from today on, that no signed contract follows. Days count to the last day for notice where one is known.',
      'hs_recurring_billing_end_date',
      'Line item 7000000122',
    ]);
    expect(rows[3]).toEqual([
      'Notice deadline',
      'Mar 25, 2026',
      'The end of the term, less the days of notice that its record gives.',
      'companies.hf_notice_days',
      'Line item 7000000122',
    ]);
  });

  it('has words for every rule of the sources, for whoever left and for what has no end', async () => {
    for (const name of ['customer', 'former', 'future', 'uncovered', 'runs_on', 'huge'] as const) {
      const { renewal, sources } = known(name).card;
      const rules = [renewal.source, ...Object.values(sources)].flatMap((one) => one?.rule ?? []);
      const shownRules = rowsOf(await shown(TAB, fixture(name)), 'sources').map((row) => row[2] ?? '');
      expect(shownRules.filter((words) => words !== 'Not recorded').length).toBeGreaterThanOrEqual(
        rules.length,
      );
      expect(shownRules.filter((words) => !words.endsWith('.') && words !== 'Not recorded')).toEqual([]);
    }
    const former = rowsOf(await shown(TAB, fixture('former')), 'sources');
    expect(former[0]?.slice(0, 3)).toEqual([
      'Status',
      'Former customer',
      'What its contracts say of today: which are in force, have ended, or are yet to begin.',
    ]);
    expect(rowsOf(await shown(TAB, fixture('runs_on')), 'sources')[2]?.slice(1, 3)).toEqual([
      'No end: runs on until notice is given',
      'A contract in force has no end, so it runs on until notice is given.',
    ]);
  });

  it('names a rule that it does not know as it is called, made readable', async () => {
    const answer = known('customer');
    answer.card.renewal.source = { rule: 'some_new_rule', property: null, records: [] };
    const card = await shown(TAB, answer);
    expect(rowsOf(card, 'sources')[2]?.slice(2)).toEqual([
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
    expect(rowsOf(card, 'sources').map((row) => row[2])).toEqual([
      'It is called a customer, but no record holds a contract of it.',
      ...Array<string>(12).fill('Not recorded'),
    ]);
  });

  it('takes what is longest and most', async () => {
    const card = await shown(TAB, fixture('huge'));
    expect(rowsOf(card, 'contracts')).toHaveLength(40);
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
