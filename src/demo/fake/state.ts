import type { Clock } from '../../core/clock.ts';
import type { PortalSource, SourceRecord } from '../source.ts';
import { createLinks, type Links } from './links.ts';
import { compareIds } from './memory-source.ts';
import { modifiedProperty } from './names.ts';
import { APP_ID, type Author, type Faults, type FakeState } from './types.ts';

/** A record that somebody touched: what it is now, and what search still thinks it is. */
export interface Touched {
  record: SourceRecord;
  purged: boolean;
  indexed: SourceRecord | null;
  indexedFrom: number;
  /** what the source said of it when it was touched; null for a record made since */
  base: SourceRecord | null;
}

/** The state with what the fake's own routes need besides what tests may do. */
export interface InnerState extends FakeState {
  source: PortalSource;
  touched(type: string): ReadonlyMap<string, Touched>;
  /** ids made after the portal was generated, ascending; all of them above the generated ones */
  created(type: string): readonly string[];
  /** the survivor's id of a merged-away one, through chains; the id itself otherwise */
  survivorOf(type: string, id: string): string;
  isLive(type: string, id: string): boolean;
  /** ids merged away, each with the id it was merged into */
  mergedAway(type: string): ReadonlyMap<string, string>;
  links: Links;
}

/** What HubSpot notes on a record that an app made. */
const MADE_BY_APP = { hs_object_source: 'INTEGRATION', hs_object_source_id: String(APP_ID) };
const FIRST_NEW_ID = 900_000_000_000n;

export function createState(source: PortalSource, clock: Clock, faults: Faults): InnerState {
  const touchedByType = new Map<string, Map<string, Touched>>();
  const createdByType = new Map<string, string[]>();
  const mergedByType = new Map<string, Map<string, string>>();
  let nextId = FIRST_NEW_ID;

  const seenRevision = new Map<string, number>();
  // After a move of the source's time, what was written is laid over what the record has become meanwhile.
  const touched = (type: string): Map<string, Touched> => {
    const all = inner(touchedByType, type, () => new Map<string, Touched>());
    const revision = source.revision?.() ?? 0;
    if ((seenRevision.get(type) ?? 0) === revision) return all;
    seenRevision.set(type, revision);
    for (const [id, own] of all) {
      const n = own.base === null ? undefined : source.numberOf(type, id);
      if (own.base !== null && n !== undefined) all.set(id, laidOver(own, own.base, source.at(type, n)));
    }
    return all;
  };
  const created = (type: string): string[] => inner(createdByType, type, () => []);
  const merged = (type: string): Map<string, string> =>
    inner(mergedByType, type, () => new Map(source.merges(type)));
  const now = (): number => clock.now().getTime();

  const survivorOf = (type: string, id: string): string => {
    let at = id;
    for (let next = merged(type).get(at); next !== undefined; next = merged(type).get(at)) at = next;
    return at;
  };
  const raw = (type: string, id: string): SourceRecord | undefined => {
    const own = touched(type).get(id);
    if (own !== undefined) return own.purged ? undefined : own.record;
    const n = source.numberOf(type, id);
    return n === undefined ? undefined : source.at(type, n);
  };
  const get = (type: string, id: string): SourceRecord | undefined => raw(type, survivorOf(type, id));
  const isLive = (type: string, id: string): boolean => {
    if (survivorOf(type, id) !== id) return false;
    const record = raw(type, id);
    return record !== undefined && record.archivedAt === null;
  };
  const mustGet = (type: string, id: string): SourceRecord => {
    const record = get(type, id);
    if (record === undefined) throw new RangeError(`There is no ${type} ${id}.`);
    return record;
  };

  // Search goes on seeing what it saw until the lag is over.
  const put = (
    type: string,
    record: SourceRecord,
    before: SourceRecord | null,
    purged = false,
  ): SourceRecord => {
    const known = touched(type).get(record.id);
    const stillIndexed = known !== undefined && known.indexedFrom > now() ? known.indexed : before;
    const n = source.numberOf(type, record.id);
    touched(type).set(record.id, {
      record,
      purged,
      indexed: stillIndexed,
      indexedFrom: now() + faults.indexLagMs,
      base: known?.base ?? (n === undefined ? null : source.at(type, n)),
    });
    return record;
  };
  const links = createLinks(source, survivorOf, isLive);

  const state: InnerState = {
    source,
    links,
    touched,
    created,
    survivorOf,
    isLive,
    mergedAway: merged,
    get,
    types: () => [...new Set([...source.objectTypes(), ...createdByType.keys()])],
    *all(type, archived = false) {
      for (let n = 0; n < source.count(type); n += 1) {
        const record = raw(type, source.at(type, n).id);
        if (
          record !== undefined &&
          survivorOf(type, record.id) === record.id &&
          (record.archivedAt !== null) === archived
        )
          yield record;
      }
      for (const id of created(type)) {
        const record = raw(type, id);
        if (record !== undefined && survivorOf(type, id) === id && (record.archivedAt !== null) === archived)
          yield record;
      }
    },
    associations: (type, id, toType) => links.read(type, id, toType),
    create: (type, properties, options = {}) => {
      const id = String(nextId++);
      created(type).push(id);
      const at = now();
      const values = { ...properties, ...(options.by === 'app' ? MADE_BY_APP : {}) };
      const history = versions({}, values, at, options.by);
      return put(
        type,
        { id, properties: withoutEmpty(values), createdAt: at, updatedAt: at, archivedAt: null, history },
        null,
      );
    },
    update: (type, id, properties, options = {}) => {
      const before = mustGet(type, id);
      const at = options.at ?? now();
      const record: SourceRecord = {
        ...before,
        properties: withoutEmpty({ ...before.properties, ...properties }),
        updatedAt: options.silent === true ? before.updatedAt : at,
        history:
          options.silent === true ? before.history : versions(before.history, properties, at, options.by),
      };
      return put(type, record, before);
    },
    // Archiving does not move the modified date, and neither does restoring.
    archive: (type, id) => void put(type, { ...mustGet(type, id), archivedAt: now() }, mustGet(type, id)),
    restore: (type, id) => void put(type, { ...mustGet(type, id), archivedAt: null }, mustGet(type, id)),
    purge: (type, id) => void put(type, mustGet(type, id), null, true),
    merge: (type, winnerId, loserId) => {
      const winner = mustGet(type, winnerId);
      const loser = mustGet(type, loserId);
      const losers = [
        winner.properties['hs_merged_object_ids'],
        loser.properties['hs_merged_object_ids'],
        loser.id,
      ];
      const renamed = faults.mergeMakesNewId;
      const id = renamed ? String(nextId++) : winner.id;
      if (renamed) {
        created(type).push(id);
        merged(type).set(winner.id, id);
        losers.push(winner.id);
        links.move(type, winner.id, id);
      }
      merged(type).set(loser.id, id);
      links.move(type, loser.id, id);
      const properties = {
        ...loser.properties,
        ...winner.properties,
        hs_merged_object_ids: mergedIds(losers),
      };
      return put(type, { ...winner, id, properties, updatedAt: now() }, renamed ? null : winner);
    },
    associate: (fromType, fromId, toType, toId, type) => links.add(fromType, fromId, toType, toId, type),
    dissociate: (fromType, fromId, toType, toId, typeId) =>
      links.remove(fromType, fromId, toType, toId, typeId),
  };
  return state;
}

