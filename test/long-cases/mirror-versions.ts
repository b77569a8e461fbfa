import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { z } from 'zod';
import type { PortalId } from '../../src/core/actor.ts';
import type { CrmObject } from '../../src/core/hubspot-port.ts';
import { silentLog } from '../../src/core/log.ts';
import { loadObjects } from '../../src/core/sync/load-objects.ts';
import { openWarehouse, type Warehouse } from '../../src/warehouse/warehouse.ts';
import { loadContext } from '../warehouse/load-context.ts';
import { brokenTiles, knownAt, VersionModel, type Version } from '../warehouse/version-model.ts';

const START = Date.parse('2026-03-01T12:00:00Z');
const MINUTE = 60_000;
const HISTORIES_A_ROUND = 8;

export interface VersionOptions {
  rounds: number;
  firstSeed: number;
  say: (line: string) => void;
}

const StoredVersion = z.object({
  id: z.string(),
  from: z.number(),
  to: z.number().nullable(),
  properties: z.string(),
  archived: z.boolean(),
  archived_at: z.number().nullable(),
});

interface Batch {
  /** how far the clock moves before it; backwards too, as a machine's clock may be set */
  minutes: number;
  records: CrmObject[];
}

const record: fc.Arbitrary<CrmObject> = fc
  .record({
    id: fc.constantFrom('7198', '719869649082', '7199', '72'),
    value: fc.option(fc.constantFrom('a', 'b', '', '"\'\n|,ü'), { nil: null }),
    modified: fc.integer({ min: 0, max: 6 }),
    archived: fc.boolean(),
  })
  .map(({ id, value, modified, archived }) => ({
    id,
    properties: { z: value, name: 'always', a: archived ? null : value },
    createdAt: new Date(START).toISOString(),
    updatedAt: new Date(START + modified * MINUTE).toISOString(),
    archived,
    archivedAt: archived ? new Date(START + modified * MINUTE).toISOString() : null,
  }));
const history: fc.Arbitrary<Batch[]> = fc.array(
  fc.record({
    minutes: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 5 }) },
      fc.integer({ min: -9, max: -1 }),
    ),
    records: fc.array(record, { minLength: 1, maxLength: 6 }),
  }),
  { minLength: 1, maxLength: 8 },
);

/**
 * Random histories of edits, old copies, archiving, repetition and clocks that are set back: whatever moment is asked for, the mirror
 * answers what a model in plain JavaScript answers, and versions follow on one another without gap or overlap.
 */
export async function run({ rounds, firstSeed, say }: VersionOptions): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-versions-'));
  const warehouse = await openWarehouse({ dataDir, portal: 'main' as PortalId, log: silentLog });
  try {
    for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
      let n = 0;
      await fc.assert(
        fc.asyncProperty(history, async (batches) => {
          n += 1;
          await checkHistory(warehouse, `type-${seed}-${n}`, batches);
        }),
        { seed, numRuns: HISTORIES_A_ROUND },
      );
      say(`seed ${seed}: ${HISTORIES_A_ROUND} histories agree with the model`);
    }
  } finally {
    await warehouse.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function checkHistory(warehouse: Warehouse, objectType: string, batches: Batch[]): Promise<void> {
  const model = new VersionModel();
  let now = START;
  const ctx = loadContext(warehouse, { now: () => new Date(now), sleep: () => Promise.resolve() });
  for (const { minutes, records } of batches) {
    now += minutes * MINUTE;
    mustEqual('versions added', await loadObjects(ctx, objectType, records, {}), model.learn(now, records));
    mustEqual(
      'versions added by repeating',
      await loadObjects(ctx, objectType, records, {}),
      model.learn(now, records),
    );
  }
  const stored = await readVersions(warehouse, objectType);
  mustEqual('gaps and overlaps', brokenTiles(stored), []);
  const moments = [...stored, ...model.versions].flatMap(({ from, to }) => [
    from - 1,
    from,
    to ?? from,
    from + 1,
  ]);
  for (const moment of new Set([...moments, now, START - MINUTE]))
    mustEqual(`what was known at ${moment}`, knownAt(stored, moment), knownAt(model.versions, moment));
}

async function readVersions(warehouse: Warehouse, objectType: string): Promise<Version[]> {
  const rows = await warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        `with versions as (
           select id, known_from, null as known_to, properties, archived, archived_at
           from objects where object_type = $object_type
           union all
           select id, known_from, known_to, properties, archived, archived_at
           from object_versions where object_type = $object_type
         )
         select id, epoch_ms(known_from)::double as "from", epoch_ms(known_to)::double as "to",
           properties::varchar as properties, archived, epoch_ms(archived_at)::double as archived_at
         from versions`,
        { object_type: objectType },
      )
    ).getRowObjectsJS(),
  );
  return StoredVersion.array()
    .parse(rows)
    .map(({ id, from, to, properties, archived, archived_at: archivedAt }) => ({
      id,
      from,
      to,
      content: JSON.stringify([
        JSON.parse(properties),
        archived,
        archivedAt === null ? null : new Date(archivedAt).toISOString(),
      ]),
    }));
}

function mustEqual(what: string, got: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(got, wanted))
    throw new Error(`${what}: the mirror says ${JSON.stringify(got)}, the model ${JSON.stringify(wanted)}`);
}
