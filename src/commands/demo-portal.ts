import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';

export const DEMO_FILE = 'demo.json';
const FIRST = { accounts: 1000, seed: 1, weeks: 78 };
const MOST_ACCOUNTS = 100_000;
/** Use and bills are on record from two years before the anchor on. */
const MOST_WEEKS = 104;
const DAY_MS = 86_400_000;

const DemoFacts = z.object({
  accounts: z.number().int().min(1).max(MOST_ACCOUNTS),
  seed: z.number().int().min(0),
  /** the midnight (UTC) of the day of the first start */
  anchor: z.iso.datetime(),
  /** how many weeks before it the portal's life begins; folders of an older Holdfast have none */
  weeks: z.number().int().min(0).max(MOST_WEEKS).default(0),
});
export type DemoFacts = z.output<typeof DemoFacts>;

/** What is asked for on the command line, as it was typed. */
export interface DemoWish {
  accounts?: string | undefined;
  seed?: string | undefined;
  weeks?: string | undefined;
}

/** Where the portal's life begins. */
export function beginOf({ anchor, weeks }: DemoFacts): Date {
  return new Date(Date.parse(anchor) - weeks * 7 * DAY_MS);
}

/**
 * What the demo portal of this folder is made of: chosen at the first start and kept, so that the next start finds the same
 * companies. Throws AppError `conflict` when other ones are asked for later, `invalid` for numbers out of range.
 */
export async function demoFacts(dataDir: string, wanted: DemoWish, now: Date): Promise<DemoFacts> {
  const accounts = wholeNumber('--accounts', wanted.accounts, 1, MOST_ACCOUNTS);
  const seed = wholeNumber('--seed', wanted.seed, 0, 2 ** 31 - 1);
  const weeks = wholeNumber('--weeks', wanted.weeks, 0, MOST_WEEKS);
  const known = await readFacts(dataDir);
  if (known === null) {
    const anchor = new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS).toISOString();
    const facts = {
      accounts: accounts ?? FIRST.accounts,
      seed: seed ?? FIRST.seed,
      anchor,
      weeks: weeks ?? FIRST.weeks,
    };
    const aside = join(dataDir, `${DEMO_FILE}.${process.pid}`);
    await writeFile(aside, JSON.stringify(facts), { mode: 0o600 });
    await rename(aside, join(dataDir, DEMO_FILE));
    return facts;
  }
  const isOther =
    (accounts ?? known.accounts) !== known.accounts ||
    (seed ?? known.seed) !== known.seed ||
    (weeks ?? known.weeks) !== known.weeks;
  if (isOther) {
    throw new AppError(
      'conflict',
      `The demo portal in ${dataDir} has ${known.accounts} accounts from seed ${known.seed} and ${known.weeks} weeks of past. Leave --accounts, --seed and --weeks out, or set DATA_DIR to a new folder for another one.`,
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
