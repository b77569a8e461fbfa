import { expect, it } from 'vitest';
import type { AssociationRow } from '../../src/core/hubspot-port.ts';
import { countDue, dueIds, loadLinks } from '../../src/core/sync/load-links.ts';
import { loadObjects } from '../../src/core/sync/load-objects.ts';
import { openMirror, rowsOf, type Row } from './mirror.ts';
import { company } from './records.ts';

const HOUR = 3_600_000;

function link(fromId: string, toId: string, label: string | null = null, typeId = 279): AssociationRow {
  return { fromId, toId, category: 'HUBSPOT_DEFINED', typeId, label };
}

function batch(ids: readonly string[], rows: readonly AssociationRow[], toType = 'contacts') {
  return { fromType: 'companies', toType, ids, rows };
}

const OPEN = 'select from_id, to_id, label, known_from from associations order by all';
const CLOSED = 'select from_id, to_id, label, known_from, known_to from association_versions order by all';

it('opens new links, closes vanished ones and leaves the others alone', async () => {
  const { ctx, warehouse, clock } = await openMirror();
  expect(
    await loadLinks(ctx, 'companies', [
      batch(['1', '2'], [link('1', '10'), link('1', '11'), link('2', '10')]),
    ]),
  ).toBe(3);
  await clock.advance(HOUR);
  expect(await loadLinks(ctx, 'companies', [batch(['1'], [link('1', '11'), link('1', '12')])])).toBe(2);
  expect(await rowsOf(warehouse, OPEN)).toEqual([
    { from_id: '1', to_id: '11', label: null, known_from: '2026-03-01 12:00:00+00' },
    { from_id: '1', to_id: '12', label: null, known_from: '2026-03-01 13:00:00+00' },
    { from_id: '2', to_id: '10', label: null, known_from: '2026-03-01 12:00:00+00' }, // not read, so not judged
  ]);
  expect(await rowsOf(warehouse, CLOSED)).toEqual([
    {
      from_id: '1',
      to_id: '10',
      label: null,
      known_from: '2026-03-01 12:00:00+00',
      known_to: '2026-03-01 13:00:00+00',
    },
  ]);
});

it('keeps a row for each label of a pair; another text closes the old one and opens a new one', async () => {
  const { ctx, warehouse, clock } = await openMirror();
  const both = [link('1', '10'), link('1', '10', 'Decision maker', 7), link('1', '10', 'Billing', 8)];
  expect(await loadLinks(ctx, 'companies', [batch(['1'], both)])).toBe(3);
  await clock.advance(HOUR);
  const renamed = [link('1', '10'), link('1', '10', 'Buyer', 7), link('1', '10', 'Billing', 8)];
  expect(await loadLinks(ctx, 'companies', [batch(['1'], renamed)])).toBe(2);
  const labels = (await rowsOf(warehouse, OPEN)).map((row) => row['label']);
  expect(labels).toEqual(['Billing', 'Buyer', null]);
  expect((await rowsOf(warehouse, CLOSED)).map((row) => row['label'])).toEqual(['Decision maker']);
  expect(await loadLinks(ctx, 'companies', [batch(['1'], [link('1', '10')])])).toBe(2);
  expect((await rowsOf(warehouse, OPEN)).map((row) => row['label'])).toEqual([null]);
});

it('changes nothing when the same links come again, also twice in one answer', async () => {
  const { ctx, warehouse } = await openMirror();
  const rows = [link('1', '10'), link('1', '10'), link('1', '11', 'x', 7)];
  expect(await loadLinks(ctx, 'companies', [batch(['1'], rows)])).toBe(2);
  expect(await loadLinks(ctx, 'companies', [batch(['1'], rows), batch(['1'], rows)])).toBe(0);
  expect(await rowsOf(warehouse, CLOSED)).toEqual([]);
});

it('takes "no links" as an answer, for the record and the type that were asked for only', async () => {
  const { ctx, warehouse } = await openMirror();
  await loadLinks(ctx, 'companies', [
    batch(['1'], [link('1', '10')]),
    batch(['1'], [link('1', '10')], 'deals'),
  ]);
  expect(await loadLinks(ctx, 'companies', [batch([], [])])).toBe(0);
  expect(await loadLinks(ctx, 'companies', [batch(['1'], [], 'deals')])).toBe(1);
  expect(await rowsOf(warehouse, 'select to_type from associations')).toEqual([{ to_type: 'contacts' }]);
});

it('keeps every moment apart when a link goes and comes again, also when the clock is set back', async () => {
  const { ctx, warehouse } = await openMirror();
  let now = new Date('2026-03-01T12:00:00Z');
  const at = { ...ctx, portalClock: { now: () => now, sleep: () => Promise.resolve() } };
  for (const [time, rows] of [
    ['12:00', [link('1', '10')]],
    ['13:00', []],
    ['14:00', [link('1', '10')]],
    ['13:30', []],
    ['11:00', [link('1', '10')]],
    ['15:00', []],
  ] as const) {
    now = new Date(`2026-03-01T${time}:00Z`);
    await loadLinks(at, 'companies', [batch(['1'], rows)]);
  }
  const spans = await rowsOf(warehouse, CLOSED);
  expect(
    spans.map(
      ({ known_from: from, known_to: to }: Row) =>
        `${String(from).slice(11, 16)}-${String(to).slice(11, 16)}`,
    ),
  ).toEqual(['12:00-13:00', '14:00-14:00', '14:00-15:00']);
});

it('lists new and changed records as due until their links were read', async () => {
  const { ctx } = await openMirror();
  const archived = { ...company('4', 1), archived: true, archivedAt: '2026-03-01T12:00:00Z' };
  await loadObjects(
    ctx,
    'companies',
    [company('72', 1), company('7198', 1), company('719869649082', 1), archived],
    {},
  );
  const due = async (): Promise<string[]> => (await dueIds(ctx, 'companies'))(10);
  expect(await due()).toEqual(['72', '7198', '719869649082']);
  const next = await dueIds(ctx, 'companies');
  expect([await next(2), await next(2), await next(2)]).toEqual([['72', '7198'], ['719869649082'], []]);
  expect(await countDue(ctx)).toEqual(new Map([['companies', 3]]));
  await loadLinks(ctx, 'companies', [batch(['72', '7198'], [link('72', '10')])]);
  expect(await due()).toEqual(['719869649082']);
  await loadObjects(ctx, 'companies', [company('72', 1)], {}); // nothing new
  expect(await due()).toEqual(['719869649082']);
  await loadObjects(ctx, 'companies', [company('72', 2, { name: 'new' })], {});
  expect(await due()).toEqual(['72', '719869649082']);
});
