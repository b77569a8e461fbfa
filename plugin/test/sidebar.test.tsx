import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Alert,
  Button,
  DescriptionListItem,
  EmptyState,
  ErrorState,
  Link,
  LoadingButton,
  LoadingSpinner,
  ScoreCircle,
  StatusTag,
  Tag,
  Text,
} from '@hubspot/ui-extensions';
import { answers, COMPANY, fixture, HOST, hsFetch, known, open, shown } from './rendered.tsx';

const SIDEBAR = 'crm.record.sidebar';

beforeEach(() => void hsFetch.mockReset());

/** Label and words of each fact, in the order they are shown. */
function factsOf(card: Awaited<ReturnType<typeof shown>>): [string, string][] {
  return card.findAll(DescriptionListItem).map((item) => [
    item.props.label,
    item
      .findAll(Text)
      .map((text) => text.text)
      .join(' | '),
  ]);
}

describe('the sidebar card', () => {
  it('asks Holdfast for the company whose record is open, and waits in words', async () => {
    hsFetch.mockReturnValue(new Promise(() => {}));
    const card = open(SIDEBAR);
    expect(card.find(LoadingSpinner).props.label).toBe('Reading the account');
    await vi.waitFor(() => expect(hsFetch).toHaveBeenCalled());
    expect(hsFetch.mock.calls).toEqual([
      [`${HOST}/api/card/accounts/${COMPANY}`, { method: 'GET', timeout: 10_000 }],
    ]);
  });

  it('shows the facts of a customer in the order that never changes', async () => {
    const card = await shown(SIDEBAR, fixture('customer'));
    expect(factsOf(card)).toEqual([
      [
        'Renewal',
        'Notice deadline in 24 days | Notice by Mar 25, 2026 · Renews on Apr 24, 2026 unless notice is given',
      ],
      ['Contract value', '$54,936 a year | Signed as €50,400 · 2 contracts in force'],
      ['Tenure', '1,042 days | Since Apr 24, 2023'],
      [
        'Last survey answer',
        'NPS 3 of 10 | Amara Okafor, Jan 12, 2026 · Left a comment · No answer since asked: Chen Wei (Jan 10, 2026)',
      ],
      ['Last two-way contact', 'Meeting, 83 days ago | Dec 8, 2025'],
      ['Open tickets', '2 open, 1 high or urgent | The oldest for 19 days'],
      ['Overdue invoices', 'None overdue'],
      ['Next step', 'Meeting, in 4 days | Mar 5, 2026'],
      ['Owner', 'Priya Raman'],
    ]);
    expect(card.findAll(StatusTag).map((tag) => [tag.props.variant, tag.text])).toEqual([
      ['success', 'Customer'],
      ['danger', 'Within 30 days'],
      ['danger', 'At risk'],
      ['danger', 'Detractor'],
    ]);
    expect(card.find(Tag, { variant: 'info' }).text).toBe('Demo data');
  });

  it('gives the health with our band, its changes, and the reasons that weigh most', async () => {
    const card = await shown(SIDEBAR, fixture('customer'));
    expect(card.find(ScoreCircle).props.score).toBe(38);
    const reasons = card.findAll(Tag).filter((tag) => tag.props.variant !== 'info');
    expect(reasons.map((tag) => [tag.props.variant, tag.text])).toEqual([
      ['error', '-20'],
      ['error', '-18'],
      ['success', '+13.5'],
    ]);
    const texts = card.findAll(Text).map((text) => text.text);
    expect(texts).toEqual(
      expect.arrayContaining([
        '-9 in 30 days',
        '-27 in 90 days',
        '100% measured',
        'house-1: expert weights, not yet tested',
        '28% of the seats in use',
        '20 of 25 points missing',
        '83 days since the last two-way contact',
      ]),
    );
  });

  it.each([
    [-1, 'Notice deadline passed 1 day ago'],
    [0, 'Notice deadline is today'],
    [1, 'Notice deadline in 1 day'],
    [181, 'Notice deadline in 181 days'],
  ])('counts %d days to the notice deadline in words', async (daysLeft, words) => {
    const answer = known('customer');
    answer.card.renewal.daysLeft = daysLeft;
    const card = await shown(SIDEBAR, answer);
    expect(factsOf(card)[0]?.[1]).toMatch(new RegExp(`^${words} \\|`));
  });

  it('says not known where nothing is known, and never shows a blank or a 0 for it', async () => {
    const answer = known('customer');
    const { card: account } = answer;
    account.renewal = {
      ...account.renewal,
      date: null,
      noticeDeadline: null,
      daysLeft: null,
      countsTo: null,
      band: null,
    };
    account.value = { ...account.value, annual: null, own: [] };
    account.tenure = { ...account.tenure, days: null, since: null, firstSince: null, servedTo: null };
    account.health = { ...account.health, change30: null, change90: null };
    account.surveys = { answers: [], total: 0, silent: null };
    account.lastContact = null;
    account.nextStep = null;
    account.invoices = null;
    account.account.owner = null;
    const card = await shown(SIDEBAR, answer);
    expect(factsOf(card)).toEqual([
      ['Renewal', 'Not known when the term ends'],
      ['Contract value', 'Not known | 2 contracts in force'],
      ['Tenure', 'Not known'],
      ['Last survey answer', 'No answers yet | HubSpot does not say who was asked'],
      ['Last two-way contact', 'None known'],
      ['Open tickets', '2 open, 1 high or urgent | The oldest for 19 days'],
      ['Overdue invoices', 'Not known: no invoices are recorded'],
      ['Next step', 'None planned'],
      ['Owner', 'No owner'],
    ]);
    expect(card.findAll(Text).map((text) => text.text)).toEqual(
      expect.arrayContaining(['30 days: not known', '90 days: not known']),
    );
  });

  it('has no score without enough data, and says how little there is', async () => {
    const card = await shown(SIDEBAR, fixture('insufficient'));
    expect(card.maybeFind(ScoreCircle)).toBeNull();
    const texts = card.findAll(Text).map((text) => text.text);
    expect(texts).toContain('Not enough data for a score');
    expect(texts).toContain('Only 20% of what the score is made of has anything to measure.');
    expect(factsOf(card)[0]?.[1]).toBe(
      'Renewal in 54 days | Notice deadline not known · Term ends on Apr 24, 2026; whether it renews by itself is not recorded · Length of the term not recorded; twelve months assumed',
    );
    expect(factsOf(card)[3]?.[1]).toBe('No answers yet | Nobody was asked yet');
  });

  it.each([
    [
      'former',
      'This company left',
      'It was a customer from Mar 1, 2022 to Oct 31, 2025. Its last contract value was $13,080 a year. Reason: Budget cut.',
    ],
    ['future', 'Not a customer yet', 'Its first contract begins on Apr 1, 2026.'],
    [
      'uncovered',
      'No contract covers this company',
      'It is called a customer, but no record holds a contract of it, so it is in no number.',
    ],
  ] as const)('says first why a %s account shows little', async (name, title, body) => {
    const card = await shown(SIDEBAR, fixture(name));
    expect(card.find(Alert).props.title).toBe(title);
    expect(card.find(Alert).text).toBe(body);
    expect(card.findAll(Text).map((text) => text.text)).toContain('Only customers are scored');
    expect(factsOf(card)).toHaveLength(9);
  });

  it.each([
    ['lapsed', 'The paid service has ended'],
    ['trial', 'On trial, not a customer yet'],
    ['free', 'On a free plan'],
  ] as const)('says so of an account that is %s', async (status, title) => {
    const answer = known('future');
    answer.card.account.status = status;
    const card = await shown(SIDEBAR, answer);
    expect(card.find(Alert).props.title).toBe(title);
  });

  it('says of a contract without end that it runs on, and of a renewal that nobody recorded how it ends', async () => {
    const endless = await shown(SIDEBAR, fixture('runs_on'));
    expect(factsOf(endless)[0]?.[1]).toBe('No end: runs on until notice is given');
    const answer = known('customer');
    answer.card.renewal = { ...answer.card.renewal, autoRenew: null, runsOn: true };
    const mixed = await shown(SIDEBAR, answer);
    expect(factsOf(mixed)[0]?.[1]).toBe(
      'Notice deadline in 24 days | Notice by Mar 25, 2026 · Term ends on Apr 24, 2026; whether it renews by itself is not recorded · Another contract has no end and runs on until notice is given',
    );
  });

  it('does not speak of a day to come as of one that was', async () => {
    const answer = known('future');
    answer.card.tenure.firstSince = '2026-04-01';
    const card = await shown(SIDEBAR, answer);
    expect(factsOf(card)[2]?.[1]).toBe('No customer today | First a customer from Apr 1, 2026');
  });

  it('says of an imported account without a contract that it was imported', async () => {
    const answer = known('uncovered');
    answer.card.sources.status = { rule: 'imported_without_contract', property: null, records: [] };
    const card = await shown(SIDEBAR, answer);
    expect(card.find(Alert).text).toMatch(/^It was imported/);
  });

  it('gives the moment of publishing only where the clock is the real one', async () => {
    const textsOf = (card: Awaited<ReturnType<typeof shown>>): string =>
      card
        .findAll(Text)
        .map((text) => text.text)
        .join('\n');
    expect(textsOf(await shown(SIDEBAR, fixture('customer')))).not.toContain('Data published');
    expect(textsOf(await shown(SIDEBAR, fixture('huge')))).toContain('Data published');
  });

  it('says when a former customer was one, and what it was worth at the end', async () => {
    const card = await shown(SIDEBAR, fixture('former'));
    expect(factsOf(card)[1]).toEqual(['Contract value', 'No contract in force | Last value $13,080 a year']);
    expect(factsOf(card)[2]).toEqual([
      'Tenure',
      'No customer today | Was a customer from Mar 1, 2022 to Oct 31, 2025 · First a customer on Feb 1, 2021',
    ]);
  });

  it('writes numbers, days and money as the user’s locale does, and words in English where there are no others', async () => {
    const german = await shown(SIDEBAR, fixture('customer'), { user: { locale: 'de_DE' } });
    expect(factsOf(german)[1]?.[1]).toBe(
      '54.936\u00a0$ a year | Signed as 50.400\u00a0€ · 2 contracts in force',
    );
    expect(factsOf(german)[2]?.[1]).toBe('1.042 days | Since 24.04.2023');
    const nonsense = await shown(SIDEBAR, fixture('customer'), { user: { locale: '!' } });
    expect(factsOf(nonsense)[2]?.[1]).toBe('1,042 days | Since Apr 24, 2023');
  });
});

