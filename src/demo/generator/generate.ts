import type { PortalSource, SourceRecord } from '../source.ts';
import { buildBundle, QUIET_MS, type Bundle } from './bundle.ts';
import { ASSOCIATION_LABELS } from './contacts.ts';
import { toDay } from './days.ts';
import { ownersOf, pipelinesOf, propertiesOf, SCHEMAS } from './definitions.ts';
import { liveAccount, type Life } from './life.ts';
import { makeMessy, MESSY } from './messy.ts';
import { random } from './random.ts';
import { GENERATED_TYPES, ROOM, shapeOf, type GeneratedType, type Shape } from './shape.ts';

export interface GenerateOptions {
  seed: number;
  accounts: number;
  /** the moment up to which the portal has lived */
  anchor: Date;
  portalId?: number;
  timeZone?: string;
}

/** Ids begin above 2^31, as many of HubSpot's do. */
const FIRST_ID = 7_000_000_000;
/** Enough that the types of a small portal, read side by side, do not make its accounts again and again. */
const BUNDLES_KEPT = 1200;

/**
 * A business of about five years in HubSpot, made from a seed. Nothing is stored but counts: a record is made when it is asked for, from the
 * story of its account. The same options give the same portal, byte for byte.
 */
export function generatePortal(options: GenerateOptions): PortalSource {
  const { seed, accounts } = options;
  const anchor = options.anchor.getTime();
  const today = toDay(anchor);
  const owners = ownersOf(seed);
  const life = (account: number): Life => makeMessy(liveAccount(seed, account, anchor), today);
  const starts = countRecords(accounts, (account) => shapeOf(seed, life(account), today));
  const make = (account: number): Bundle => {
    const story = life(account);
    return buildBundle({
      seed,
      life: story,
      shape: shapeOf(seed, story, today),
      anchor,
      today,
      owner: random(seed, account, 11).pick(owners).id,
      id: (type, k) => idOf(type, account, k),
      companyId: (other) => idOf('companies', other, 0),
    });
  };
  const bundles = createCache(make);
  let times: Record<GeneratedType, Float64Array> | null = null;

  const place = (type: GeneratedType, n: number): { account: number; k: number } => {
    const account = accountOf(starts[type], n);
    return { account, k: n - (starts[type][account] ?? 0) };
  };
  const at = (type: string, n: number): SourceRecord => {
    const { account, k } = place(known(type), n);
    const record = bundles(account).records[known(type)][k];
    if (record === undefined) throw new RangeError(`There is no record ${n} of ${type}.`);
    return record;
  };
  const numberOf = (type: string, id: string): number | undefined => {
    if (!(type in ROOM) || !/^\d{10,15}$/.test(id)) return undefined;
    const room = ROOM[known(type)];
    const offset = Number(id) - FIRST_ID;
    const [account, k] = [Math.floor(offset / room), offset % room];
    const start = starts[known(type)][account];
    const next = starts[known(type)][account + 1];
    return start === undefined || next === undefined || start + k >= next ? undefined : start + k;
  };
  const archivedDeals =
    MESSY.archivedDeal < accounts
      ? bundles(MESSY.archivedDeal).records.deals.filter((deal) => deal.archivedAt !== null)
      : [];

  return {
    portalId: options.portalId ?? 20_260_301,
    timeZone: options.timeZone ?? 'Europe/Berlin',
    companyCurrency: 'USD',
    anchor,
    objectTypes: () => GENERATED_TYPES,
    count: (type) => (type in ROOM ? (starts[known(type)][accounts] ?? 0) : 0),
    at,
    numberOf,
    latest: anchor - QUIET_MS,
    updatedAtOf: (type, n) => {
      times ??= timesOf(starts, accounts, make);
      return times[known(type)][n] ?? Number.NaN;
    },
    archived: (type) =>
      type === 'deals' ? archivedDeals.flatMap((deal) => numberOf(type, deal.id) ?? []) : [],
    associations: (type, n) => {
      const record = at(type, n);
      const own = bundles(place(known(type), n).account).links.get(`${type}/${record.id}`) ?? [];
      return own.filter((link) => numberOf(link.toType, link.toId) !== undefined);
    },
    merges: (type) => mergesOf(type, accounts, (account, kind) => bundles(account).records[kind].length),
    properties: (type) => (type in ROOM ? propertiesOf(known(type)) : []),
    pipelines: pipelinesOf,
    owners: () => owners,
    schemas: () => SCHEMAS,
    labels: () => ASSOCIATION_LABELS,
  };
}

// The losers of merges made before the portal was generated: their ids are known, their records are not.
function mergesOf(
  type: string,
  accounts: number,
  count: (account: number, kind: GeneratedType) => number,
): ReadonlyMap<string, string> {
  if (type === 'companies' && MESSY.mergedCompany < accounts) {
    return new Map([[idOf(type, MESSY.mergedCompany, 1), idOf(type, MESSY.mergedCompany, 0)]]);
  }
  if (type === 'contacts' && MESSY.mergedContact < accounts) {
    return new Map([
      [idOf(type, MESSY.mergedContact, count(MESSY.mergedContact, type)), idOf(type, MESSY.mergedContact, 0)],
    ]);
  }
  return new Map();
}

function idOf(type: GeneratedType, account: number, k: number): string {
  return String(FIRST_ID + account * ROOM[type] + k);
}

/** For each type the number of the first record of each account, and one more for the end. */
function countRecords(
  accounts: number,
  shape: (account: number) => Shape,
): Record<GeneratedType, Int32Array> {
  const starts = Object.fromEntries(
    GENERATED_TYPES.map((type) => [type, new Int32Array(accounts + 1)]),
  ) as Record<GeneratedType, Int32Array>;
  for (let account = 0; account < accounts; account += 1) {
    const counts = shape(account);
    for (const type of GENERATED_TYPES)
      starts[type][account + 1] = (starts[type][account] ?? 0) + counts[type];
  }
  return starts;
}

// When each record was modified, all types in one walk: asked once for every record, an account must not be made once for each.
function timesOf(
  starts: Record<GeneratedType, Int32Array>,
  accounts: number,
  make: (account: number) => Bundle,
): Record<GeneratedType, Float64Array> {
  const times = Object.fromEntries(
    GENERATED_TYPES.map((type) => [type, new Float64Array(starts[type][accounts] ?? 0)]),
  ) as Record<GeneratedType, Float64Array>;
  for (let account = 0; account < accounts; account += 1) {
    const { records } = make(account);
    for (const type of GENERATED_TYPES) {
      for (const [k, record] of records[type].entries())
        times[type][(starts[type][account] ?? 0) + k] = record.updatedAt;
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

function createCache(make: (account: number) => Bundle): (account: number) => Bundle {
  const kept = new Map<number, Bundle>();
  return (account) => {
    const found = kept.get(account);
    if (found !== undefined) return found;
    const bundle = make(account);
    kept.set(account, bundle);
    if (kept.size > BUNDLES_KEPT)
      for (const oldest of [...kept.keys()].slice(0, BUNDLES_KEPT / 2)) kept.delete(oldest);
    return bundle;
  };
}

function known(type: string): GeneratedType {
  const found = GENERATED_TYPES.find((one) => one === type);
  if (found === undefined) throw new RangeError(`The generated portal has no ${type}.`);
  return found;
}
