import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';

export const DEMO_FILE = 'demo.json';
const FIRST = { accounts: 1000, seed: 1 };
const MOST_ACCOUNTS = 100_000;

const DemoFacts = z.object({
  accounts: z.number().int().min(1).max(MOST_ACCOUNTS),
  seed: z.number().int().min(0),
  /** the moment up to which the portal has lived */
  anchor: z.iso.datetime(),
});
export type DemoFacts = z.output<typeof DemoFacts>;

/**
 * What the demo portal of this folder is made of: chosen at the first start and kept, so that the next start finds the same
 * companies. Throws AppError `conflict` when other ones are asked for later, `invalid` for numbers out of range.
 */
export async function demoFacts(
  dataDir: string,
  wanted: { accounts?: string | undefined; seed?: string | undefined },
  now: Date,
): Promise<DemoFacts> {
  const accounts = wholeNumber('--accounts', wanted.accounts, 1, MOST_ACCOUNTS);
  const seed = wholeNumber('--seed', wanted.seed, 0, 2 ** 31 - 1);
  const known = await readFacts(dataDir);
  if (known === null) {
    const anchor = new Date(Math.floor(now.getTime() / 60_000) * 60_000).toISOString();
    const facts = { accounts: accounts ?? FIRST.accounts, seed: seed ?? FIRST.seed, anchor };
    const aside = join(dataDir, `${DEMO_FILE}.${process.pid}`);
    await writeFile(aside, JSON.stringify(facts), { mode: 0o600 });
    await rename(aside, join(dataDir, DEMO_FILE));
    return facts;
  }
  if ((accounts ?? known.accounts) !== known.accounts || (seed ?? known.seed) !== known.seed) {
    throw new AppError(
      'conflict',
      `The demo portal in ${dataDir} has ${known.accounts} accounts from seed ${known.seed}. Leave --accounts and --seed out, or set DATA_DIR to a new folder for another one.`,
    );
  }
  return known;
}

async function readFacts(dataDir: string): Promise<DemoFacts | null> {
  const file = join(dataDir, DEMO_FILE);
  if (!existsSync(file)) return null;
  try {
    return DemoFacts.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new AppError(
      'invalid',
      `${file} cannot be read. Put it back from a backup, or set DATA_DIR to a new folder.`,
      { cause },
    );
  }
}

function wholeNumber(name: string, text: string | undefined, min: number, max: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new AppError('invalid', `${name} must be a whole number from ${min} to ${max.toLocaleString('en')}.`);
}
