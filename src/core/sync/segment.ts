import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SyncContext } from './context.ts';

let serial = 0;

/**
 * Writes lines as one finished file: aside, flushed, renamed. What lies under its final name is whole, whenever the process dies.
 * Answers its path.
 */
export async function writeSegment(
  ctx: Pick<SyncContext, 'warehouse' | 'failpoint'>,
  kind: string,
  lines: readonly string[],
): Promise<string> {
  serial += 1;
  const file = join(ctx.warehouse.folder, 'segments', `${kind}-${process.pid}-${serial}.ndjson`);
  const aside = `${file}.part`;
  const handle = await open(aside, 'w', 0o600);
  try {
    await handle.writeFile(lines.join('\n') + (lines.length > 0 ? '\n' : ''));
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
