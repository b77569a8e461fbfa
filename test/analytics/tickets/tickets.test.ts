import { expect, it } from 'vitest';
import type { FakeState } from '../../../src/demo/fake/types.ts';
import { accountOf, byKey, dayIn, demoPortal, expectWhole } from '../support/demo-portal.ts';
import type { MartRow } from '../support/run-marts.ts';
import { link, tinyMirror, type TinyRecord } from '../support/tiny-mirror.ts';

const STAGES: Record<string, string> = {
  1: 'New',
  2: 'Waiting on contact',
  3: 'Waiting on us',
  4: 'Closed',
};

it('says of the demo portal what its own state says, now and as it was known before an edit', async () => {
  const { state, sync, rows } = await demoPortal();
  const first = await sync();
  const before = byKey(await rows('tickets', first), 'ticket_id');
  expect(before).toEqual(expected(state));
  expectWhole(before, (row) => String(row['ticket_id']), [...state.all('tickets')].length);
  expect(new Set(before.map((row) => row['via']))).toEqual(new Set(['company', 'contact']));

  const closed = [...state.all('tickets')].find((one) => one.properties['hs_is_closed'] === 'true');
  const id = closed?.id ?? '';
  state.update('tickets', id, { hs_is_closed: 'false', hs_pipeline_stage: '2', closed_date: '' });
  const second = await sync();

  const after = byKey(await rows('tickets', second), 'ticket_id');
  expect(after).toEqual(expected(state));
  expect(after.find((row) => row['ticket_id'] === id)).toMatchObject({
    is_open: true,
    closed_at: null,
    hours_to_close: null,
    pipeline_stage: 'Waiting on contact',
  });
  expect(byKey(await rows('tickets', first), 'ticket_id')).toEqual(before);
});

// The same from the fake's state alone.
function expected(state: FakeState): MartRow[] {
  const rows = [...state.all('tickets')].map(({ id, properties }) => {
    const opened = Date.parse(properties['createdate'] ?? '');
    const closed = properties['closed_date'] === undefined ? null : Date.parse(properties['closed_date']);
    return {
      ticket_id: id,
      opened_at: new Date(opened).toISOString(),
      closed_at: closed === null ? null : new Date(closed).toISOString(),
      day: dayIn(opened),
      is_open: properties['hs_is_closed'] === 'false',
      subject: properties['subject'] ?? null,
      priority: properties['hs_ticket_priority']?.toLowerCase() ?? null,
      category: properties['hs_ticket_category'] ?? null,
      pipeline_stage: STAGES[properties['hs_pipeline_stage'] ?? ''] ?? null,
      first_reply_minutes: Number(properties['time_to_first_agent_reply']) / 60_000,
      hours_to_close: closed === null ? null : (closed - opened) / 3_600_000,
      satisfaction: null,
      ...accountOf(state, 'tickets', id),
      source: 'tickets',
    };
  });
  return byKey(rows, 'ticket_id');
}

function ticket(id: string, properties: Record<string, string> = {}): TinyRecord {
  return { type: 'tickets', id, properties: { createdate: '2026-01-31T22:30:00Z', ...properties } };
}

it('is open by the flag, else by the stage, else for lack of a closing', async () => {
  const { rows } = await tinyMirror({
    records: [
      ticket('1', { hs_is_closed: 'false', hs_pipeline: '0', hs_pipeline_stage: '4' }),
      ticket('2', { hs_pipeline: '0', hs_pipeline_stage: '4' }),
      ticket('3', { hs_pipeline: '0', hs_pipeline_stage: '1', closed_date: '2026-02-01T22:30:00Z' }),
      ticket('4', { closed_date: '2026-02-01T10:30:00Z' }),
      ticket('5'),
      ticket('6', { hs_pipeline: 'other', hs_pipeline_stage: '4' }),
    ],
    definitions: [
      {
        kind: 'pipeline',
        objectType: 'tickets',
        id: '0',
        document: {
          id: '0',
          stages: [
            { id: '1', label: 'New', metadata: { ticketState: 'OPEN' } },
            { id: '4', label: 'Closed', metadata: { ticketState: 'CLOSED' } },
          ],
        },
      },
    ],
  });
  expect(await rows('tickets')).toMatchObject([
    { ticket_id: '1', is_open: true, pipeline_stage: 'Closed' },
    { ticket_id: '2', is_open: false, pipeline_stage: 'Closed', hours_to_close: null },
    { ticket_id: '3', is_open: true, pipeline_stage: 'New', hours_to_close: null },
    { ticket_id: '4', is_open: false, pipeline_stage: null, hours_to_close: 12 },
    { ticket_id: '5', is_open: true },
    { ticket_id: '6', is_open: true, pipeline_stage: '4' },
  ]);
});

