import { expect, it } from 'vitest';
import type { FakeState } from '../../../src/demo/fake/types.ts';
import { accountOf, byKey, contactsOf, dayIn, demoPortal, expectWhole } from '../support/demo-portal.ts';
import type { MartRow } from '../support/run-marts.ts';
import { link, tinyMirror, type TinyRecord } from '../support/tiny-mirror.ts';

it('says of the demo portal what its own state says, now and as it was known before an edit', async () => {
  const { state, sync, rows } = await demoPortal();
  const first = await sync();
  const before = byKey(await rows('responses', first), 'response_id');
  expect(before).toEqual(expected(state));
  expectWhole(before, (row) => String(row['response_id']), [...state.all('feedback_submissions')].length);
  expect(before.length).toBeGreaterThan(50);

  const nps = [...state.all('feedback_submissions')].filter(
    (one) => one.properties['hs_survey_type'] === 'NPS',
  );
  const [edited, gone] = [nps[0]?.id ?? '', nps[1]?.id ?? ''];
  state.update('feedback_submissions', edited, { hs_value: '11' });
  state.archive('feedback_submissions', gone);
  const second = await sync();

  const after = byKey(await rows('responses', second), 'response_id');
  expect(after).toEqual(expected(state));
  expect(after.find((row) => row['response_id'] === edited)).toMatchObject({
    score: null,
    nps_group: null,
    is_out_of_scale: true,
  });
  expect(after.map((row) => row['response_id'])).not.toContain(gone);
  expect(byKey(await rows('responses', first), 'response_id')).toEqual(before);
});

// The same from the fake's state alone.
function expected(state: FakeState): MartRow[] {
  const scales: Record<string, readonly [number, number]> = { NPS: [0, 10], CSAT: [0, 2], CES: [1, 7] };
  const rows = [...state.all('feedback_submissions')].map(({ id, properties }) => {
    const type = properties['hs_survey_type'] ?? '';
    const [low = 0, high = 0] = scales[type] ?? [];
    const value = Number(properties['hs_value']);
    const score = value >= low && value <= high ? value : null;
    const at = Date.parse(properties['hs_submission_timestamp'] ?? '');
    const contact = contactsOf(state, 'feedback_submissions', id)[0] ?? null;
    const group = score === null ? null : score > 8 ? 'promoter' : score > 6 ? 'passive' : 'detractor';
    return {
      response_id: id,
      contact_id: contact,
      survey_type: type,
      score,
      scale_min: low,
      scale_max: high,
      nps_group: type === 'NPS' ? group : null,
      is_out_of_scale: score === null,
      text_present: properties['hs_content'] !== undefined,
      answered_at: new Date(at).toISOString(),
      day: dayIn(at),
      month: `${dayIn(at).slice(0, 7)}-01`,
      ...accountOf(state, 'feedback_submissions', id),
      source: 'feedback_submissions',
    };
  });
  return byKey(rows, 'response_id');
}

const companies: TinyRecord[] = [
  { type: 'companies', id: '1' },
  { type: 'companies', id: '2' },
];

function answer(id: string, properties: Record<string, string> = {}): TinyRecord {
  return {
    type: 'feedback_submissions',
    id,
    properties: {
      hs_survey_type: 'NPS',
      hs_value: '9',
      hs_submission_timestamp: '2026-01-31T22:30:00Z',
      ...properties,
    },
  };
}

it('counts the answer of a contact with two companies for the primary one', async () => {
  const { rows } = await tinyMirror({
    records: [...companies, { type: 'contacts', id: '11' }, answer('100')],
    links: [
      link(['contacts', '11'], ['companies', '1'], 279),
      link(['contacts', '11'], ['companies', '2'], 279),
      link(['contacts', '11'], ['companies', '2'], 1),
      link(['feedback_submissions', '100'], ['contacts', '11'], 98),
    ],
  });
  expect(await rows('responses')).toMatchObject([
    { response_id: '100', account_id: '2', contact_id: '11', via: 'contact' },
  ]);
});

