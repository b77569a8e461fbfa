import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { loadObjects, readPlace } from '../../src/core/sync/load-objects.ts';
import { clearSegments } from '../../src/core/sync/segment.ts';
import { run } from '../long-cases/mirror-versions.ts';
import { NOON, openMirror, rowsOf } from './mirror.ts';
import { company } from './records.ts';

const HOUR = 3_600_000;

it('adds a version only where something changed, and closes the one before', async () => {
  const { ctx, warehouse, clock } = await openMirror();
  const [edited, untouched] = [company('1', 1, { name: 'before', empty: null }), company('2', 1)];
  expect(await loadObjects(ctx, 'companies', [edited, untouched], {})).toBe(2);
  await clock.advance(HOUR);
  const after = company('1', 2, { name: 'after' });
  expect(await loadObjects(ctx, 'companies', [after, untouched], {})).toBe(1);
  expect(await rowsOf(warehouse, `select id, properties, known_from from objects order by id`)).toEqual([
    { id: '1', properties: '{"name":"after"}', known_from: '2026-03-01 13:00:00+00' },
    { id: '2', properties: '{"name":"Company 2"}', known_from: '2026-03-01 12:00:00+00' },
  ]);
  expect(await rowsOf(warehouse, `select id, properties, known_from, known_to from object_versions`)).toEqual(
    [
      {
        id: '1',
        properties: '{"name":"before"}',
        known_from: '2026-03-01 12:00:00+00',
        known_to: '2026-03-01 13:00:00+00',
      },
    ],
  );
});

it('changes nothing when the same batch comes again, however its properties are ordered', async () => {
  const { ctx, warehouse } = await openMirror();
  await loadObjects(ctx, 'companies', [company('1', 1, { a: '1', b: '2', c: null })], {});
  expect(await loadObjects(ctx, 'companies', [company('1', 1, { c: null, b: '2', a: '1' })], {})).toBe(0);
  expect(await loadObjects(ctx, 'companies', [company('1', 9, { b: '2', a: '1' })], {})).toBe(0);
  expect(await rowsOf(warehouse, 'from object_versions')).toEqual([]);
});

it('never lets an older copy win over a newer one, in one batch or in two', async () => {
  const { ctx, warehouse } = await openMirror();
  const [older, newer] = [company('1', 1, { name: 'older' }), company('1', 2, { name: 'newer' })];
  expect(await loadObjects(ctx, 'companies', [newer, older], {})).toBe(1);
  expect(await loadObjects(ctx, 'companies', [older], {})).toBe(0);
  expect(await rowsOf(warehouse, `select properties ->> 'name' as name from objects`)).toEqual([
    { name: 'newer' },
  ]);
  expect(await rowsOf(warehouse, 'from object_versions')).toEqual([]);
});

it('takes archiving and restoring as changes, though HubSpot leaves the modified date as it was', async () => {
  const { ctx, warehouse, clock } = await openMirror();
  const live = company('1', 1);
  const archived = { ...live, archived: true, archivedAt: '2026-03-01T12:30:00Z' };
  await loadObjects(ctx, 'companies', [live], {});
  await clock.advance(HOUR);
  expect(await loadObjects(ctx, 'companies', [archived], {})).toBe(1);
  await clock.advance(HOUR);
  expect(await loadObjects(ctx, 'companies', [live], {})).toBe(1);
  const history = `select archived, archived_at from object_versions union all select archived, archived_at from objects`;
  expect(await rowsOf(warehouse, history)).toEqual([
    { archived: false, archived_at: null },
    { archived: true, archived_at: '2026-03-01 12:30:00+00' },
    { archived: false, archived_at: null },
  ]);
});

