import { expect, it } from 'vitest';
import type { FakeState } from '../../../src/demo/fake/types.ts';
import { accountOf, byKey, contactsOf, dayIn, demoPortal, expectWhole } from '../support/demo-portal.ts';
import type { MartRow } from '../support/run-marts.ts';
import { link, tinyMirror, type TinyRecord } from '../support/tiny-mirror.ts';

const TYPES = { emails: 'email', calls: 'call', meetings: 'meeting', notes: 'note', tasks: 'task' } as const;

it('says of the demo portal what its own state says, now and as it was known before an edit', async () => {
  const { state, sync, rows } = await demoPortal();
  const first = await sync();
  const before = byKey(await rows('touches', first), 'touch_id');
  expect(before).toEqual(expected(state));
  const all = Object.keys(TYPES).reduce((sum, type) => sum + [...state.all(type)].length, 0);
  expectWhole(before, (row) => String(row['touch_id']), all);
  expect(before.filter((row) => row['is_two_way'] === true).length).toBeGreaterThan(100);

  const held = [...state.all('meetings')].find((one) => one.properties['hs_meeting_outcome'] === 'COMPLETED');
  const [moved] = [...state.all('notes')];
  const other = [...state.all('companies')].at(-1)?.id ?? '';
  state.update('meetings', held?.id ?? '', { hs_meeting_outcome: 'CANCELED' });
  for (const { toId } of state.associations('notes', moved?.id ?? '', 'companies'))
    state.dissociate('notes', moved?.id ?? '', 'companies', toId);
  state.associate('notes', moved?.id ?? '', 'companies', other, { typeId: 190, backTypeId: 189 });
  state.update('notes', moved?.id ?? '', { hs_note_body: 'moved' });
  const second = await sync();

  const after = byKey(await rows('touches', second), 'touch_id');
  expect(after).toEqual(expected(state));
  expect(after.find((row) => row['touch_id'] === `meetings:${held?.id}`)).toMatchObject({
    is_two_way: false,
  });
  expect(after.find((row) => row['touch_id'] === `notes:${moved?.id}`)).toMatchObject({ account_id: other });
  expect(byKey(await rows('touches', first), 'touch_id')).toEqual(before);
});

// The same from the fake's state alone. The demo portal has no task with a day on which it was done.
function expected(state: FakeState): MartRow[] {
  const rows = Object.entries(TYPES).flatMap(([objectType, type]) =>
    [...state.all(objectType)].map(({ id, properties }) => {
      const at = Date.parse(
        properties['hs_meeting_start_time'] ??
          properties['hs_task_completion_date'] ??
          properties['hs_timestamp'] ??
          '',
      );
      const isIncoming = properties['hs_email_direction'] === 'INCOMING_EMAIL';
      const isInbound = isIncoming || properties['hs_call_direction'] === 'INBOUND';
      const isDone =
        properties['hs_call_status'] === 'COMPLETED' || properties['hs_meeting_outcome'] === 'COMPLETED';
      return {
        touch_id: `${objectType}:${id}`,
        contact_count: contactsOf(state, objectType, id).length,
        touched_at: new Date(at).toISOString(),
        day: dayIn(at),
        type,
        direction: type === 'email' || type === 'call' ? (isInbound ? 'in' : 'out') : null,
        is_two_way: isIncoming || isDone,
        owner_id: properties['hubspot_owner_id'] ?? null,
        by_us: false,
        ...accountOf(state, objectType, id),
        source: objectType,
      };
    }),
  );
  return byKey(rows, 'touch_id');
}

function touch(type: keyof typeof TYPES, id: string, properties: Record<string, string> = {}): TinyRecord {
  return { type, id, properties: { hs_timestamp: '2026-01-31T10:00:00Z', ...properties } };
}

const CONNECTED = 'f240bbac-87c9-4f6e-bf70-924b57d47db7';
const LEFT_VOICEMAIL = 'b2cf5968-551e-4856-9783-52b3da59a7d0';