it('does not take the number 1 of a label of the portal for the primary company', async () => {
  const { rows } = await tinyMirror({
    records: [...companies, { type: 'contacts', id: '11' }, answer('100')],
    links: [
      { ...link(['contacts', '11'], ['companies', '1'], 1), category: 'USER_DEFINED' },
      link(['contacts', '11'], ['companies', '2'], 1),
      link(['feedback_submissions', '100'], ['contacts', '11'], 98),
    ],
  });
  expect(await rows('responses')).toMatchObject([{ account_id: '2' }]);
});

it('reaches the account through the ticket where no contact leads there', async () => {
  const { rows } = await tinyMirror({
    records: [
      ...companies,
      { type: 'contacts', id: '11' },
      { type: 'tickets', id: '21' },
      { type: 'tickets', id: '22' },
      answer('100', { hs_survey_type: 'CSAT', hs_value: '2' }),
      answer('101', { hs_ticket_id: '22' }),
    ],
    links: [
      link(['tickets', '21'], ['companies', '1'], 339),
      link(['tickets', '21'], ['companies', '2'], 26),
      link(['contacts', '11'], ['companies', '1'], 1),
      link(['tickets', '22'], ['contacts', '11'], 16),
      link(['feedback_submissions', '100'], ['tickets', '21'], 100),
    ],
  });
  expect(await rows('responses')).toMatchObject([
    {
      response_id: '100',
      account_id: '2',
      contact_id: null,
      via: 'ticket',
      scale_min: 0,
      scale_max: 2,
      score: 2,
    },
    { response_id: '101', account_id: '1', contact_id: null, via: 'ticket' },
  ]);
});

it('believes the answer itself about its contact where no link says otherwise', async () => {
  const { rows } = await tinyMirror({
    records: [
      ...companies,
      { type: 'contacts', id: '11' },
      { type: 'contacts', id: '12' },
      answer('100', { hs_contact_id: '11' }),
      answer('101', { hs_contact_id: '11' }),
    ],
    links: [
      link(['contacts', '11'], ['companies', '1'], 1),
      link(['contacts', '12'], ['companies', '2'], 1),
      link(['feedback_submissions', '101'], ['contacts', '12'], 98),
    ],
  });
  expect(await rows('responses')).toMatchObject([
    { response_id: '100', account_id: '1', contact_id: '11' },
    { response_id: '101', account_id: '2', contact_id: '12' },
  ]);
});

it('leads answers of merged contacts and companies to the survivors, over two merges', async () => {
  const { rows } = await tinyMirror({
    records: [
      // what was merged away is still in the mirror: it vanishes from HubSpot without being archived
      { type: 'companies', id: '1' },
      { type: 'companies', id: '2', properties: { hs_merged_object_ids: '1' } },
      { type: 'companies', id: '3', properties: { hs_merged_object_ids: '2;7' } },
      { type: 'contacts', id: '11' },
      { type: 'contacts', id: '12', properties: { hs_merged_object_ids: '11' } },
      answer('100'),
    ],
    links: [
      link(['contacts', '12'], ['companies', '1'], 1),
      link(['feedback_submissions', '100'], ['contacts', '11'], 98),
    ],
  });
  expect(await rows('responses')).toMatchObject([{ account_id: '3', contact_id: '12' }]);
});

it('leaves out archived answers, and keeps those that reach no account', async () => {
  const { rows } = await tinyMirror({
    records: [
      { type: 'companies', id: '1', archived: true },
      { type: 'contacts', id: '11' },
      { type: 'contacts', id: '12', archived: true },
      answer('100'),
      answer('101', { hs_contact_id: '12' }),
      answer('102'),
      { ...answer('103'), archived: true },
    ],
    links: [
      link(['contacts', '11'], ['companies', '1'], 1),
      link(['contacts', '12'], ['companies', '1'], 1),
      link(['feedback_submissions', '100'], ['contacts', '11'], 98),
    ],
  });
  expect(await rows('responses')).toMatchObject([
    { response_id: '100', account_id: null, via: null, contact_id: '11' },
    { response_id: '101', account_id: null, via: null, contact_id: '12' },
    { response_id: '102', account_id: null, via: null, contact_id: null },
  ]);
});

