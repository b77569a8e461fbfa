import type { ImportContext } from './context.ts';
import type { FilePlan } from './check-files.ts';
import { loadRows, type RowLine } from './load-rows.ts';
import type { LoadableRow, RejectedRow } from './make-row.ts';
import { readCsv } from './read-csv.ts';
import type { References } from './references.ts';
import { NO_COUNTS, type FileResult, type Reject } from './result.ts';
import { SeenIds } from './seen-ids.ts';
import { REJECT_REASONS } from './values.ts';

// Each batch joins the stored rows of its kind once, so batches are large; about 20 MB of text.
const BATCH_ROWS = 50_000;
const BATCHES_AT_ONCE = 2;
const PACK_ROWS = 500;
const TELL_EVERY_ROWS = 5_000;

export interface FileRun {
  at: Date;
  /** whether a row may be known from when it was recorded; else from this import on */
  reachesBack: boolean;
  references: References;
  reject(reject: Reject): Promise<void>;
}

export interface ImportedFile {
  result: FileResult;
  /** whether the id stood in the file, in whatever row */
  isInFile(id: string): boolean;
}

/** Brings one file into the mirror, a batch at a time: while some are loaded, the next is read. */
export async function importFile(ctx: ImportContext, plan: FilePlan, run: FileRun): Promise<ImportedFile> {
  const { file, kind } = plan.mapping;
  const result: FileResult = { ...NO_COUNTS, file, kind, skippedBy: {}, rejectedBy: {} };
  const seen = new SeenIds();
  const isNumbered = plan.mapping.id === 'row';
  const loader = createLoader(ctx, plan.objectType, run, result);
  const reject = async (line: number, row: RejectedRow): Promise<void> => {
    result.rejected += 1;
    count(result.rejectedBy, REJECT_REASONS[row.reason]);
    if (row.id !== null && !isNumbered) seen.note(row.id, line);
    const { id, field, reason, detail } = row;
    await run.reject({ file, line, kind, id, field, reason: REJECT_REASONS[reason], detail });
  };
  const load = async (line: number, row: LoadableRow): Promise<void> => {
    const objectId = plan.idPrefix + row.id;
    const refused = run.references.check(row, kind, objectId) ?? null;
    if (refused !== null) return reject(line, refused);
    const before = isNumbered ? null : seen.add(row.id, `${row.recordedAt} ${row.properties}`, line);
    if (before?.state === 'equal') result.merged += 1;
    else if (before?.state === 'other') await reject(line, duplicate(row.id, before.line));
    else {
      run.references.add(row, kind, objectId);
      await loader.add(lineOf(objectId, row));
    }
  };
  try {
    for await (const row of rowsOf(ctx, plan, result)) {
      if (row.state === 'loadable') await load(row.line, row);
      else if (row.state === 'rejected') await reject(row.line, row);
      else {
        result.skipped += 1;
        count(result.skippedBy, row.rule);
      }
    }
  } finally {
    await loader.settle();
  }
  await loader.flush();
  return { result, isInFile: (id) => (isNumbered ? Number(id) <= result.read : seen.has(id)) };
}

type FileRow = (LoadableRow | RejectedRow | { state: 'skipped'; rule: string }) & { line: number };

async function* rowsOf(ctx: ImportContext, plan: FilePlan, result: FileResult): AsyncGenerator<FileRow> {
  const { makeRow, mapping, path } = plan;
  if (makeRow === null) return;
  const rows = readCsv(path, mapping);
  await rows.next(); // the header
  for (;;) {
    const next = await rows.next();
    if (next.done === true) {
      if (next.value === null) break;
      result.read += 1;
      yield { ...unclosed(), line: next.value.line };
      break;
    }
    result.read += 1;
    if (result.read % TELL_EVERY_ROWS === 0) {
      ctx.signal.throwIfAborted();
      ctx.onProgress({ file: mapping.file, rows: result.read });
    }
    yield { ...makeRow(next.value.fields, result.read), line: next.value.line };
  }
}

// Batches are written to disk side by side with the reading; the warehouse takes them one after the other.
function createLoader(ctx: ImportContext, objectType: string, run: FileRun, result: FileResult) {
  let batch: string[] = [];
  let lines: RowLine[] = [];
  let rows = 0;
  const loading: Promise<void>[] = [];
  // Fifty thousand small texts are much work for the collector of garbage, a hundred long ones are none.
  const pack = (): void => {
    if (lines.length > 0) batch.push(lines.join('\n'));
    rows += lines.length;
    lines = [];
  };
  const start = async (): Promise<void> => {
    pack();
    const full = { texts: batch, rows };
    batch = [];
    rows = 0;
    if (full.rows === 0) return;
    const load = loadRows(ctx, objectType, full, run).then((counts) => {
      result.fresh += counts.fresh;
      result.changed += counts.changed;
      result.unchanged += counts.unchanged;
    });
    load.catch(() => {}); // thrown to whoever waits next
    loading.push(load);
    if (loading.length > BATCHES_AT_ONCE) await loading.shift();
  };
  return {
    add: async (line: RowLine): Promise<void> => {
      lines.push(line);
      if (lines.length >= PACK_ROWS) pack();
      if (rows >= BATCH_ROWS) await start();
    },
    flush: async (): Promise<void> => {
      await start();
      await Promise.all(loading);
    },
    /** Lets what is under way end, well or not, so that nothing writes after an error has been told. */
    settle: () => Promise.allSettled(loading),
  };
}

function lineOf(objectId: string, { properties, recordedAt }: LoadableRow): RowLine {
  const recorded = recordedAt === null ? 'null' : `"${recordedAt}"`;
  return `{"id":${JSON.stringify(objectId)},"recorded_at":${recorded},"properties":${properties}}`;
}

function duplicate(id: string, line: number): RejectedRow {
  return {
    state: 'rejected',
    id,
    field: null,
    reason: 'duplicate_id',
    detail: `line ${line} has the same id with other content; that line was taken`,
  };
}

function unclosed(): RejectedRow {
  return {
    state: 'rejected',
    id: null,
    field: null,
    reason: 'unclosed_quote',
    detail:
      'a quotation mark opens in this row and is never closed, or only after megabytes; nothing behind it was read',
  };
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}
