import type { PortalSource } from '../source.ts';
import { toDay } from './days.ts';
import { createAccounts, sourceOf, type Accounts, type Numbering } from './portal.ts';
import { GENERATED_TYPES, shapeOf, type GeneratedType } from './shape.ts';
import { modifiedBy } from './story.ts';

export interface GenerateOptions {
  seed: number;
  accounts: number;
  /** the moment up to which the portal has lived */
  anchor: Date;
  portalId?: number;
  timeZone?: string;
}

/** The last hour before the anchor is quiet, so that whoever asks for what is new need not make everything that is old. */
const QUIET_MS = 3_600_000;

/**
 * A business of about five years in HubSpot, made from a seed, as it is at the anchor. Nothing is stored but counts: a record is made when it is
 * asked for, from the story of its account. The same options give the same portal, byte for byte.
 */
export function generatePortal(options: GenerateOptions): PortalSource {
  const anchor = options.anchor.getTime();
  const until = anchor - QUIET_MS;
  const accounts = createAccounts({
    seed: options.seed,
    accounts: options.accounts,
    today: toDay(anchor),
    until,
  });
  return { ...sourceOf(accounts, countedOnce(accounts, until), options), anchor, latest: until };
}

type Starts = Record<GeneratedType, Int32Array>;

// Everything that is told is there already, so that the numbers follow from the counts alone.
function countedOnce(accounts: Accounts, until: number): Numbering {
  const count = accounts.world.accounts;
  const starts = countRecords(accounts);
  let times: Record<GeneratedType, Float64Array> | null = null;
  return {
    at: () => until,
    count: (type) => starts[type][count] ?? 0,
    place: (type, n) => {
      if (!(n >= 0 && n < (starts[type][count] ?? 0)))
        throw new RangeError(`There is no record ${n} of ${type}.`);
      const account = accountOf(starts[type], n);
      return { account, k: n - (starts[type][account] ?? 0) };
    },
    numberOf: (type, { account, k }) => {
      const start = starts[type][account];
      const next = starts[type][account + 1];
      return start === undefined || next === undefined || start + k >= next ? undefined : start + k;
    },
    updatedAtOf: (type, n) => {
      times ??= timesOf(accounts, starts, until);
      return times[type][n] ?? Number.NaN;
    },
  };
}

/** For each type the number of the first record of each account, and one more for the end. */
function countRecords({ world, plan }: Accounts): Starts {
  const starts = Object.fromEntries(
    GENERATED_TYPES.map((type) => [type, new Int32Array(world.accounts + 1)]),
  ) as Starts;
  for (let account = 0; account < world.accounts; account += 1) {
    const counts = shapeOf(plan(account));
    for (const type of GENERATED_TYPES)
      starts[type][account + 1] = (starts[type][account] ?? 0) + counts[type];
  }
  return starts;
}

// When each record was modified, all types in one walk: asked once for every record, an account must not be made once for each.
function timesOf(
  { world, make }: Accounts,
  starts: Starts,
  until: number,
): Record<GeneratedType, Float64Array> {
  const times = Object.fromEntries(
    GENERATED_TYPES.map((type) => [type, new Float64Array(starts[type][world.accounts] ?? 0)]),
  ) as Record<GeneratedType, Float64Array>;
  for (let account = 0; account < world.accounts; account += 1) {
    const { records } = make(account);
    for (const type of GENERATED_TYPES) {
      for (const [k, record] of records[type].entries())
        times[type][(starts[type][account] ?? 0) + k] = modifiedBy(record, until);
    }
  }
  return times;
}

/** The account that holds the n-th record: the last whose first record is not behind it. */
function accountOf(starts: Int32Array, n: number): number {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= n) low = middle;
    else high = middle - 1;
  }
  return low;
}