describe('its actions', () => {
  it('lead to the account page and to the page that says why', async () => {
    const card = await shown(SIDEBAR, fixture('customer'));
    expect(card.find(Button, { variant: 'primary' }).props.href).toEqual({
      url: known('customer').links.account,
      external: true,
    });
    expect(card.findAll(Link).at(-1)?.props.href).toEqual({
      url: known('customer').links.why,
      external: true,
    });
  });

  it('copy a renewal brief with the same facts in the same words', async () => {
    const card = await shown(SIDEBAR, fixture('customer'));
    card.find(Button, { variant: 'secondary' }).trigger('onClick');
    await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
    const [brief = ''] = card.mocks.actions.copyTextToClipboard.calls[0] ?? [];
    expect(brief.split('\n')).toEqual([
      'Renewal brief: Birchwood Clinics, Mar 1, 2026',
      'The data of this portal are invented.',
      'Status: Customer; Plan: Scale',
      'Renewal: Notice deadline in 24 days; Within 30 days; Notice by Mar 25, 2026; Renews on Apr 24, 2026 unless notice is given',
      'Contract value: $54,936 a year; Signed as €50,400; 2 contracts in force',
      'Tenure: 1,042 days; Since Apr 24, 2023',
      'Health: 38 of 100; At risk; -9 in 30 days; -27 in 90 days; 100% measured; house-1: expert weights, not yet tested',
      '  - 28% of the seats in use (20 of 25 points missing)',
      '  - 83 days since the last two-way contact (18 of 20 points missing)',
      'Last survey answer: NPS 3 of 10; Detractor; Amara Okafor, Jan 12, 2026; Left a comment; No answer since asked: Chen Wei (Jan 10, 2026)',
      'Last two-way contact: Meeting, 83 days ago; Dec 8, 2025',
      'Open tickets: 2 open, 1 high or urgent; The oldest for 19 days',
      'Overdue invoices: None overdue',
      'Next step: Meeting, in 4 days; Mar 5, 2026',
      'Owner: Priya Raman',
      'People: Amara Okafor (Decision maker)',
      'Account page: https://holdfast.example.com/accounts/7000000084',
    ]);
    expect(card.mocks.actions.addAlert.calls[0]?.[0]).toMatchObject({ type: 'success' });
  });

  it('say so when the browser keeps the clipboard to itself', async () => {
    const card = await shown(SIDEBAR, fixture('customer'));
    card.mocks.actions.copyTextToClipboard.willCall(() => Promise.reject(new Error('denied')));
    card.find(Button, { variant: 'secondary' }).trigger('onClick');
    await vi.waitFor(() => expect(card.mocks.actions.addAlert.callCount).toBe(1));
    expect(card.mocks.actions.addAlert.calls[0]?.[0]).toMatchObject({ type: 'danger' });
  });

  it('read the account anew while what is known stays in sight', async () => {
    const card = await shown(SIDEBAR, fixture('customer'));
    const next = known('customer');
    next.card.health.score = 41;
    const { promise, resolve } = Promise.withResolvers<Response>();
    hsFetch.mockReturnValue(promise);
    card.find(LoadingButton).trigger('onClick');
    await card.waitFor(() => expect(card.find(LoadingButton).props.loading).toBe(true));
    expect(card.find(ScoreCircle).props.score).toBe(38);
    resolve(Response.json(next));
    await card.waitFor(() => expect(card.find(ScoreCircle).props.score).toBe(41));
    expect(card.find(LoadingButton).props.loading).toBe(false);
  });
});