it('takes for two-way only what the customer took part in', async () => {
  const cases: [string, keyof typeof TYPES, Record<string, string>, boolean, string | null][] = [
    ['mail that came in', 'emails', { hs_email_direction: 'INCOMING_EMAIL' }, true, 'in'],
    ['our mail', 'emails', { hs_email_direction: 'EMAIL' }, false, 'out'],
    [
      'a mail somebody forwarded to the CRM',
      'emails',
      { hs_email_direction: 'FORWARDED_EMAIL' },
      false,
      null,
    ],
    ['a mail without a direction', 'emails', {}, false, null],
    [
      'a call that connected',
      'calls',
      { hs_call_direction: 'OUTBOUND', hs_call_status: 'COMPLETED' },
      true,
      'out',
    ],
    [
      'a call nobody took',
      'calls',
      { hs_call_direction: 'INBOUND', hs_call_status: 'NO_ANSWER' },
      false,
      'in',
    ],
    [
      'a voicemail',
      'calls',
      { hs_call_status: 'COMPLETED', hs_call_disposition: LEFT_VOICEMAIL },
      false,
      null,
    ],
    ['a call logged by hand', 'calls', { hs_call_disposition: CONNECTED }, true, null],
    [
      'a call with an empty outcome',
      'calls',
      { hs_call_status: 'COMPLETED', hs_call_disposition: '' },
      true,
      null,
    ],
    ['a call without a status', 'calls', {}, false, null],
    ['a meeting that was held', 'meetings', { hs_meeting_outcome: 'COMPLETED' }, true, null],
    ['a cancelled meeting', 'meetings', { hs_meeting_outcome: 'CANCELED' }, false, null],
    ['a meeting nobody came to', 'meetings', { hs_meeting_outcome: 'NO_SHOW' }, false, null],
    ['a meeting that is planned', 'meetings', { hs_meeting_outcome: 'SCHEDULED' }, false, null],
    ['a note', 'notes', {}, false, null],
    ['a finished task', 'tasks', { hs_task_status: 'COMPLETED' }, false, null],
  ];
  const { rows } = await tinyMirror({
    records: cases.map(([, type, properties], n) => touch(type, String(100 + n), properties)),
  });
  const found = new Map((await rows('touches')).map((row) => [row['touch_id'], row]));
  const answers = cases.map(([name, type], n) => {
    const row = found.get(`${type}:${100 + n}`);
    return [name, row?.['is_two_way'], row?.['direction']];
  });
  expect(answers).toEqual(cases.map(([name, , , twoWay, direction]) => [name, twoWay, direction]));
});

it('takes the portal’s own outcomes of calls for connected where the mapping names them', async () => {
  const { rows } = await tinyMirror({
    records: [touch('calls', '100', { hs_call_disposition: 'own-outcome' })],
  });
  expect(await rows('touches')).toMatchObject([{ is_two_way: false }]);
  const mapping = { touches: { connected_dispositions: ['own-outcome'] } };
  expect(await rows('touches', { mapping })).toMatchObject([{ is_two_way: true }]);
});

it('leaves what this app wrote out of two-way contact, and nothing else', async () => {
  const { rows } = await tinyMirror({
    records: [
      touch('meetings', '1', { hs_meeting_outcome: 'COMPLETED', hs_object_source_id: '4711' }),
      touch('meetings', '2', { hs_meeting_outcome: 'COMPLETED', hs_object_source_id: '4712' }),
    ],
  });
  expect(await rows('touches')).toMatchObject([
    { touch_id: 'meetings:1', by_us: true, is_two_way: false },
    { touch_id: 'meetings:2', by_us: false, is_two_way: true },
  ]);
});

it('counts a touch for one company: the one that most of its contacts belong to, then the smallest id', async () => {
  const { rows } = await tinyMirror({
    records: [
      { type: 'companies', id: '9' },
      { type: 'companies', id: '10' },
      { type: 'contacts', id: '11' },
      touch('notes', '1'),
      touch('notes', '2'),
      touch('notes', '3'),
    ],
    links: [
      link(['contacts', '11'], ['companies', '10'], 1),
      link(['contacts', '11'], ['companies', '9'], 279),
      link(['notes', '1'], ['companies', '9'], 190),
      link(['notes', '1'], ['companies', '10'], 190),
      link(['notes', '2'], ['companies', '9'], 190),
      link(['notes', '2'], ['companies', '10'], 190),
      link(['notes', '2'], ['contacts', '11'], 202),
      link(['notes', '3'], ['contacts', '11'], 202),
    ],
  });
  expect(await rows('touches')).toMatchObject([
    { touch_id: 'notes:1', account_id: '9', via: 'company', contact_count: 0 },
    { touch_id: 'notes:2', account_id: '10', via: 'company', contact_count: 1 },
    { touch_id: 'notes:3', account_id: '10', via: 'contact', contact_count: 1 },
  ]);
});

