import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';

/** Copies a portal's warehouse into a new file, as it stands between two of its transactions. The sync goes on afterwards. */
export async function copyWarehouse(
  ctx: Pick<Context, 'warehouse'>,
  portal: PortalId,
  file: string,
): Promise<void> {
  const warehouse = await ctx.warehouse(portal);
  await warehouse.alone(async (db) => {
    await db.run(`attach '${file.replaceAll("'", "''")}' as backup`);
    try {
      await db.run('copy from database mirror to backup');
      await db.run('checkpoint backup');
    } finally {
      await db.run('detach backup');
    }
  });
}