describe('without an account', () => {
  it('shows what Holdfast says, and where to find out more', async () => {
    answers(fixture('not_an_account'));
    const card = open(SIDEBAR);
    await card.waitFor(() => card.find(EmptyState));
    expect(card.find(Text).text).toBe(
      'This company is not counted as an account: it has no contract, and nobody calls it a customer.',
    );
    expect(card.find(Link).props.href).toEqual({
      url: 'https://holdfast.example.com/why?company=7000000400',
      external: true,
    });
  });

  it('says that the first sync is not through, what happens now and when to look again', async () => {
    const message = 'Holdfast is reading this portal. Look again in some minutes.';
    answers({ ok: false, error: { code: 'not_ready', message }, more: HOST });
    const card = open(SIDEBAR);
    await card.waitFor(() => card.find(EmptyState));
    expect(card.find(EmptyState).props).toMatchObject({ title: 'Not there yet', imageName: 'building' });
    expect(card.find(Text).text).toBe(message);
    expect(card.find(Button).text).toBe('Try again');
  });

  it('has no link where there is nothing more to find out', async () => {
    answers(fixture('not_found'));
    const card = open(SIDEBAR);
    await card.waitFor(() => card.find(EmptyState));
    expect(card.maybeFind(Link)).toBeNull();
  });
});

