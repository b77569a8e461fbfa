import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';

export const SECRET_KEY_FILE = 'secret.key';

/** The 32-byte key everything secret is derived from: the setting, else a file in DATA_DIR made on first start (0600). */
export async function loadSecretKey(setting: Buffer | null, dataDir: string): Promise<Buffer> {
  if (setting !== null) return setting;
  const file = join(dataDir, SECRET_KEY_FILE);
  if (!existsSync(file)) await makeKeyFile(file);
  const key = Buffer.from(await readFile(file, 'utf8'), 'base64');
  if (key.length === 32) return key;
  throw new AppError(
    'invalid',
    `${file} does not hold a key of 32 bytes. Put the file back from a backup, or set SECRET_KEY; a new key cannot read the stored HubSpot tokens.`,
  );
}

// Written aside and linked into place: a kill leaves no half key, and of two starters only one makes it.
async function makeKeyFile(file: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  await writeFile(aside, randomBytes(32).toString('base64'), { mode: 0o600 });
  try {
    await link(aside, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
}
