import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { mappingAt } from '../../store/mappings.ts';
import { getPortal } from '../../store/portals.ts';
import { buildMarts, marts } from '../../warehouse/build.ts';
import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { parseMapping } from './mapping.ts';
import { buildInputs, inputsOf } from './portal-mapping.ts';

const Columns = z.array(z.object({ column_name: z.string(), column_type: z.string() }));

export interface ExportedMart {
  mart: string;
  rows: number;
}

/**
 * Writes every public mart as one CSV file into a new or empty folder, as known at a moment: with the records and the mapping of then. Text that a
 * spreadsheet would run as a formula gets an apostrophe in front. Throws AppError `not_found` for a moment before the first sync.
 */
export async function exportMarts(
  ctx: Context,
  portal: PortalId,
  options: { folder: string; knownAt: Date | null },
): Promise<ExportedMart[]> {
  await prepareFolder(options.folder);
  const warehouse = await ctx.warehouse(portal);
  const inputs =
    options.knownAt === null
      ? await inputsOf(ctx, portal, warehouse)
      : await inputsThen(ctx, portal, options.knownAt);
  const written: ExportedMart[] = [];
  await warehouse.alone(async (db) => {
    await buildMarts(db, inputs, ':memory:', async () => {
      for (const { name, isInternal } of marts()) {
        if (isInternal) continue;
        const columns = Columns.parse((await db.runAndReadAll(`describe ${name}`)).getRowObjectsJson());
        const list = columns.map(({ column_name: column, column_type: type }) =>
          type === 'VARCHAR' ? `${safeText(column)} as ${quotedName(column)}` : quotedName(column),
        );
        const file = join(options.folder, `${name}.csv`).replaceAll("'", "''");
        const copied = await db.run(
          `copy (select ${list.join(', ')} from ${name}) to '${file}' (format csv, header)`,
        );
        written.push({ mart: name, rows: copied.rowsChanged });
      }
    });
  });
  return written;
}

async function inputsThen(ctx: Context, id: PortalId, knownAt: Date): ReturnType<typeof inputsOf> {
  const stored = await mappingAt(ctx.store, id, knownAt);
  if (stored === null) {
    const since = await firstKnown(ctx, id);
    throw new AppError(
      'not_found',
      since === null
        ? 'Not known: nothing was ever synced. Sync first: holdfast sync'
        : `Not known: Holdfast began watching on ${since}. Give a later moment.`,
    );
  }
  const portal = await getPortal(ctx.store, id);
  return buildInputs(parseMapping(stored.document), {
    timeZone: portal?.timeZone ?? 'UTC',
    currency: portal?.currency ?? 'USD',
    knownAt,
  });
}

async function firstKnown(ctx: Context, portal: PortalId): Promise<string | null> {
  const warehouse = await ctx.warehouse(portal);
  const rows = await warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        `select strftime(min(started_at) at time zone 'UTC', '%Y-%m-%d %H:%M UTC') as since from sync_runs`,
      )
    ).getRowObjectsJS(),
  );
  const since = rows[0]?.['since'];
  return typeof since === 'string' ? since : null;
}

async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw new AppError(
      'conflict',
      `${folder} is not empty. Give a new folder, so that no file is overwritten.`,
    );
}

function safeText(column: string): string {
  const name = quotedName(column);
  return `case when regexp_matches(${name}, '^[=+@\\t\\r\\x{FF1D}\\x{FF0B}\\x{FF0D}\\x{FF20}-]') and try_cast(${name} as double) is null then '''' || ${name} else ${name} end`;
}

function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
