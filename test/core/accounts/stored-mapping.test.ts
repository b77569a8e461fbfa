import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HUBSPOT_DEFAULTS } from '../../../src/core/accounts/mapping-view.ts';
import { parseMapping, mappingJsonSchema } from '../../../src/core/accounts/mapping.ts';
import { describeChange, mappingChanges } from '../../../src/core/accounts/mapping-changes.ts';
import { readMappingFile } from '../../../src/core/accounts/mapping-file.ts';
import { mappingVersions } from '../../../src/core/accounts/mapping-versions.ts';
import { adoptMappingFile } from '../../../src/core/accounts/portal-mapping.ts';
import { setMapping } from '../../../src/core/accounts/set-mapping.ts';
import { silentLog } from '../../../src/core/log.ts';
import { VirtualClock } from '../../../src/demo/virtual-clock.ts';
import { listAudit } from '../../../src/store/audit.ts';
import { mappingAt } from '../../../src/store/mappings.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { ENGINES, storeWithPortal } from '../../support/stores.ts';
import { NOON } from '../../warehouse/mirror.ts';

const FIRST = { version: 1, accounts: { plan: 'plan_a' }, book: { grace_days: 10 } };
const SECOND = { version: 1, accounts: { plan: 'plan_b', segment: 'size' } };

describe.each(ENGINES)('on %s', (engine) => {
  async function bench() {
    const { store, portal, admin } = await storeWithPortal(engine);
    const clock = new VirtualClock(NOON);
    return { ctx: { store, clock, log: silentLog }, store, portal, admin, clock };
  }

  it('each change is a version with its author and its moment, and the one of then is kept', async () => {
    const { ctx, store, portal, admin, clock } = await bench();
    expect(await setMapping(ctx, admin, { document: FIRST, after: 0 })).toEqual({ version: 1, isNew: true });
    await clock.advance(1000);
    expect(await setMapping(ctx, admin, { document: SECOND, after: 1 })).toEqual({ version: 2, isNew: true });
    expect(await setMapping(ctx, admin, { document: SECOND, after: null })).toEqual({
      version: 2,
      isNew: false,
    });
    expect(await mappingAt(store, portal, NOON)).toMatchObject({ version: 1, author: admin.user });
    const versions = await mappingVersions(store, portal);
    expect(versions.map(({ version, changes }) => [version, changes.map(describeChange)])).toEqual([
      [
        2,
        [
          'book.grace_days is now 30 (was 10)',
          'accounts.plan is now plan_b (was plan_a)',
          'accounts.segment is now size',
        ],
      ],
      [1, []],
    ]);
    const audit = await listAudit(store, portal, 10);
    expect(audit.map(({ action, subject, details }) => [action, subject, details])).toEqual([
      ['mapping.set', '2', { changes: 3 }],
      ['mapping.set', '1', { changes: 0 }],
    ]);
  });

  it('is not overwritten by who started from an older one, nor changed by who is no admin', async () => {
    const { ctx, store, portal, admin } = await bench();
    await setMapping(ctx, admin, { document: FIRST, after: 0 });
    await expect(setMapping(ctx, admin, { document: SECOND, after: 0 })).rejects.toThrow(
      'Somebody else changed the mapping meanwhile.',
    );
    for (const role of ['leader', 'analyst', 'manager'] as const)
      await expect(setMapping(ctx, { ...admin, role }, { document: SECOND, after: 1 })).rejects.toThrow(
        'Only an admin',
      );
    await expect(setMapping(ctx, admin, { document: { version: 3 }, after: 1 })).rejects.toThrow('version');
    expect(await mappingAt(store, portal, NOON)).toMatchObject({ version: 1 });
    const both = await Promise.allSettled([
      setMapping(ctx, admin, { document: SECOND, after: 1 }),
      setMapping(ctx, admin, { document: { version: 1 }, after: 1 }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('a file rules: what it holds becomes the next version once, and nothing else may be stored', async () => {
    const { ctx, store, portal, admin, clock } = await bench();
    await setMapping(ctx, admin, { document: FIRST, after: 0 });
    const path = join(await temporaryFolder(), 'mapping.json');
    const ruled = { ...ctx, portalClock: () => Promise.resolve(clock), mappingFile: { portal, path } };
    const adopt = async (document: unknown) => {
      await clock.advance(1000);
      await writeFile(path, typeof document === 'string' ? document : JSON.stringify(document));
      return adoptMappingFile(ruled, portal);
    };
    expect(await adopt(FIRST)).toBe(false);
    expect(await adopt(SECOND)).toBe(true);
    expect(await adopt(SECOND)).toBe(false);
    expect(await adopt('{ broken')).toBe(false);
    expect(await mappingAt(store, portal, clock.now())).toMatchObject({ version: 2, author: 'file' });
    expect(await mappingAt(store, portal, NOON)).toMatchObject({ version: 1 });
    await expect(setMapping(ruled, admin, { document: FIRST, after: 2 })).rejects.toThrow('MAPPING_FILE');
    const other = { ...ruled, mappingFile: { portal: 'another' as typeof portal, path } };
    expect(await adoptMappingFile(other, portal)).toBe(false);
  });
});

it('a file that cannot be used is refused with its name and everything that is wrong', async () => {
  const path = join(await temporaryFolder(), 'mapping.json');
  await expect(readMappingFile(path)).rejects.toThrow(`The mapping ${path} cannot be read.`);
  await writeFile(path, '\ufeff{"version": 1}');
  expect(await readMappingFile(path)).toEqual(parseMapping({ version: 1 }));
  await writeFile(path, '{"version": 1,}');
  await expect(readMappingFile(path)).rejects.toThrow(`${path}: This is no JSON`);
  const wrong = {
    version: 1,
    book: { grace_days: -1, time_zone: 'Mars/Olympus' },
    accounts: { plan: 'a"b' },
  };
  await writeFile(path, JSON.stringify(wrong));
  const refused = await readMappingFile(path).catch((error: unknown) => String(error));
  for (const part of [path, 'book.grace_days', 'There is no such time zone', 'neither quotes nor'])
    expect(refused).toContain(part);
});

it('a mapping may name its schema, and the schema of the docs is the program’s', () => {
  const file = new URL('../../../docs/mapping.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(mappingJsonSchema());
  expect(parseMapping({ $schema: './docs/mapping.schema.json', version: 1 }).version).toBe(1);
});

it('lists are one change, rates are one a row', () => {
  const before = parseMapping({ version: 1 });
  const rate = { from: 'EUR', to: 'USD', date: '2026-01-01', rate: 1.1 };
  const after = parseMapping({ version: 1, contracts: { order: ['deals'] }, fx: [rate] });
  expect(mappingChanges(before, after)).toEqual([
    {
      path: 'contracts.order',
      from: 'subscriptions, line_items, deals, companies',
      to: 'deals',
    },
    { path: 'fx.1', from: null, to: 'EUR USD 2026-01-01 1.1' },
  ]);
  expect(mappingChanges(after, after)).toEqual([]);
});

it('what is read where nothing is mapped has the names that the staging reads', () => {
  const files = { responses: '51_responses', tickets: '53_tickets', invoices: '56_invoices' };
  for (const [group, name] of Object.entries(files)) {
    const sql = readFileSync(new URL(`../../../analytics/staging/${name}.sql`, import.meta.url), 'utf8');
    const read = Object.fromEntries(
      [...sql.matchAll(/setting\('\$\.\w+\.(\w+)'\), '(\w+)'/g)].map((match) => [match[1], match[2]]),
    );
    expect(HUBSPOT_DEFAULTS[group as keyof typeof files]).toEqual(read);
  }
});
