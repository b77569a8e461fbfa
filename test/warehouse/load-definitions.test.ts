import { expect, it } from 'vitest';
import { loadDefinitions, type Definition } from '../../src/core/sync/load-definitions.ts';
import { openMirror, rowsOf } from './mirror.ts';

const HOUR = 3_600_000;
const PIPELINES = [{ kind: 'pipeline', objectType: 'deals' }] as const;

function pipeline(id: string, label: string, objectType = 'deals'): Definition {
  return { kind: 'pipeline', objectType, id, document: { label, stages: [{ id: 's1', label: 'Open' }] } };
}

const NOW = `select object_type, id, document ->> 'label' as label, known_from from definitions order by all`;
const HISTORY = `select id, document ->> 'label' as label, known_from, known_to from definition_versions order by known_from, id`;

it('gives a changed definition a new version and keeps the old one, so that history keeps its labels', async () => {
  const { ctx, warehouse, clock } = await openMirror();
  expect(await loadDefinitions(ctx, PIPELINES, [pipeline('a', 'Sales'), pipeline('b', 'Renewals')])).toBe(2);
  await clock.advance(HOUR);
  expect(
    await loadDefinitions(ctx, PIPELINES, [pipeline('a', 'New business'), pipeline('b', 'Renewals')]),
  ).toBe(2);
  expect(await rowsOf(warehouse, NOW)).toEqual([
    { object_type: 'deals', id: 'a', label: 'New business', known_from: '2026-03-01 13:00:00+00' },
    { object_type: 'deals', id: 'b', label: 'Renewals', known_from: '2026-03-01 12:00:00+00' },
  ]);
  expect(await rowsOf(warehouse, HISTORY)).toEqual([
    { id: 'a', label: 'Sales', known_from: '2026-03-01 12:00:00+00', known_to: '2026-03-01 13:00:00+00' },
  ]);
});

it('closes what vanished, in the kinds and types that were read whole and in no others', async () => {
  const { ctx, warehouse, clock } = await openMirror();
  const tickets = { kind: 'pipeline', objectType: 'tickets' } as const;
  await loadDefinitions(
    ctx,
    [...PIPELINES, tickets],
    [pipeline('a', 'Sales'), pipeline('t', 'Support', 'tickets')],
  );
  await clock.advance(HOUR);
  expect(await loadDefinitions(ctx, [], [])).toBe(0);
  expect(await loadDefinitions(ctx, PIPELINES, [])).toBe(1);
  expect((await rowsOf(warehouse, NOW)).map((row) => row['id'])).toEqual(['t']);
  await clock.advance(HOUR);
  expect(await loadDefinitions(ctx, PIPELINES, [pipeline('a', 'Sales')])).toBe(1);
  expect(await rowsOf(warehouse, HISTORY)).toMatchObject([
    { id: 'a', known_from: '2026-03-01 12:00:00+00', known_to: '2026-03-01 13:00:00+00' },
  ]);
  expect((await rowsOf(warehouse, NOW))[0]).toMatchObject({ id: 'a', known_from: '2026-03-01 14:00:00+00' });
});

it('changes nothing when the same definitions come again', async () => {
  const { ctx, warehouse } = await openMirror();
  const all = [pipeline('a', 'Sales'), pipeline('A', 'Case counts'), pipeline('b', 'ü "quoted"')];
  expect(await loadDefinitions(ctx, PIPELINES, all)).toBe(3);
  expect(await loadDefinitions(ctx, PIPELINES, all)).toBe(0);
  expect(await loadDefinitions(ctx, PIPELINES, all.toReversed())).toBe(0);
  expect(await rowsOf(warehouse, HISTORY)).toEqual([]);
});

it('keeps one of two that came under one name in one answer: the later', async () => {
  const { ctx, warehouse } = await openMirror();
  const owners = [{ kind: 'owner', objectType: '' }] as const;
  const owner = (archived: boolean): Definition => ({
    kind: 'owner',
    objectType: '',
    id: '7',
    document: { label: String(archived) },
  });
  expect(await loadDefinitions(ctx, owners, [owner(false), owner(true)])).toBe(1);
  expect(await rowsOf(warehouse, NOW)).toMatchObject([{ id: '7', label: 'true' }]);
  expect(await loadDefinitions(ctx, owners, [owner(false), owner(true)])).toBe(0);
});

it('leaves no moment in which two versions hold when the clock is set back', async () => {
  const { ctx, warehouse } = await openMirror();
  let now = new Date('2026-03-01T12:00:00Z');
  const at = { ...ctx, portalClock: { now: () => now, sleep: () => Promise.resolve() } };
  for (const [time, label] of [
    ['12:00', 'one'],
    ['11:00', 'two'],
    ['13:00', 'three'],
  ] as const) {
    now = new Date(`2026-03-01T${time}:00Z`);
    await loadDefinitions(at, PIPELINES, [pipeline('a', label)]);
  }
  expect(await rowsOf(warehouse, HISTORY)).toMatchObject([
    { known_from: '2026-03-01 12:00:00+00', known_to: '2026-03-01 12:00:00+00' },
    { known_from: '2026-03-01 12:00:00+00', known_to: '2026-03-01 13:00:00+00' },
  ]);
  expect(await rowsOf(warehouse, NOW)).toMatchObject([
    { label: 'three', known_from: '2026-03-01 13:00:00+00' },
  ]);
});
