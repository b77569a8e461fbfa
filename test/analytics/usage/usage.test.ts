import { expect, it } from 'vitest';
import type { FakeState } from '../../../src/demo/fake/types.ts';
import { accountOf, dayIn, demoPortal, expectWhole } from '../support/demo-portal.ts';
import type { MartRow } from '../support/run-marts.ts';
import { link, tinyMirror, type TinyRecord } from '../support/tiny-mirror.ts';

const USAGE = '2-7654321';

it('says of the demo portal what its own state says, now and as it was known before an edit', async () => {
  const { state, sync, rows } = await demoPortal();
  const first = await sync();
  const before = inOrder(await rows('usage', first));
  expect(before).toEqual(expected(state));
  expectWhole(before, keyOf, before.length);
  expect(total(before, 'records')).toBe(
    [...state.all(USAGE)].length +
      [...state.all('companies')].filter((one) => 'hf_monthly_active_users' in one.properties).length,
  );

  const [edited] = [...state.all(USAGE)];
  const active = [...state.all('companies')].find((one) => 'hf_monthly_active_users' in one.properties);
  state.update(USAGE, edited?.id ?? '', { event_count: '123456' });
  state.update('companies', active?.id ?? '', { hf_monthly_active_users: '' });
  const second = await sync();

  const after = inOrder(await rows('usage', second));
  expect(after).toEqual(expected(state));
  expect(total(after, 'count') - total(before, 'count')).toBe(
    123_456 - Number(edited?.properties['event_count']),
  );
  expect(inOrder(await rows('usage', first))).toEqual(before);
});

// The same from the fake's state alone: in the demo portal an account has one record a month.
function expected(state: FakeState): MartRow[] {
  const monthly = [...state.all(USAGE)].map(({ id, properties }) => ({
    account_id: accountOf(state, USAGE, id).account_id,
    day: properties['usage_month'] ?? null,
    feature: properties['feature'] ?? null,
    count: Number(properties['event_count']),
    active_users: Number(properties['active_users']),
    records: 1,
    source: USAGE,
  }));
  const own = [...state.all('companies')].flatMap(({ id, properties, updatedAt }) =>
    properties['hf_monthly_active_users'] === undefined
      ? []
      : [
          {
            account_id: id,
            day: dayIn(updatedAt),
            feature: 'monthly active users',
            count: null,
            active_users: Number(properties['hf_monthly_active_users']),
            records: 1,
            source: 'companies',
          },
        ],
  );
  return inOrder([...monthly, ...own]);
}

function keyOf(row: MartRow): string {
  return [row['account_id'], row['day'], row['feature'], row['source']].join('|');
}

function inOrder(rows: readonly MartRow[]): MartRow[] {
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function total(rows: readonly MartRow[], column: string): number {
  return rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
}

it('adds up a day’s records of a feature, takes the most users, and leaves archived ones out', async () => {
  const record = (id: string, properties: Record<string, string>): TinyRecord => ({
    type: USAGE,
    id,
    properties: { usage_month: '2026-01-01', feature: 'export', ...properties },
  });
  const { rows } = await tinyMirror({
    records: [
      { type: 'companies', id: '1' },
      record('1', { event_count: '10', active_users: '3' }),
      record('2', { event_count: '5', active_users: '4' }),
      record('3', { event_count: 'many' }),
      record('4', { event_count: '7', feature: 'import' }),
      { ...record('5', { event_count: '1000' }), archived: true },
      record('6', { event_count: '8' }),
    ],
    links: ['1', '2', '3', '4', '5'].map((id) => link([USAGE, id], ['companies', '1'], 711)),
  });
  const common = { day: '2026-01-01', source: USAGE };
  expect(inOrder(await rows('usage'))).toEqual(
    inOrder([
      { ...common, account_id: '1', feature: 'export', count: 15, active_users: 4, records: 3 },
      { ...common, account_id: '1', feature: 'import', count: 7, active_users: null, records: 1 },
      { ...common, account_id: null, feature: 'export', count: 8, active_users: null, records: 1 },
    ]),
  );
});

it('reads no records where the mapping names no object, and no users of a merged-away company', async () => {
  const { rows } = await tinyMirror({
    records: [
      { type: USAGE, id: '1', properties: { usage_month: '2026-01-01', event_count: '10' } },
      { type: 'companies', id: '1', properties: { hf_monthly_active_users: '5' } },
      {
        type: 'companies',
        id: '2',
        updatedAt: '2026-01-31T23:30:00Z',
        properties: { hf_monthly_active_users: '7', hs_merged_object_ids: '1' },
      },
    ],
  });
  const mapping = { accounts: { monthly_active_users: 'hf_monthly_active_users' } };
  expect(await rows('usage', { mapping })).toEqual([
    {
      account_id: '2',
      day: '2026-02-01',
      feature: 'monthly active users',
      count: null,
      active_users: 7,
      records: 1,
      source: 'companies',
    },
  ]);
  expect(await rows('usage', { mapping: {} })).toEqual([]);
});

it('finds the account of imported use by account or by contract', async () => {
  const row = (id: string, properties: Record<string, string>): TinyRecord => ({
    type: 'import_usage',
    id: `u.csv:${id}`,
    properties: { day: '2026-01-31', feature: 'f', count: '2', ...properties },
  });
  const { rows } = await tinyMirror({
    records: [
      { type: 'import_accounts', id: 'a.csv:A', properties: { account_id: 'A' } },
      { type: 'import_contracts', id: 's.csv:S', properties: { contract_id: 'S', account_id: 'A' } },
      { type: 'import_contracts', id: 's.csv:X', properties: { contract_id: 'X', account_id: 'Z' } },
      row('1', { account_id: 'A' }),
      row('2', { contract_id: 'S' }),
      row('3', { contract_id: 'S', day: '2026-02-01', count: '2.5' }),
      row('4', { contract_id: 'X' }),
      row('5', { account_id: 'nobody' }),
    ],
  });
  expect(inOrder(await rows('usage'))).toMatchObject(
    [
      { account_id: 'a.csv:A', day: '2026-01-31', count: 4, records: 2 },
      { account_id: 'a.csv:A', day: '2026-02-01', count: 2.5, records: 1 },
      { account_id: null, day: '2026-01-31', count: 4, records: 2 },
    ].toSorted((a, b) =>
      keyOf({ feature: 'f', source: 'import', ...a }) < keyOf({ feature: 'f', source: 'import', ...b })
        ? -1
        : 1,
    ),
  );
});
