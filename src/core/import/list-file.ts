import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';

/** A CSV file of our own, made when its first row comes. */
export interface ListFile {
  add(cells: readonly (string | number | null)[]): Promise<void>;
  /** the file's path; null when nothing was added */
  close(): Promise<string | null>;
}

/** A list beside the data: `imports/<time>-<name>.csv`, readable by its owner only. */
export function openListFile(dataDir: string, at: Date, name: string, header: readonly string[]): ListFile {
  const folder = join(dataDir, 'imports');
  const path = join(folder, `${at.toISOString().replaceAll(/[:.]/g, '-')}-${name}.csv`);
  let stream: WriteStream | null = null;
  let closed: Promise<string | null> | null = null;
  const write = async (open: WriteStream, cells: readonly (string | number | null)[]): Promise<void> => {
    if (!open.write(`${cells.map(cell).join(',')}\r\n`)) await once(open, 'drain');
  };
  return {
    add: async (cells) => {
      if (stream === null) {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        stream = createWriteStream(path, { mode: 0o600 });
        await once(stream, 'open');
        await write(stream, header);
      }
      await write(stream, cells);
    },
    close: () => (closed ??= end(stream, path)),
  };
}

async function end(stream: WriteStream | null, path: string): Promise<string | null> {
  if (stream === null) return null;
  stream.end();
  await once(stream, 'close');
  return path;
}

// A foreign text that begins like a formula would be run by a spreadsheet.
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
