import { z } from 'zod';
import type { SyncContext } from './context.ts';
import { countRecords } from './counts.ts';
import { inLanes } from './lanes.ts';
import { modifiedProperty } from './object-types.ts';
import { Reconciled as ReconciledShape, type Reconciled } from './progress.ts';
import { INDEX_LAG_MS } from './read-modified.ts';

/** The records of a type are counted so often at most, unless a sweep has just ended. */
const CHECK_EVERY_MS = 15 * 60_000;

/** How the mirror and HubSpot stand to each other in a type. */
export interface Standing {
  state: Reconciled;
  /** how many records are named as missing here or there */
  named: number;
}

const LastRow = z.object({
  object_type: z.string(),
  checked_at: z.number(),
  hubspot_total: z.number().nullable(),
  live: z.number(),
  state: ReconciledShape,
  named: z.number(),
});
type LastRow = z.output<typeof LastRow>;

async function readLast(ctx: Pick<SyncContext, 'warehouse'>): Promise<Map<string, LastRow>> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        `select c.object_type, epoch_ms(checked_at)::double as checked_at, hubspot_total, live, state, count(d.id)::integer as named
         from sync_counts c left join sync_differences d using (object_type) group by all`,
      )
    ).getRowObjectsJS(),
  );
  return new Map(
    LastRow.array()
      .parse(rows)
      .map((row) => [row.object_type, row]),
  );
}

const Own = z.object({
  object_type: z.string(),
  live: z.number(),
  archived: z.number(),
  merged: z.number(),
  purged: z.number(),
  /** when the newest of it was learned, in milliseconds since 1970 by the portal's clock; null while there is none */
  newest: z.number().nullable(),
});
type Own = z.output<typeof Own>;
const OWN = `
  select object_type, sum(live)::integer as live, sum(archived)::integer as archived, sum(merged)::integer as merged,
    sum(purged)::integer as purged, epoch_ms(max(newest))::double as newest
  from (
    select object_type, count(*) filter (not archived) as live, count(*) filter (archived) as archived, 0 as merged, 0 as purged,
      max(known_from) as newest
    from objects group by object_type
    union all
    select object_type, 0, 0, count(*) filter (reason = 'merged'), count(*) filter (reason = 'purged'), max(known_from)
    from tombstones group by object_type
  )
  group by object_type`;

async function readOwn(ctx: Pick<SyncContext, 'warehouse'>): Promise<(objectType: string) => Own> {
  const rows = await ctx.warehouse.read(async (db) => (await db.runAndReadAll(OWN)).getRowObjectsJS());
  const own = new Map(
    Own.array()
      .parse(rows)
      .map((row) => [row.object_type, row]),
  );
  return (objectType) =>
    own.get(objectType) ?? {
      object_type: objectType,
      live: 0,
      archived: 0,
      merged: 0,
      purged: 0,
      newest: null,
    };
}

/**
 * Counts the live records of types here and at HubSpot, and keeps how they stand to each other. A type that was counted a moment ago is not
 * counted again, unless `now` says otherwise.
 */
export async function countTypes(
  ctx: SyncContext,
  types: readonly { objectType: string; now: boolean }[],
): Promise<Map<string, Standing>> {
  const last = await readLast(ctx);
  const standings = new Map<string, Standing>();
  const due: string[] = [];
  const counted: LastRow[] = [];
  for (const { objectType, now } of types) {
    const known = last.get(objectType);
    const age = ctx.clock.now().getTime() - (known?.checked_at ?? 0);
    if (known === undefined || now || age < 0 || age >= CHECK_EVERY_MS) due.push(objectType);
    else counted.push(known);
  }
  for (const { known, own } of await withOwn(ctx, counted)) {
    const isChanged = await hasChangedSince(ctx, known, own);
    if (isChanged) await keepUncounted(ctx, own);
    standings.set(known.object_type, { state: isChanged ? 'settling' : known.state, named: known.named });
  }
  if (due.length === 0) return standings;
  const totals = new Map<string, number | null>();
  await inLanes(ctx, due, {
    work: async (inner, objectType) => {
      totals.set(objectType, await countRecords(inner, objectType));
    },
  });
  const ownOf = await readOwn(ctx);
  const counts: Count[] = [];
  for (const objectType of due) {
    const [own, total] = [ownOf(objectType), totals.get(objectType) ?? null];
    const state = await judge(ctx, objectType, { total, live: own.live });
    const named = state === 'complete' ? 0 : (last.get(objectType)?.named ?? 0);
    counts.push({ own, total, state, named });
    standings.set(objectType, { state, named });
  }
  await keepCounts(ctx, counts);
  return standings;
}

// To count our own reads through every record: only where a type is not counted anew, which does it once more.
async function withOwn(
  ctx: Pick<SyncContext, 'warehouse'>,
  types: readonly LastRow[],
): Promise<{ known: LastRow; own: Own }[]> {
  if (types.length === 0) return [];
  const ownOf = await readOwn(ctx);
  return types.map((known) => ({ known, own: ownOf(known.object_type) }));
}

/** The same of one type, at once. */
export async function countType(ctx: SyncContext, objectType: string): Promise<Standing> {
  const standings = await countTypes(ctx, [{ objectType, now: true }]);
  return standings.get(objectType) ?? { state: 'unknown', named: 0 };
}