/** A written record on another moment's source: what was written stays, all else is as the source says. */
function laidOver(own: Touched, base: SourceRecord, now: SourceRecord): Touched {
  const { record } = own;
  const isArchiveOurs = record.archivedAt !== base.archivedAt;
  return {
    ...own,
    base: now,
    // What search still shows is not worth keeping over a move: the lag is shorter than any.
    indexed: record,
    indexedFrom: 0,
    record: {
      ...record,
      properties: withoutEmpty({ ...now.properties, ...written(record.properties, base.properties) }),
      updatedAt:
        record.updatedAt === base.updatedAt ? now.updatedAt : Math.max(record.updatedAt, now.updatedAt),
      archivedAt: isArchiveOurs ? record.archivedAt : now.archivedAt,
      history: mergedHistory(record.history, now.history),
    },
  };
}

/** The values in which a written record differs from what it was made from; empty text for those taken away. */
function written(values: Record<string, string>, base: Record<string, string>): Record<string, string> {
  const names = new Set([...Object.keys(values), ...Object.keys(base)]);
  return Object.fromEntries(
    [...names].flatMap((name) => (values[name] === base[name] ? [] : [[name, values[name] ?? '']])),
  );
}

function mergedHistory(one: SourceRecord['history'], two: SourceRecord['history']): SourceRecord['history'] {
  const names = new Set([...Object.keys(one), ...Object.keys(two)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const both = [...(one[name] ?? []), ...(two[name] ?? [])];
      const unique = new Map(both.map((version) => [`${version.at} ${version.value}`, version]));
      return [name, [...unique.values()].toSorted((a, b) => b.at - a.at)];
    }),
  );
}

/** Every value of a record as HubSpot would send it; the three that every record has are computed. */
export function propertyOf(type: string, record: SourceRecord, name: string): string | null {
  if (name === 'hs_object_id') return record.id;
  if (name === 'createdate')
    return record.properties['createdate'] ?? new Date(record.createdAt).toISOString();
  if (name === modifiedProperty(type)) return new Date(record.updatedAt).toISOString();
  return record.properties[name] ?? null;
}

function versions(
  before: SourceRecord['history'],
  properties: Record<string, string>,
  at: number,
  by: Author = 'user',
): SourceRecord['history'] {
  const next = { ...before };
  const author =
    by === 'app'
      ? { sourceType: 'INTEGRATION', sourceId: String(APP_ID), userId: null }
      : { sourceType: 'CRM_UI', sourceId: null, userId: 1 };
  for (const [name, value] of Object.entries(properties))
    next[name] = [{ value, at, ...author }, ...(before[name] ?? [])];
  return next;
}

function withoutEmpty(properties: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== ''));
}

function mergedIds(lists: readonly (string | undefined)[]): string {
  return [...new Set(lists.flatMap((list) => (list === undefined ? [] : list.split(';'))))]
    .toSorted(compareIds)
    .join(';');
}

function inner<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}
