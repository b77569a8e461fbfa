import { appendFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SyncContext } from './context.ts';

let serial = 0;

/** Text made and written at once, in characters: in between the process answers others. */
const SLICE = 256 * 1024;

/** A finished file of lines, each a JSON document. */
export interface SegmentFile {
  file: string;
  /** `maximum_object_size` to read it with, in bytes: DuckDB takes twice as much memory, and time to fill it, whatever the file holds */
  size: number;
}

/** Enough for nearly every record; for less DuckDB takes no less memory. */
const USUAL_SIZE = 16 * 1024 * 1024;
/** A character is so many bytes at most. */
const MOST_BYTES = 3;

/** A file on its way in. */
export interface Segment {
  /** Lines that are made while they are asked for are never all in memory. Wait for the end before adding more. */
  add(lines: Iterable<string>): Promise<void>;
  /** Flushes and renames it: what lies under its final name is whole, whenever the process dies. */
  finish(): Promise<SegmentFile>;
}

/** Begins a file of lines, which is written aside piece by piece and not held open. */
export function openSegment(ctx: Pick<SyncContext, 'warehouse' | 'failpoint'>, kind: string): Segment {
  serial += 1;
  const file = join(ctx.warehouse.folder, 'segments', `${kind}-${process.pid}-${serial}.ndjson`);
  const aside = `${file}.part`;
  let text = '';
  let longest = 0;
  return {
    add: async (lines) => {
      for (const line of lines) {
        longest = Math.max(longest, line.length);
        text += `${line}\n`;
        if (text.length < SLICE) continue;
        await appendFile(aside, text, { mode: 0o600 });
        text = '';
      }
    },
    finish: async () => {
      await appendFile(aside, text, { mode: 0o600, flush: true });
      ctx.failpoint('segment-written');
      await rename(aside, file);
      ctx.failpoint('segment-renamed');
      return { file, size: Math.max(USUAL_SIZE, (longest + 1) * MOST_BYTES) };
    },
  };
}

/** Writes lines as one finished file. */
export async function writeSegment(
  ctx: Pick<SyncContext, 'warehouse' | 'failpoint'>,
  kind: string,
  lines: Iterable<string>,
): Promise<SegmentFile> {
  const segment = openSegment(ctx, kind);
  await segment.add(lines);
  return segment.finish();
}

/** Takes away what a killed run left: its cursor says what of it is in, the rest is read again. */
export async function clearSegments(ctx: Pick<SyncContext, 'warehouse'>): Promise<void> {
  const folder = join(ctx.warehouse.folder, 'segments');
  const left = await readdir(folder);
  await Promise.all(left.map((file) => rm(join(folder, file), { force: true })));
}
