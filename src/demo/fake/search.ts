import type { SourceRecord } from '../source.ts';
import { compareIds } from './memory-source.ts';
import { modifiedProperty } from './names.ts';
import { propertyOf, type InnerState } from './state.ts';
import type { Faults } from './types.ts';

/** HubSpot's most results on a page, and in all the pages of one query. */
export const SEARCH_LIMIT = 200;
export const SEARCH_WINDOW = 10_000;

export const OPERATORS = [
  'EQ',
  'NEQ',
  'GT',
  'GTE',
  'LT',
  'LTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const;

export interface Filter {
  propertyName: string;
  operator: (typeof OPERATORS)[number];
  value?: string;
  highValue?: string;
  values?: string[];
}

export interface Query {
  groups: readonly (readonly Filter[])[];
  sort: { propertyName: string; direction: 'ASCENDING' | 'DESCENDING' } | null;
  offset: number;
  limit: number;
}

type Range = readonly [from: number, to: number];
const EVER: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** The generated records in the order in which they were last modified. */
interface Index {
  times: Float64Array;
  numbers: Uint32Array;
  /** of the portal when it was made */
  revision: number;
}

export interface Searcher {
  find(type: string, query: Query): { total: number; results: SourceRecord[] };
}

/** Search as HubSpot does it: no archived records, and a write is seen only when the index has caught up. */
export function createSearcher(
  state: InnerState,
  now: () => number,
  faults: Pick<Faults, 'idOrder' | 'outOfOrderMs'>,
): Searcher {
  const indexes = new Map<string, Index>();
  const indexOf = (type: string): Index => {
    const known = indexes.get(type);
    if (known?.revision === revisionOf(state)) return known;
    const made = buildIndex(state, type);
    indexes.set(type, made);
    return made;
  };
  const indexFor = (type: string, range: Range): Index | null => (range === EVER ? null : indexOf(type));
  return {
    find: (type, query) => {
      if (query.groups.length === 0 && query.limit === 1) return countOnly(state, type, now());
      const range = modifiedRange(type, query.groups);
      // Nothing that was generated is younger than that.
      const isLater = range[0] > (state.source.latest ?? state.source.anchor);
      if (!isLater && faults.outOfOrderMs === 0 && isByDate(type, query))
        return pageByDate(state, indexOf(type), type, range, query, now());
      const old = isLater ? [] : generated(state, indexFor(type, range), type, range);
      const candidates = [...old, ...written(state, type, now())];
      const matching = candidates.filter(
        (record) =>
          query.groups.length === 0 ||
          query.groups.some((group) =>
            group.every((filter) =>
              matches(type, record, filter, faults.idOrder === 'text' ? 'text' : 'number'),
            ),
          ),
      );
      sort(type, matching, query.sort, faults.idOrder === 'number' ? 'number' : 'text');
      if (faults.outOfOrderMs > 0 && query.sort?.propertyName === modifiedProperty(type))
        shuffleTail(matching, now() - faults.outOfOrderMs);
      return { total: matching.length, results: matching.slice(query.offset, query.offset + query.limit) };
    },
  };
}

/** Whether a query is a range of modification dates in their order: the one that a sync asks page after page. */
function isByDate(type: string, { groups, sort }: Query): boolean {
  const [group = []] = groups;
  const isRange = ({ propertyName, operator }: Filter): boolean =>
    propertyName === modifiedProperty(type) && ['EQ', 'GTE', 'LTE', 'BETWEEN'].includes(operator);
  return (
    groups.length === 1 &&
    group.length > 0 &&
    group.every(isRange) &&
    sort?.propertyName === modifiedProperty(type) &&
    sort.direction === 'ASCENDING'
  );
}

// A page of such a query makes the records of the page and no others, however many match.
function pageByDate(
  state: InnerState,
  index: Index,
  type: string,
  range: Range,
  { offset, limit }: Query,
  now: number,
): { total: number; results: SourceRecord[] } {
  const inRange = (time: number): boolean => time >= range[0] && time <= range[1];
  const seen = [...written(state, type, now)].filter(({ updatedAt }) => inRange(updatedAt));
  seen.sort((a, b) => a.updatedAt - b.updatedAt || compareIds(a.id, b.id));
  const total = lowerBound(index, range[1], true) - lowerBound(index, range[0]) + seen.length;
  const out = [...numbersOut(state, type)].filter((n) => inRange(index.times[n] ?? 0)).length;
  const results: SourceRecord[] = [];
  let skip = offset;
  for (const record of inDateOrder(generated(state, index, type, range), seen)) {
    if (skip > 0) skip -= 1;
    else if (results.length < limit) results.push(record);
    else break;
  }
  return { total: total - out, results };
}

function* inDateOrder(
  generatedOnes: Iterable<SourceRecord>,
  writtenOnes: readonly SourceRecord[],
): Iterable<SourceRecord> {
  let at = 0;
  for (const record of generatedOnes) {
    for (let own = writtenOnes[at]; own !== undefined; own = writtenOnes[at]) {
      if (own.updatedAt - record.updatedAt > 0) break;
      if (own.updatedAt === record.updatedAt && compareIds(own.id, record.id) > 0) break;
      yield own;
      at += 1;
    }
    yield record;
  }
  yield* writtenOnes.slice(at);
}

// Generated records that search does not show as they were generated: archived, merged away, or touched since.
function numbersOut({ source, ...state }: InnerState, type: string): Set<number> {
  const ids = [...state.mergedAway(type).keys(), ...state.touched(type).keys()];
  return new Set([...source.archived(type), ...ids.flatMap((id) => source.numberOf(type, id) ?? [])]);
}

// What was modified just now comes in the order in which the index happened to take it.
function shuffleTail(records: SourceRecord[], since: number): void {
  const first = records.findIndex((record) => record.updatedAt > since);
  if (first === -1) return;
  const tail = records.splice(first);
  const place = (id: string): number => (Number(id) * 2_654_435_761) % 4_294_967_296;
  records.push(...tail.toSorted((a, b) => place(a.id) - place(b.id)));
}

// Asking how many there are must not make them all.
function countOnly(state: InnerState, type: string, now: number): { total: number; results: SourceRecord[] } {
  const { source } = state;
  const out = new Set([...source.archived(type)].map((n) => source.at(type, n).id));
  for (const loser of state.mergedAway(type).keys()) {
    if (source.numberOf(type, loser) !== undefined) out.add(loser);
  }
  const touched = [...state.touched(type).keys()].filter(
    (id) => source.numberOf(type, id) !== undefined && !out.has(id),
  );
  const seen = [...written(state, type, now)];
  const total = source.count(type) - out.size - touched.length + seen.length;
  const [first] = generated(state, null, type, EVER);
  return { total, results: (first === undefined ? seen : [first]).slice(0, 1) };
}

function revisionOf({ source }: InnerState): number {
  return source.revision?.() ?? 0;
}

function buildIndex(state: InnerState, type: string): Index {
  const count = state.source.count(type);
  const times = new Float64Array(count);
  for (let n = 0; n < count; n += 1) times[n] = state.source.updatedAtOf(type, n);
  const numbers = Uint32Array.from({ length: count }, (_, n) => n).toSorted(
    (a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b,
  );
  return { times, numbers, revision: revisionOf(state) };
}

// Untouched records whose modified date lies in the range that all groups share; the rest need not be made at all.
// Without an index they come by number, from all times.
function* generated(
  state: InnerState,
  index: Index | null,
  type: string,
  range: Range,
): Iterable<SourceRecord> {
  const touched = state.touched(type);
  const count = state.source.count(type);
  for (let at = index === null ? 0 : lowerBound(index, range[0]); at < count; at += 1) {
    const n = index === null ? at : (index.numbers[at] ?? 0);
    if (index !== null && (index.times[n] ?? 0) > range[1]) return;
    const record = state.source.at(type, n);
    const isUntouched = !touched.has(record.id) && state.survivorOf(type, record.id) === record.id;
    if (isUntouched && record.archivedAt === null) yield record;
  }
}

function* written(state: InnerState, type: string, now: number): Iterable<SourceRecord> {
  for (const own of state.touched(type).values()) {
    const seen = now < own.indexedFrom ? own.indexed : own.purged ? null : own.record;
    const gone = state.survivorOf(type, own.record.id) !== own.record.id;
    if (seen !== null && seen.archivedAt === null && !gone) yield seen;
  }
}

/** How many records were modified before a moment; at it too, if `orAt`. */
function lowerBound({ times, numbers }: Index, from: number, orAt = false): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const time = times[numbers[middle] ?? 0] ?? 0;
    if (time < from || (orAt && time === from)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function modifiedRange(type: string, groups: readonly (readonly Filter[])[]): Range {
  const ranges = groups.map((group) =>
    group
      .filter((filter) => filter.propertyName === modifiedProperty(type))
      .reduce((range, filter) => narrowed(range, filter), EVER),
  );
  if (ranges.length === 0 || ranges.includes(EVER)) return EVER;
  return [Math.min(...ranges.map(([from]) => from)), Math.max(...ranges.map(([, to]) => to))];
}

function narrowed(range: Range, { operator, value = '', highValue = '' }: Filter): Range {
  const at = toTime(value);
  if (operator === 'EQ') return [at, at];
  if (operator === 'GT' || operator === 'GTE') return [Math.max(range[0], at), range[1]];
  if (operator === 'LT' || operator === 'LTE') return [range[0], Math.min(range[1], at)];
  if (operator === 'BETWEEN') return [Math.max(range[0], at), Math.min(range[1], toTime(highValue))];
  return range;
}

function matches(type: string, record: SourceRecord, filter: Filter, idOrder: 'number' | 'text'): boolean {
  // HubSpot knows one name for the moment of the last change per type, and finds nothing under the other.
  const wrong = modifiedProperty(type) === 'lastmodifieddate' ? 'hs_lastmodifieddate' : 'lastmodifieddate';
  if (filter.propertyName === wrong) return false;
  const value = propertyOf(type, record, filter.propertyName);
  const compare = (other: string): number => compareValues(value ?? '', other, filter.propertyName, idOrder);
  const isIn = (list: readonly string[] | undefined): boolean =>
    // As HubSpot wants it, the list is compared in lower case.
    value !== null && (list ?? []).includes(value.toLowerCase());
  const contains = (): boolean =>
    value?.toLowerCase().includes((filter.value ?? '').toLowerCase().replaceAll('*', '')) === true;
  const holds = value !== null;
  switch (filter.operator) {
    case 'HAS_PROPERTY':
      return holds;
    case 'NOT_HAS_PROPERTY':
      return !holds;
    case 'NEQ':
      return compare(filter.value ?? '') !== 0;
    case 'NOT_IN':
      return !isIn(filter.values);
    case 'IN':
      return isIn(filter.values);
    case 'CONTAINS_TOKEN':
      return contains();
    case 'NOT_CONTAINS_TOKEN':
      return !contains();
    case 'EQ':
      return holds && compare(filter.value ?? '') === 0;
    case 'GT':
      return holds && compare(filter.value ?? '') > 0;
    case 'GTE':
      return holds && compare(filter.value ?? '') >= 0;
    case 'LT':
      return holds && compare(filter.value ?? '') < 0;
    case 'LTE':
      return holds && compare(filter.value ?? '') <= 0;
    case 'BETWEEN':
      return holds && compare(filter.value ?? '') >= 0 && compare(filter.highValue ?? '') <= 0;
  }
}

function compareValues(value: string, other: string, property: string, idOrder: 'number' | 'text'): number {
  if (property === 'hs_object_id')
    return idOrder === 'number' ? compareIds(value, other) : value < other ? -1 : value > other ? 1 : 0;
  const [a, b] = [toNumber(value), toNumber(other)];
  if (a !== null && b !== null) return a - b;
  return value.toLowerCase() < other.toLowerCase() ? -1 : value.toLowerCase() > other.toLowerCase() ? 1 : 0;
}

function toNumber(text: string): number | null {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : null;
}

function toTime(text: string): number {
  return toNumber(text) ?? Number.NaN;
}

function sort(type: string, records: SourceRecord[], by: Query['sort'], idOrder: 'number' | 'text'): void {
  const name = by?.propertyName ?? 'hs_object_id';
  const sign = by?.direction === 'DESCENDING' ? -1 : 1;
  if (name === modifiedProperty(type)) {
    records.sort((a, b) => sign * (a.updatedAt - b.updatedAt) || compareIds(a.id, b.id));
    return;
  }
  records.sort((a, b) => {
    const order = compareValues(
      propertyOf(type, a, name) ?? '',
      propertyOf(type, b, name) ?? '',
      name,
      idOrder,
    );
    return sign * order || compareIds(a.id, b.id);
  });
}
