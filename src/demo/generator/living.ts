import type { PortalSource } from '../source.ts';
import { toDay } from './days.ts';
import { createAccounts, sourceOf, type Accounts, type Numbering } from './portal.ts';
import { GENERATED_TYPES, ROOM, type GeneratedType } from './shape.ts';
import { accountsUntil } from './world.ts';

export interface LivingOptions {
  seed: number;
  /** how many companies there are on the day of the anchor */
  accounts: number;
  anchor: Date;
  /** the story is told so far; a year beyond the anchor when left out */
  until?: Date;
  portalId?: number;
  timeZone?: string;
}

/** A portal whose time can be moved. What it is at a moment follows from the seed, the anchor and the moment alone. */
export interface LivingPortal extends PortalSource {
  moveTo(at: Date): void;
}

const YEAR_MS = 365 * 86_400_000;

/** The business of `generatePortal` as it lives: it begins at the anchor and is moved from there, back or on. */
export function livingPortal(options: LivingOptions): LivingPortal {
  const anchor = options.anchor.getTime();
  const accounts = createAccounts({
    seed: options.seed,
    accounts: options.accounts,
    today: toDay(anchor),
    until: options.until?.getTime() ?? anchor + YEAR_MS,
  });
  const chronicle = writeChronicle(accounts);
  let at = anchor;
  let revision = 0;
  let here = numberRecords(chronicle, at);
  const source = sourceOf(
    accounts,
    {
      at: () => at,
      count: (type) => here.count(type),
      place: (type, n) => here.place(type, n),
      numberOf: (type, place) => here.numberOf(type, place),
      updatedAtOf: (type, n) => here.updatedAtOf(type, n),
    },
    options,
  );
  return {
    ...source,
    get anchor() {
      return at;
    },
    get latest() {
      return at;
    },
    revision: () => revision,
    moveTo: (to) => {
      if (to.getTime() === at) return;
      at = to.getTime();
      revision += 1;
      here = numberRecords(chronicle, at);
    },
  };
}

/** When every record that will ever be was made and changed: one row a record, in ascending id. */
interface Chronicle {
  /** for each account the row of its first record, and one more for the end */
  starts: Int32Array;
  createdAt: Float64Array;
  /** for each row its first change in `changedAt`, and one more for the end */
  changes: Int32Array;
  changedAt: Float64Array;
}

// Written once, from every account's story: a move then reads numbers only.
function writeChronicle(accounts: Accounts): Record<GeneratedType, Chronicle> {
  const count = accountsUntil(accounts.world);
  const drafts = Object.fromEntries(
    GENERATED_TYPES.map((type) => [type, { starts: [0], createdAt: [], changes: [0], changedAt: [] }]),
  ) as unknown as Record<GeneratedType, Record<keyof Chronicle, number[]>>;
  for (let account = 0; account < count; account += 1) {
    const { records } = accounts.bundle(account);
    for (const type of GENERATED_TYPES) {
      const draft = drafts[type];
      for (const record of records[type]) {
        draft.createdAt.push(record.createdAt);
        for (const change of record.changes) draft.changedAt.push(change.at);
        draft.changes.push(draft.changedAt.length);
      }
      draft.starts.push(draft.createdAt.length);
    }
  }
  return Object.fromEntries(
    GENERATED_TYPES.map((type) => [
      type,
      {
        starts: Int32Array.from(drafts[type].starts),
        createdAt: Float64Array.from(drafts[type].createdAt),
        changes: Int32Array.from(drafts[type].changes),
        changedAt: Float64Array.from(drafts[type].changedAt),
      },
    ]),
  ) as Record<GeneratedType, Chronicle>;
}

// The records that are there at a moment, each type numbered when it is first asked for.
function numberRecords(chronicle: Record<GeneratedType, Chronicle>, at: number): Omit<Numbering, 'at'> {
  const rows = new Map<GeneratedType, Int32Array>();
  const rowsOf = (type: GeneratedType): Int32Array => {
    const known = rows.get(type);
    if (known !== undefined) return known;
    const { createdAt } = chronicle[type];
    const made = new Int32Array(createdAt.length);
    let count = 0;
    for (let row = 0; row < createdAt.length; row += 1) {
      if ((createdAt[row] ?? 0) > at) continue;
      made[count] = row;
      count += 1;
    }
    const whole = made.subarray(0, count);
    rows.set(type, whole);
    return whole;
  };
  const rowOf = (type: GeneratedType, n: number): number => {
    const row = rowsOf(type)[n];
    if (row === undefined) throw new RangeError(`There is no record ${n} of ${type}.`);
    return row;
  };
  return {
    count: (type) => rowsOf(type).length,
    place: (type, n) => {
      const row = rowOf(type, n);
      const { starts } = chronicle[type];
      const account = indexBelow(starts, row);
      return { account, k: row - (starts[account] ?? 0) };
    },
    numberOf: (type, { account, k }) => {
      const { starts, createdAt } = chronicle[type];
      const [start, next] = [starts[account], starts[account + 1]];
      if (start === undefined || next === undefined || k >= ROOM[type] || start + k >= next) return undefined;
      if ((createdAt[start + k] ?? 0) > at) return undefined;
      return indexBelow(rowsOf(type), start + k);
    },
    updatedAtOf: (type, n) => {
      const row = rowOf(type, n);
      const { createdAt, changes, changedAt } = chronicle[type];
      const first = changes[row] ?? 0;
      let last = (changes[row + 1] ?? first) - 1;
      while (last >= first && (changedAt[last] ?? 0) > at) last -= 1;
      return (last >= first ? changedAt[last] : createdAt[row]) ?? Number.NaN;
    },
  };
}

/** The last place whose number is not above this one. */
function indexBelow(ascending: Int32Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
