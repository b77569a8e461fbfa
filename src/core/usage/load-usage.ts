import { rm } from 'node:fs/promises';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { clearUsageInbox, readUsageInbox, type UsageRow } from '../../store/usage-inbox.ts';
import type { Context } from '../context.ts';
import { addVersions } from '../sync/load-objects.ts';
import { writeSegment } from '../sync/segment.ts';

export const USAGE_TYPE = 'sent_usage';
const ROWS_AT_ONCE = 20_000;

// Known from the moment at which they are loaded: until then no answer knew them. A clock that was set back lets no two versions hold at once.
const STAGE = `
  create or replace temp table segment as
  with known as (select id, known_from from objects where object_type = $object_type)
  select
    $object_type as object_type, incoming.id, greatest($at::timestamptz, known.known_from) as known_from,
    $at::timestamptz as created_at, greatest($at::timestamptz, known.known_from) as updated_at, false as archived,
    null::timestamptz as archived_at, incoming.properties,
    md5(concat_ws('|', incoming.properties::varchar, false, null::timestamptz)) as content_hash
  from read_json($file, format = 'newline_delimited', maximum_object_size = $size, columns = {id: 'VARCHAR', properties: 'JSON'}) incoming
  left join known using (id)`;

/**
 * Brings the usage that was sent into the portal's mirror, as versions like any record. Only the worker may call it: it writes the warehouse.
 * A row is taken from the inbox after it is in; killed between the two, it is brought in again and changes nothing.
 */
export async function loadSentUsage(
  ctx: Pick<Context, 'store' | 'portalClock' | 'failpoint'>,
  warehouse: Warehouse,
): Promise<number> {
  const clock = await ctx.portalClock(warehouse.portal);
  let changed = 0;
  for (;;) {
    const rows = await readUsageInbox(ctx.store, warehouse.portal, ROWS_AT_ONCE);
    const last = rows.at(-1);
    if (last === undefined) return changed;
    const { file, size } = await writeSegment(
      { warehouse, failpoint: ctx.failpoint },
      USAGE_TYPE,
      linesOf(rows),
    );
    changed += await warehouse.write(async (db) => {
      await db.run(STAGE, { object_type: USAGE_TYPE, at: clock.now().toISOString(), file, size });
      const added = await addVersions(db, USAGE_TYPE);
      await db.run('drop table segment');
      return added;
    });
    await clearUsageInbox(ctx.store, warehouse.portal, last.seq);
    await rm(file, { force: true });
  }
}

// Of an account, day and feature that came twice the later row holds.
function linesOf(rows: readonly UsageRow[]): string[] {
  const lines = new Map<string, string>();
  for (const { account, day, feature, count, activeUsers } of rows) {
    const id = JSON.stringify([account, day, feature]);
    const properties = {
      account_id: account,
      ...(activeUsers === null ? {} : { active_users: String(activeUsers) }),
      ...(count === null ? {} : { count: String(count) }),
      day,
      feature,
    };
    lines.set(id, JSON.stringify({ id, properties }));
  }
  return [...lines.values()];
}