it('gives no hours to a ticket that was closed before it was opened', async () => {
  const { rows } = await tinyMirror({
    records: [ticket('1', { hs_is_closed: 'true', closed_date: '2026-01-30T00:00:00Z' })],
  });
  expect(await rows('tickets')).toMatchObject([{ is_open: false, hours_to_close: null }]);
});

it('leaves out archived and merged-away tickets', async () => {
  const { rows } = await tinyMirror({
    records: [{ ...ticket('1'), archived: true }, ticket('2'), ticket('3', { hs_merged_object_ids: '2' })],
  });
  expect((await rows('tickets')).map((row) => row['ticket_id'])).toEqual(['3']);
});

it('prefers the primary company, then another one, then the contact’s', async () => {
  const { rows } = await tinyMirror({
    records: [
      { type: 'companies', id: '1' },
      { type: 'companies', id: '2' },
      { type: 'companies', id: '3' },
      { type: 'contacts', id: '11' },
      ticket('1'),
      ticket('2'),
      ticket('3'),
      ticket('4'),
    ],
    links: [
      link(['contacts', '11'], ['companies', '3'], 1),
      link(['tickets', '1'], ['companies', '1'], 339),
      link(['tickets', '1'], ['companies', '2'], 339),
      link(['tickets', '1'], ['companies', '2'], 26),
      link(['tickets', '1'], ['contacts', '11'], 16),
      link(['tickets', '2'], ['companies', '1'], 339),
      link(['tickets', '2'], ['contacts', '11'], 16),
      link(['tickets', '3'], ['contacts', '11'], 16),
    ],
  });
  expect(await rows('tickets')).toMatchObject([
    { ticket_id: '1', account_id: '2', via: 'company' },
    { ticket_id: '2', account_id: '1', via: 'company' },
    { ticket_id: '3', account_id: '3', via: 'contact' },
    { ticket_id: '4', account_id: null, via: null },
  ]);
});

it('counts a ticket of the late evening on the portal’s day', async () => {
  const { rows } = await tinyMirror({ records: [ticket('1', { createdate: '2026-01-31T23:30:00Z' })] });
  expect(await rows('tickets')).toMatchObject([{ day: '2026-02-01' }]);
  expect(await rows('tickets', { timeZone: 'America/New_York' })).toMatchObject([{ day: '2026-01-31' }]);
});

it('reads the satisfaction from the property that the mapping names', async () => {
  const { rows } = await tinyMirror({ records: [ticket('1', { stars: '4', kind: 'Billing' })] });
  const mapping = { tickets: { satisfaction: 'stars', category: 'kind' } };
  expect(await rows('tickets', { mapping })).toMatchObject([{ satisfaction: 4, category: 'Billing' }]);
  expect(await rows('tickets')).toMatchObject([{ satisfaction: null, category: null }]);
});

it('reads imported tickets, a day without a time as the portal’s midnight', async () => {
  const { rows } = await tinyMirror({
    records: [
      { type: 'import_accounts', id: 'a.csv:A', properties: { account_id: 'A' } },
      {
        type: 'import_tickets',
        id: 't.csv:1',
        properties: {
          account_id: 'A',
          opened_at: '2026-01-30',
          closed_at: '2026-01-31 03:00',
          priority: 'HIGH',
          first_reply_minutes: '74',
          satisfaction: '4',
        },
      },
      { type: 'import_tickets', id: 't.csv:2', properties: { account_id: 'B', opened_at: '2026-01-31' } },
    ],
  });
  expect(await rows('tickets', { timeZone: 'America/New_York' })).toMatchObject([
    {
      ticket_id: 't.csv:1',
      account_id: 'a.csv:A',
      opened_at: '2026-01-30T05:00:00.000Z',
      day: '2026-01-30',
      is_open: false,
      priority: 'high',
      first_reply_minutes: 74,
      hours_to_close: 27,
      satisfaction: 4,
      via: 'account',
      source: 'import',
    },
    { ticket_id: 't.csv:2', account_id: null, via: null, is_open: true, hours_to_close: null },
  ]);
});
