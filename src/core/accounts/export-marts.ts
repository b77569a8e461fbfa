import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { buildMarts, marts } from '../../warehouse/build.ts';
import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { inputsThen } from './inputs-then.ts';
import { inputsOf } from './portal-mapping.ts';

const Columns = z.array(z.object({ column_name: z.string(), column_type: z.string() }));

export interface ExportedMart {
  mart: string;
  rows: number;
}

/**
 * Writes every public mart as one CSV file into a new or empty folder, as known at a moment or at the end of a day: with the records and the
 * mapping of then. Text that a spreadsheet would run as a formula gets an apostrophe in front. Throws AppError `not_found` for a moment
 * before the first sync, `invalid` for one that lies ahead.
 */
export async function exportMarts(
  ctx: Context,
  portal: PortalId,
  options: { folder: string; knownAt: string | null },
): Promise<ExportedMart[]> {
  const warehouse = await ctx.warehouse(portal);
  const inputs =
    options.knownAt === null
      ? await inputsOf(ctx, portal, warehouse)
      : await inputsThen(ctx, portal, warehouse, options.knownAt);
  await prepareFolder(options.folder);
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