it('gives no score to what is empty, no number or outside the scale, and says so', async () => {
  const cases: [string, string | null, number | null, string | null, boolean][] = [
    ['NPS', '0', 0, 'detractor', false],
    ['NPS', '6', 6, 'detractor', false],
    ['NPS', '7', 7, 'passive', false],
    ['NPS', '9', 9, 'promoter', false],
    ['NPS', '11', null, null, true],
    ['NPS', '-1', null, null, true],
    ['NPS', 'nine', null, null, true],
    ['NPS', 'NaN', null, null, true],
    ['NPS', null, null, null, true],
    ['CSAT', '2', 2, null, false],
    ['CSAT', '3', null, null, true],
    ['CES', '0', null, null, true],
    ['CES', '7', 7, null, false],
    ['CUSTOM', '42', 42, null, false],
    ['CUSTOM', null, null, null, false],
  ];
  const { rows } = await tinyMirror({
    records: cases.map(([type, value], n) => {
      const record = answer(String(100 + n), { hs_survey_type: type });
      const { hs_value: _value, ...rest } = record.properties ?? {};
      return { ...record, properties: value === null ? rest : { ...rest, hs_value: value } };
    }),
  });
  const found = (await rows('responses')).map((row) => [
    row['survey_type'],
    row['score'],
    row['nps_group'],
    row['is_out_of_scale'],
  ]);
  expect(found).toEqual(cases.map(([type, , score, group, flag]) => [type, score, group, flag]));
});

it('counts an answer on the last evening of a month in the month of the portal’s zone', async () => {
  const { rows } = await tinyMirror({
    records: [answer('100', { hs_submission_timestamp: '2026-01-31T23:30:00Z' })],
  });
  expect(await rows('responses')).toMatchObject([{ day: '2026-02-01', month: '2026-02-01' }]);
  expect(await rows('responses', { timeZone: 'America/New_York' })).toMatchObject([
    { day: '2026-01-31', month: '2026-01-01' },
  ]);
});

it('reads imported answers with their own scale, day and account', async () => {
  const row = (id: string, properties: Record<string, string>): TinyRecord => ({
    type: 'import_responses',
    id: `r.csv:${id}`,
    properties,
  });
  const { rows } = await tinyMirror({
    records: [
      { type: 'import_accounts', id: 'a.csv:A', properties: { account_id: 'A' } },
      row('1', {
        account_id: 'A',
        type: 'CSAT',
        score: '4',
        min: '1',
        max: '5',
        text: 'fine',
        at: '2026-01-31',
      }),
      row('2', { account_id: 'A', type: 'csat', score: '6', min: '1', max: '5', at: '2026-01-31 23:30' }),
      row('3', { account_id: 'B', type: 'NPS', score: '10', at: '2026-01-31T23:30:00Z' }),
      row('4', { account_id: 'A', type: 'NPS', score: '4', min: '1', max: '5', at: '2026-02-01' }),
      row('5', { account_id: 'A', type: 'NPS', score: '4', min: '0', max: '5', at: '2026-02-01' }),
    ],
  });
  expect(byKey(await rows('responses'), 'response_id')).toMatchObject([
    {
      response_id: 'r.csv:1',
      account_id: 'a.csv:A',
      score: 4,
      scale_min: 1,
      scale_max: 5,
      text_present: true,
      day: '2026-01-31',
      via: 'account',
      source: 'import',
    },
    { response_id: 'r.csv:2', survey_type: 'CSAT', score: null, is_out_of_scale: true, day: '2026-01-31' },
    { response_id: 'r.csv:3', account_id: null, via: null, nps_group: 'promoter', day: '2026-02-01' },
    { response_id: 'r.csv:4', score: 4, nps_group: null },
    { response_id: 'r.csv:5', score: 4, nps_group: null },
  ]);
});