it('falls back to the deal, steps over archived ends, and counts a merged contact once', async () => {
  const { rows } = await tinyMirror({
    records: [
      { type: 'companies', id: '1' },
      { type: 'companies', id: '2', archived: true },
      { type: 'contacts', id: '11' },
      { type: 'contacts', id: '12', properties: { hs_merged_object_ids: '11' } },
      { type: 'contacts', id: '13', archived: true },
      { type: 'deals', id: '31' },
      touch('notes', '1'),
      touch('notes', '2'),
      touch('notes', '3'),
      { ...touch('notes', '4'), archived: true },
    ],
    links: [
      link(['contacts', '12'], ['companies', '1'], 1),
      link(['contacts', '13'], ['companies', '1'], 1),
      link(['deals', '31'], ['companies', '1'], 5),
      link(['notes', '1'], ['deals', '31'], 214),
      link(['notes', '2'], ['companies', '2'], 190),
      link(['notes', '2'], ['contacts', '11'], 202),
      link(['notes', '2'], ['contacts', '12'], 202),
      link(['notes', '3'], ['contacts', '13'], 202),
      link(['notes', '4'], ['companies', '1'], 190),
    ],
  });
  expect(await rows('touches')).toMatchObject([
    { touch_id: 'notes:1', account_id: '1', via: 'deal', contact_count: 0 },
    { touch_id: 'notes:2', account_id: '1', via: 'contact', contact_count: 1 },
    { touch_id: 'notes:3', account_id: null, via: null, contact_count: 0 },
  ]);
});

it('keeps merged companies apart where the book says so', async () => {
  const { rows } = await tinyMirror({
    records: [
      { type: 'companies', id: '1' },
      { type: 'companies', id: '2', properties: { hs_merged_object_ids: '1' } },
      touch('notes', '1'),
    ],
    links: [link(['notes', '1'], ['companies', '1'], 190)],
  });
  expect(await rows('touches')).toMatchObject([{ account_id: '2' }]);
  expect(await rows('touches', { book: { merged: 'separate' } })).toMatchObject([{ account_id: '1' }]);
});

it('puts a touch half an hour before midnight UTC on the portal’s day, a meeting on its start, a task on its end', async () => {
  const { rows } = await tinyMirror({
    records: [
      touch('notes', '1', { hs_timestamp: '2026-07-14T22:30:00Z' }),
      touch('notes', '2', { hs_timestamp: '1769898600000' }),
      touch('meetings', '3', { hs_meeting_start_time: '2026-02-03T10:00:00Z' }),
      touch('tasks', '4', { hs_task_completion_date: '2026-02-04T10:00:00Z' }),
      touch('tasks', '5'),
      { type: 'notes', id: '6', createdAt: '2025-06-01T10:00:00Z' },
    ],
  });
  const days = (await rows('touches')).map((row) => [row['touch_id'], row['day']]);
  expect(days).toEqual([
    ['notes:6', '2025-06-01'],
    ['tasks:5', '2026-01-31'],
    ['notes:2', '2026-01-31'],
    ['meetings:3', '2026-02-03'],
    ['tasks:4', '2026-02-04'],
    ['notes:1', '2026-07-15'],
  ]);
  const far = await rows('touches', { timeZone: 'America/Los_Angeles' });
  expect(far.at(-1)).toMatchObject({ touch_id: 'notes:1', day: '2026-07-14' });
});

it('reads imported touches', async () => {
  const row = (id: string, properties: Record<string, string>): TinyRecord => ({
    type: 'import_touches',
    id: `t.csv:${id}`,
    properties: { account_id: 'A', at: '2026-01-31 23:30', ...properties },
  });
  const { rows } = await tinyMirror({
    records: [
      { type: 'import_accounts', id: 'a.csv:A', properties: { account_id: 'A' } },
      row('1', { type: 'Email', direction: 'in', by: 'Ada' }),
      row('2', { type: 'email', direction: 'out' }),
      row('3', { type: 'call', direction: 'outbound' }),
      row('4', { type: 'note', account_id: 'B' }),
      row('5', { type: 'letter' }),
    ],
  });
  const common = { day: '2026-01-31', source: 'import', by_us: false };
  expect(await rows('touches')).toMatchObject([
    {
      ...common,
      touch_id: 'import:t.csv:1',
      account_id: 'a.csv:A',
      type: 'email',
      direction: 'in',
      is_two_way: true,
      owner_id: 'Ada',
    },
    { ...common, touch_id: 'import:t.csv:2', direction: 'out', is_two_way: false, via: 'account' },
    { ...common, touch_id: 'import:t.csv:3', direction: 'out', is_two_way: true },
    { ...common, touch_id: 'import:t.csv:4', account_id: null, via: null, is_two_way: false },
    { ...common, touch_id: 'import:t.csv:5', type: 'letter', is_two_way: false },
  ]);
});