const Lately = z.object({ came: z.number(), went: z.number(), modified: z.number() });
// came: became live within the lag, so that search may not show it yet; went: the other way; modified: what search should show by its date.
const LATELY = `
  select
    count(*) filter (
      not archived and (
        created_at >= $cutoff::timestamptz
        or known_from >= $cutoff::timestamptz and not exists (
          from object_versions before
          where before.object_type = objects.object_type and before.id = objects.id
            and before.known_to = objects.known_from and not before.archived
        )
      )
    )::integer as came,
    (
      count(*) filter (archived and archived_at >= $cutoff::timestamptz)
      + (select count(*) from tombstones where object_type = $object_type and known_from >= $cutoff::timestamptz)
    )::integer as went,
    count(*) filter (not archived and updated_at >= $cutoff::timestamptz)::integer as modified
  from objects
  where object_type = $object_type`;

// What came or went since a type was counted was compared with nothing, be it as many as before; what was edited is counted still. The
// demo portal's clock stands behind the computer's: there the numbers alone tell.
async function hasChangedSince(ctx: SyncContext, known: LastRow, own: Own): Promise<boolean> {
  if (known.state === 'unknown') return false;
  if (own.live !== known.live) return true;
  if (own.newest === null || own.newest <= known.checked_at) return false;
  const { came, went } = await lately(ctx, known.object_type, new Date(known.checked_at));
  return came + went > 0;
}

async function keepUncounted(ctx: SyncContext, own: Own): Promise<void> {
  const { object_type, live, archived, merged, purged } = own;
  await ctx.warehouse.write((db) =>
    db.run(
      `update sync_counts set state = 'settling', live = $live, archived = $archived, merged = $merged, purged = $purged,
         differing = greatest(differing, abs(coalesce(hubspot_total, $live) - $live))
       where object_type = $object_type`,
      { object_type, live, archived, merged, purged },
    ),
  );
}

async function lately(ctx: SyncContext, objectType: string, cutoff: Date): Promise<z.output<typeof Lately>> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(LATELY, { object_type: objectType, cutoff: cutoff.toISOString() })
    ).getRowObjectsJS(),
  );
  return Lately.parse(rows[0]);
}

// Search goes on showing for a while what was, and not yet what is. Only where that cannot be the reason do the two differ.
async function judge(
  ctx: SyncContext,
  objectType: string,
  { total, live }: { total: number | null; live: number },
): Promise<Reconciled> {
  if (total === null) return 'unknown';
  const more = total - live;
  if (more === 0) return 'complete';
  const cutoff = new Date(ctx.portalClock.now().getTime() - INDEX_LAG_MS);
  const { came, went, modified } = await lately(ctx, objectType, cutoff);
  if (more < 0) return -more <= came ? 'settling' : 'differs';
  if (more <= went) return 'settling';
  // What came into being since it was read here: HubSpot counts more that changed lately than we know of.
  const shown = await countRecords(ctx, objectType, [
    { propertyName: modifiedProperty(objectType), operator: 'GTE', value: String(cutoff.getTime()) },
  ]);
  return more <= went + Math.max(0, (shown ?? 0) - modified) ? 'settling' : 'differs';
}

interface Count {
  own: Own;
  total: number | null;
  state: Reconciled;
  named: number;
}

async function keepCounts(ctx: SyncContext, counts: readonly Count[]): Promise<void> {
  const rows = counts.map(({ own, total, state, named }) => ({
    ...own,
    hubspot_total: total,
    state,
    differing: Math.max(named, total === null ? 0 : Math.abs(total - own.live)),
  }));
  await ctx.warehouse.write(async (db) => {
    await db.run(
      `create or replace temp table counted as
       select unnest(from_json($rows, '[{"object_type": "VARCHAR", "hubspot_total": "INTEGER", "live": "INTEGER", "archived": "INTEGER",
         "merged": "INTEGER", "purged": "INTEGER", "state": "VARCHAR", "differing": "INTEGER"}]'), recursive := true)`,
      { rows: JSON.stringify(rows) },
    );
    await db.run('delete from sync_counts where object_type in (select object_type from counted)');
    await db.run(`insert into sync_counts by name select *, $at::timestamptz as checked_at from counted`, {
      at: ctx.clock.now().toISOString(),
    });
    await db.run(
      `delete from sync_differences where object_type in (select object_type from counted where state = 'complete')`,
    );
    await db.run('drop table counted');
  });
}

/** A difference of the two, by name. */
export interface Difference {
  id: string;
  kind: 'missing_here' | 'missing_there';
}

/** Keeps which records differ, in place of those named before. */
export async function keepDifferences(
  ctx: Pick<SyncContext, 'warehouse'>,
  objectType: string,
  differences: readonly Difference[],
): Promise<void> {
  await ctx.warehouse.write(async (db) => {
    await db.run('delete from sync_differences where object_type = $object_type', {
      object_type: objectType,
    });
    await db.run(
      `insert into sync_differences by name
       select $object_type as object_type, unnest(from_json($rows, '[{"id": "VARCHAR", "kind": "VARCHAR"}]'), recursive := true)`,
      { object_type: objectType, rows: JSON.stringify(differences) },
    );
    await db.run(
      `update sync_counts set differing = greatest(abs(coalesce(hubspot_total, live) - live), $named)
       where object_type = $object_type`,
      { object_type: objectType, named: differences.length },
    );
  });
}