it('keeps the types apart, and ids and values as they are', async () => {
  const { ctx, warehouse } = await openMirror();
  const values = {
    text: 'a"b\\c\n\u2028😀',
    number: '1e400',
    name: 'null',
    Name: 'case',
    '2': 'digits',
    __proto__x: 'p',
  };
  await loadObjects(ctx, 'companies', [company('007', 1, values)], {});
  await loadObjects(ctx, '2-123', [company('007', 1)], {});
  const [row] = await rowsOf(warehouse, `select id, properties from objects where object_type = 'companies'`);
  expect(row?.['id']).toBe('007');
  expect(JSON.parse(String(row?.['properties']))).toEqual(values);
  expect(await loadObjects(ctx, 'companies', [company('007', 1, values)], {})).toBe(0);
  expect(await rowsOf(warehouse, 'from object_versions')).toEqual([]);
});

it('keeps hundreds of kilobytes in one record', async () => {
  const { ctx, warehouse } = await openMirror();
  const properties = Object.fromEntries(
    Array.from({ length: 1700 }, (_, n) => [`property_${n}`, 'x'.repeat(300)]),
  );
  expect(await loadObjects(ctx, 'companies', [company('1', 1, properties)], {})).toBe(1);
  const [row] = await rowsOf(warehouse, 'select json_keys(properties).len()::integer as n from objects');
  expect(row).toEqual({ n: 1700 });
});

it('saves the place with the rows or not at all', async () => {
  const { ctx, warehouse } = await openMirror();
  expect(await readPlace(ctx, 'companies')).toBeNull();
  await loadObjects(ctx, 'companies', [company('1', 1)], { listStartedAt: NOON, listedTo: '1' });
  await loadObjects(ctx, 'companies', [], { modifiedTo: NOON });
  expect(await readPlace(ctx, 'companies')).toEqual({ listStartedAt: NOON, listedTo: '1', modifiedTo: NOON });
  warehouse.setFence(() => Promise.reject(new AppError('conflict', 'taken over')));
  await expect(loadObjects(ctx, 'companies', [company('2', 1)], { listedTo: '2' })).rejects.toThrow(
    'taken over',
  );
  expect(await readPlace(ctx, 'companies')).toMatchObject({ listedTo: '1' });
  expect(await rowsOf(warehouse, 'select id from objects')).toEqual([{ id: '1' }]);
  warehouse.setFence(() => Promise.resolve());
  expect(await loadObjects(ctx, 'companies', [company('2', 1)], { listedTo: '2' })).toBe(1);
});

it('leaves no segment behind, and clears what a killed run left', async () => {
  const { ctx, warehouse } = await openMirror();
  const segments = (): Promise<string[]> => readdir(join(warehouse.folder, 'segments'));
  await loadObjects(ctx, 'companies', [company('1', 1)], {});
  expect(await segments()).toEqual([]);
  for (const step of ['segment-written', 'segment-renamed', 'segment-loaded', 'segment-committed'] as const) {
    const dies = { ...ctx, failpoint: (reached: string) => reached === step && fail(step) };
    await expect(loadObjects(dies, 'companies', [company('1', 2, { name: step })], {})).rejects.toThrow(step);
    expect((await segments()).length).toBe(1);
    await clearSegments(ctx);
    expect(await segments()).toEqual([]);
  }
  expect(await rowsOf(warehouse, `select properties ->> 'name' as name from objects`)).toEqual([
    { name: 'segment-committed' },
  ]);
  expect(await rowsOf(warehouse, 'select count(*)::integer as n from object_versions')).toEqual([{ n: 1 }]);
});

it('answers for any moment what a model of random histories answers, without gap or overlap', async () => {
  const lines: string[] = [];
  await run({ rounds: 3, firstSeed: 1, say: (line) => lines.push(line) });
  expect(lines).toHaveLength(3);
});

function fail(step: string): never {
  throw new Error(step);
}

it('a record of thirty-four megabytes is loaded whole', async () => {
  const { ctx, warehouse } = await openMirror();
  const value = 'ü'.repeat(17_000_000);
  expect(await loadObjects(ctx, 'companies', [company('1', 1, { a: value }), company('2', 1)], {})).toBe(2);
  const rows = await rowsOf(
    warehouse,
    `select strlen(properties ->> 'a')::integer as n from objects where id = '1'`,
  );
  expect(rows).toEqual([{ n: 34_000_000 }]);
});
