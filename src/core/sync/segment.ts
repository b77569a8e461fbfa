import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SyncContext } from './context.ts';

let serial = 0;

/** Text made and written at once, in characters: in between the process answers others. */
const SLICE = 256 * 1024;

/**
 * Writes lines as one finished file: aside, flushed, renamed. What lies under its final name is whole, whenever the process dies. Lines that
 * are made while they are asked for are never all in memory. Answers its path.
 */
export async function writeSegment(
  ctx: Pick<SyncContext, 'warehouse' | 'failpoint'>,
  kind: string,
  lines: Iterable<string>,
): Promise<string> {
  serial += 1;
  const file = join(ctx.warehouse.folder, 'segments', `${kind}-${process.pid}-${serial}.ndjson`);
  const aside = `${file}.part`;
  const handle = await open(aside, 'w', 0o600);
  try {
    let text = '';
    for (const line of lines) {
      text += `${line}\n`;
      if (text.length < SLICE) continue;
      await handle.appendFile(text);
      text = '';
    }
    await handle.appendFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  ctx.failpoint('segment-written');
  await rename(aside, file);
  ctx.failpoint('segment-renamed');
  return file;
}

/** Takes away what a killed run left: its cursor says what of it is in, the rest is read again. */
export async function clearSegments(ctx: Pick<SyncContext, 'warehouse'>): Promise<void> {
  const folder = join(ctx.warehouse.folder, 'segments');
  const left = await readdir(folder);
  await Promise.all(left.map((file) => rm(join(folder, file), { force: true })));
}
