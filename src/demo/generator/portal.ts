import type { Owner } from '../../core/hubspot-port.ts';
import type { PortalSource, SourceAssociation, SourceRecord } from '../source.ts';
import { buildBundle, type Bundle } from './bundle.ts';
import { ASSOCIATION_LABELS } from './contacts.ts';
import { ownersOf, pipelinesOf, propertiesOf, SCHEMAS } from './definitions.ts';
import { liveAccount, type Life } from './life.ts';
import { makeMessy, MESSY } from './messy.ts';
import { nameLife, storyOf } from './named.ts';
import { planOf, type Plan } from './plan.ts';
import { random } from './random.ts';
import { GENERATED_TYPES, ROOM, type GeneratedType } from './shape.ts';
import { viewAt, type RecordStory } from './story.ts';
import type { World } from './world.ts';

/** Ids begin above 2^31, as many of HubSpot's do. */
const FIRST_ID = 7_000_000_000;
/** Enough that the types of a small portal, read side by side, do not make its accounts again and again. */
const BUNDLES_KEPT = 1200;

/** The stories of a portal's accounts, made when they are asked for. */
export interface Accounts {
  world: World;
  owners: readonly Owner[];
  plan: (account: number) => Plan;
  /** made anew; `bundle` keeps the latest ones */
  make: (account: number) => Bundle;
  bundle: (account: number) => Bundle;
  record: (type: GeneratedType, place: Place) => RecordStory;
}

/** Where a record is: the how-manieth of its type in its account. */
export interface Place {
  account: number;
  k: number;
}

export function createAccounts(world: World): Accounts {
  const owners = ownersOf(world.seed);
  const life = (account: number): Life => nameLife(makeMessy(liveAccount(world, account), world), world);
  const plan = (account: number): Plan => planOf(world, life(account), storyOf(world, account));
  const make = (account: number): Bundle =>
    buildBundle({
      world,
      life: life(account),
      plan: plan(account),
      story: storyOf(world, account),
      owner: random(world.seed, account, 11).pick(owners).id,
      id: (type, k) => idOf(type, { account, k }),
      companyId: (other) => idOf('companies', { account: other, k: 0 }),
    });
  const bundle = createCache(make);
  return {
    world,
    owners,
    plan,
    make,
    bundle,
    record: (type, { account, k }) => {
      const record = bundle(account).records[type][k];
      if (record === undefined) throw new RangeError(`Account ${account} has no ${type} ${k}.`);
      return record;
    },
  };
}

export function idOf(type: GeneratedType, { account, k }: Place): string {
  return String(FIRST_ID + account * ROOM[type] + k);
}

/** Where a record with this id would be; undefined for what is no id of ours. */
export function placeOf(type: string, id: string): Place | undefined {
  if (!(type in ROOM) || !/^\d{10,15}$/.test(id)) return undefined;
  const room = ROOM[known(type)];
  const offset = Number(id) - FIRST_ID;
  return offset < 0 ? undefined : { account: Math.floor(offset / room), k: offset % room };
}

export function known(type: string): GeneratedType {
  const found = GENERATED_TYPES.find((one) => one === type);
  if (found === undefined) throw new RangeError(`The generated portal has no ${type}.`);
  return found;
}

/** The numbering of a portal's records at a moment. */
export interface Numbering {
  at(): number;
  count(type: GeneratedType): number;
  place(type: GeneratedType, n: number): Place;
  /** undefined where there is no such record yet */
  numberOf(type: GeneratedType, place: Place): number | undefined;
  updatedAtOf(type: GeneratedType, n: number): number;
}

/** A portal as a source, from its accounts and the numbers of their records. */
export function sourceOf(
  accounts: Accounts,
  numbering: Numbering,
  facts: { portalId?: number | undefined; timeZone?: string | undefined },
): PortalSource {
  const views = createViews(accounts, numbering);
  const numberOf = (type: string, id: string): number | undefined => {
    const place = placeOf(type, id);
    return place === undefined ? undefined : numbering.numberOf(known(type), place);
  };
  const at = (type: string, n: number): SourceRecord => views(known(type), numbering.place(known(type), n));
  return {
    portalId: facts.portalId ?? 20_260_301,
    timeZone: facts.timeZone ?? 'Europe/Berlin',
    companyCurrency: 'USD',
    anchor: numbering.at(),
    objectTypes: () => GENERATED_TYPES,
    count: (type) => (type in ROOM ? numbering.count(known(type)) : 0),
    at,
    numberOf,
    updatedAtOf: (type, n) => numbering.updatedAtOf(known(type), n),
    archived: (type) => archivedOf(accounts, type).flatMap((id) => archivedNumber(type, id)),
    associations: (type, n) => {
      const { account } = numbering.place(known(type), n);
      return linksOf(accounts.bundle(account), type, at(type, n).id).filter(
        (link) => numberOf(link.toType, link.toId) !== undefined,
      );
    },
    merges: (type) => mergesOf(accounts, type),
    properties: (type) => (type in ROOM ? propertiesOf(known(type)) : []),
    pipelines: pipelinesOf,
    owners: () => accounts.owners,
    schemas: () => SCHEMAS,
    labels: () => ASSOCIATION_LABELS,
  };

  function archivedNumber(type: string, id: string): number[] {
    const n = numberOf(type, id);
    return n === undefined || at(type, n).archivedAt === null ? [] : [n];
  }
}

function linksOf({ links }: Bundle, type: string, id: string): readonly SourceAssociation[] {
  return links.get(`${type}/${id}`) ?? [];
}

function archivedOf({ world, bundle }: Accounts, type: string): string[] {
  if (type !== 'deals' || MESSY.archivedDeal >= world.accounts) return [];
  return bundle(MESSY.archivedDeal)
    .records.deals.filter((deal) => deal.archivedAt !== null)
    .map((deal) => deal.id);
}

// The losers of merges made before the portal was generated: their ids are known, their records are not.
function mergesOf({ world, plan }: Accounts, type: string): ReadonlyMap<string, string> {
  const pair = (account: number, k: number): ReadonlyMap<string, string> =>
    new Map([[idOf(known(type), { account, k }), idOf(known(type), { account, k: 0 })]]);
  if (type === 'companies' && MESSY.mergedCompany < world.accounts) return pair(MESSY.mergedCompany, 1);
  if (type === 'contacts' && MESSY.mergedContact < world.accounts)
    return pair(MESSY.mergedContact, plan(MESSY.mergedContact).people.length);
  return new Map();
}

// What a record is at one moment is worked out once, as long as its account is kept.
function createViews(
  accounts: Accounts,
  numbering: Numbering,
): (type: GeneratedType, place: Place) => SourceRecord {
  const kept = new WeakMap<RecordStory, { at: number; record: SourceRecord }>();
  return (type, place) => {
    const story = accounts.record(type, place);
    const at = numbering.at();
    const found = kept.get(story);
    if (found?.at === at) return found.record;
    const record = viewAt(story, at);
    kept.set(story, { at, record });
    return record;
  };
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