const wrapped = (status: number, responseBody: unknown) => ({
  status: 'error',
  category: 'BAD_GATEWAY',
  context: { appServerStatusCode: [String(status)] },
  responseBody,
});

describe('a failure', () => {
  const FAILURES: [string, () => void, RegExp][] = [
    [
      'a network that breaks',
      () => hsFetch.mockRejectedValue(new Error('timeout')),
      /^Holdfast did not answer/,
    ],
    [
      'a fault that HubSpot wraps in a status of 200',
      () => answers(wrapped(500, 'x')),
      /^Holdfast could not answer \(status 500\)/,
    ],
    ['a wrapping without a status', () => answers({ status: 'error' }), /^Holdfast could not answer\. /],
    [
      'a failing status without words',
      () => hsFetch.mockResolvedValue(new Response('<h1>', { status: 502 })),
      /\(status 502\)/,
    ],
    [
      'a page instead of an answer',
      () => hsFetch.mockResolvedValue(new Response('<h1>hello</h1>')),
      /cannot read/,
    ],
    ['an answer without its parts', () => answers({ ...known('customer'), links: {} }), /cannot read/],
    [
      'an answer whose card lacks a part',
      () => answers({ ...known('customer'), card: { contract: 1 } }),
      /cannot read/,
    ],
    [
      'an answer to a newer contract',
      () => answers({ ...known('customer'), card: { ...known('customer').card, contract: 2 } }),
      /older than Holdfast/,
    ],
  ];

  it.each(FAILURES)('%s is said in a sentence, and can be tried again', async (_name, prepare, sentence) => {
    prepare();
    const card = open(SIDEBAR);
    await card.waitFor(() => card.find(ErrorState));
    expect(card.find(Text).text).toMatch(sentence);
    answers(fixture('customer'));
    card.find(Button).trigger('onClick');
    await card.waitFor(() => card.find(ScoreCircle));
  });

  it('a refusal that HubSpot wraps is shown in Holdfast’s own words', async () => {
    const refusal = {
      ok: false,
      error: { code: 'unavailable', message: 'Set HUBSPOT_CLIENT_SECRET and start Holdfast again.' },
    };
    answers(wrapped(503, JSON.stringify(refusal)));
    const card = open(SIDEBAR);
    await card.waitFor(() => card.find(EmptyState));
    expect(card.find(Text).text).toBe('Set HUBSPOT_CLIENT_SECRET and start Holdfast again.');
  });

  it.each<Record<string, string | number>>([
    {},
    { API_HOST: '' },
    { API_HOST: 'http://holdfast.example.com' },
    { API_HOST: 7 },
  ])('an app that was uploaded with %o says so and asks nobody', async (variables) => {
    const card = open(SIDEBAR, { variables });
    await card.waitFor(() => card.find(ErrorState));
    expect(card.find(Text).text).toMatch(/API_HOST/);
    expect(hsFetch).not.toHaveBeenCalled();
  });
});
