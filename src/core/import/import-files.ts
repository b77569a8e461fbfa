import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { finishRun, hasEndedRun, startRun } from '../sync/ledger.ts';
import { readContradictions } from './contradictions.ts';
import { checkFiles, type FilePlan } from './check-files.ts';
import type { ImportContext } from './context.ts';
import type { ImportMapping } from './file-mapping.ts';
import { importFile, type ImportedFile } from './import-file.ts';
import { openListFile, type ListFile } from './list-file.ts';
import { readReferences } from './references.ts';
import { isAccountedFor, sumCounts, type ImportResult, type Reject } from './result.ts';

const SHOWN_REJECTS = 20;
const KEPT_PAGE = 20_000;

export interface ImportRequest {
  folder: string;
  mapping: ImportMapping;
  /** of the files that name none */
  timeZone: string;
}

/**
 * Brings CSV files into the mirror and accounts for every row of them. Rows of an earlier import that are not in a file any more are kept.
 * Throws AppError `invalid` for a mapping that does not fit the files, before anything is loaded.
 */
export async function importFiles(ctx: ImportContext, request: ImportRequest): Promise<ImportResult> {
  const at = ctx.clock.now();
  const { plans, unmapped } = await checkFiles(request.folder, request.mapping, request.timeZone);
  const references = await readReferences(ctx, plans);
  const reachesBack = !(await hasEndedRun(ctx));
  const run = randomUUID();
  await startRun(ctx, run, at);
  const rejects = collectRejects(ctx.dataDir, at);
  const kept = openListFile(ctx.dataDir, at, 'kept', ['file', 'kind', 'id']);
  const files = [];
  try {
    for (const plan of plans) {
      ctx.onProgress({ file: plan.mapping.file, rows: 0 });
      const done = await importFile(ctx, plan, { at, reachesBack, references, reject: rejects.add });
      done.result.kept = await listKept(ctx, plan, done, kept);
      if (!isAccountedFor(done.result))
        throw new Error(`rows of ${plan.mapping.file} are in no count: ${JSON.stringify(done.result)}`);
      ctx.log.info('a file was imported', { ...done.result });
      files.push(done.result);
    }
  } finally {
    await Promise.all([rejects.close(), kept.close()]);
  }
  const result: ImportResult = {
    portal: ctx.warehouse.portal,
    at: at.toISOString(),
    seconds: (ctx.clock.now().getTime() - at.getTime()) / 1000,
    files,
    total: sumCounts(files),
    rejects: rejects.first,
    rejectsFile: await rejects.close(),
    keptFile: await kept.close(),
    contradictions: await readContradictions(ctx),
    notes: [
      ...references.notes,
      ...unmapped.map((file) => `The mapping does not name ${file}; it was not read.`),
    ],
  };
  const finishedAt = ctx.clock.now();
  await finishRun(
    ctx,
    {
      ...result,
      run,
      finishedAt: finishedAt.toISOString(),
      state: 'complete',
      requests: 0,
      retries: 0,
    },
    finishedAt,
  );
  return result;
}

function collectRejects(dataDir: string, at: Date) {
  const header = ['file', 'line', 'kind', 'id', 'field', 'reason', 'detail'];
  const file = openListFile(dataDir, at, 'rejects', header);
  const first: Reject[] = [];
  return {
    first,
    add: async (reject: Reject): Promise<void> => {
      if (first.length < SHOWN_REJECTS) first.push(reject);
      const { file: name, line, kind, id, field, reason, detail } = reject;
      await file.add([name, line, kind, id, field, reason, detail]);
    },
    close: () => file.close(),
  };
}

const STORED = `
  select count(*)::double as stored from objects
  where object_type = $object_type and starts_with(id, $prefix)`;
const PAGE = `
  select id from objects
  where object_type = $object_type and starts_with(id, $prefix) and id > $after
  order by id limit $page`;

const IdRows = z.array(z.tuple([z.string()]));

// Only where more is stored than was loaded can something be missing from the file; the ids are asked for then.
async function listKept(
  ctx: ImportContext,
  { mapping, objectType, idPrefix }: FilePlan,
  done: ImportedFile,
  list: ListFile,
): Promise<number> {
  const { fresh, changed, unchanged } = done.result;
  const where = { object_type: objectType, prefix: idPrefix };
  const rows = await ctx.warehouse.read(async (db) => (await db.runAndReadAll(STORED, where)).getRowsJS());
  if (Number(rows[0]?.[0] ?? 0) === fresh + changed + unchanged) return 0;
  let count = 0;
  let after = '';
  for (;;) {
    const rows = await ctx.warehouse.read(async (db) =>
      (await db.runAndReadAll(PAGE, { ...where, after, page: KEPT_PAGE })).getRowsJS(),
    );
    const page = IdRows.parse(rows);
    for (const [id] of page) {
      after = id;
      if (done.isInFile(id.slice(idPrefix.length))) continue;
      count += 1;
      await list.add([mapping.file, mapping.kind, id.slice(idPrefix.length)]);
    }
    if (page.length < KEPT_PAGE) return count;
  }
}
