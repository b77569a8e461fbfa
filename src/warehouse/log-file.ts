import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { damaged } from './failure.ts';

/** How every write-ahead log of this DuckDB begins: field 100, entry "version", field 101. */
const HEAD = Buffer.from([0x64, 0x00, 0x62, 0x65, 0x00]);

/**
 * Refuses a warehouse whose write-ahead log has lost its head. DuckDB passes over such a log without a word, and what was committed
 * in it is gone. A log of zeros or of a few bytes is what a crash leaves of one that never held a commit.
 */
export async function refuseBrokenLog(file: string): Promise<void> {
  const log = `${file}.wal`;
  if (!existsSync(log)) return;
  const handle = await open(log, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD.length), 0, HEAD.length, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head.every((byte) => byte === 0) || head.equals(HEAD.subarray(0, bytesRead))) return;
  } finally {
    await handle.close();
  }
  throw damaged(file, new Error('the write-ahead log does not begin as one'));
}
