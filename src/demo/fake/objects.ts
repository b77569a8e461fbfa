import { z } from 'zod';
import type { SourceRecord } from '../source.ts';
import { defaultProperties, modifiedProperty } from './names.ts';
import { invalid, notFound } from './replies.ts';
import type { Searcher } from './search.ts';
import { propertyOf, type InnerState } from './state.ts';
import type { FakeReply, FakeRequest, Faults } from './types.ts';

/** What the object routes work with. */
export interface ObjectContext {
  state: InnerState;
  faults: Faults;
  searcher: Searcher;
  /** counts the pages answered, for the switch that makes pages short */
  nextPage(): number;
}

const LIST_LIMIT = 100;
const SEARCH_LIMIT = 200;
const SEARCH_WINDOW = 10_000;

const BatchRead = z.object({
  inputs: z.array(z.object({ id: z.coerce.string() })),
  properties: z.array(z.string()).optional(),
  propertiesWithHistory: z.array(z.string()).optional(),
});
const Search = z.object({
  filterGroups: z
    .array(
      z.object({
        filters: z.array(
          z.object({
            propertyName: z.string(),
            operator: z.string(),
            value: z.coerce.string().optional(),
            highValue: z.coerce.string().optional(),
            values: z.array(z.coerce.string()).optional(),
          }),
        ),
      }),
    )
    .optional(),
  sorts: z
    .array(
      z.union([
        z.string(),
        z.object({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']).optional() }),
      ]),
    )
    .optional(),
  properties: z.array(z.string()).optional(),
  limit: z.number().optional(),
  after: z.coerce.string().optional(),
});
const Write = z.object({ properties: z.record(z.string(), z.coerce.string()) });

/** GET a page of the list, in ascending id, from behind the cursor. */
export function listObjects(context: ObjectContext, type: string, { query }: FakeRequest): FakeReply {
  const limit = Number(query.get('limit') ?? 10);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIST_LIMIT)
    return invalid(`limit must be between 1 and ${LIST_LIMIT}`);
  const withHistory = names(query, 'propertiesWithHistory');
  if (withHistory.length > 0 && limit > 50)
    return invalid('limit must be at most 50 with propertiesWithHistory');
  const archived = query.get('archived') === 'true';
  const page: SourceRecord[] = [];
  let more = false;
  for (const record of recordsAfter(context.state, type, query.get('after'), archived)) {
    if (page.length === limit) {
      more = true;
      break;
    }
    page.push(record);
  }
  const shown = shorten(context, page, more);
  const last = shown.at(-1)?.id ?? query.get('after') ?? '0';
  const unfinished = more || shown.length < page.length;
  const properties = names(query, 'properties');
  return {
    status: 200,
    body: {
      results: shown.map((record) =>
        toObject(context, type, record, properties, withHistory, names(query, 'associations')),
      ),
      ...(unfinished ? { paging: { next: { after: last, link: `?after=${last}` } } } : {}),
    },
  };
}

/** GET one record; a merged-away id answers the survivor. */
export function readObject(
  context: ObjectContext,
  type: string,
  id: string,
  { query }: FakeRequest,
): FakeReply {
  const record = context.state.get(type, id);
  if (record === undefined || (record.archivedAt !== null) !== (query.get('archived') === 'true'))
    return notFound(`${type} ${id}`);
  return {
    status: 200,
    body: toObject(
      context,
      type,
      record,
      names(query, 'properties'),
      names(query, 'propertiesWithHistory'),
      names(query, 'associations'),
    ),
  };
}

/** POST batch/read: unknown ids give 207 with errors, or fail the batch, as the switch says. */
export function batchRead(context: ObjectContext, type: string, { body, query }: FakeRequest): FakeReply {
  const { inputs, properties = [], propertiesWithHistory = [] } = BatchRead.parse(body);
  const most = propertiesWithHistory.length > 0 ? 50 : 100;
  if (inputs.length > most) return invalid(`The maximum batch size is ${most}`);
  const archived = query.get('archived') === 'true';
  const results = new Map<string, unknown>();
  const missing: string[] = [];
  for (const { id } of inputs) {
    const record = context.state.get(type, id);
    if (record === undefined || (record.archivedAt !== null) !== archived) missing.push(id);
    else results.set(record.id, toObject(context, type, record, properties, propertiesWithHistory, []));
  }
  if (missing.length === 0) return { status: 200, body: batchBody([...results.values()]) };
  if (context.faults.unknownIds === '400') return invalid(`Invalid ids: ${missing.join(', ')}`);
  return {
    status: 207,
    body: {
      ...batchBody([...results.values()]),
      numErrors: 1,
      errors: [
        {
          status: 'error',
          category: 'OBJECT_NOT_FOUND',
          message: 'Could not get some objects, they may be deleted or not exist.',
          context: { ids: missing },
        },
      ],
    },
  };
}

/** POST search: an offset, ten thousand results at most, no archived records. */
export function searchObjects(context: ObjectContext, type: string, request: FakeRequest): FakeReply {
  const parsed = Search.safeParse(request.body);
  if (!parsed.success) return invalid(`Invalid input JSON: ${parsed.error.issues[0]?.message ?? ''}`);
  const { filterGroups = [], sorts = [], properties = [], limit = 10, after } = parsed.data;
  const filters = filterGroups.flatMap((group) => group.filters);
  if (JSON.stringify(filterGroups).length > 3000)
    return invalid('The search request body is longer than 3,000 characters');
  if (
    filterGroups.length > 5 ||
    filterGroups.some((group) => group.filters.length > 6) ||
    filters.length > 18
  )
    return invalid('Too many filters');
  if (limit < 1 || limit > SEARCH_LIMIT) return invalid(`limit must be between 1 and ${SEARCH_LIMIT}`);
  if (sorts.length > 1) return invalid('Only one sort is allowed');
  const offset = Number(after ?? 0);
  if (!Number.isInteger(offset)) return invalid(`after must be a number, not ${after}`);
  if (offset + limit > SEARCH_WINDOW)
    return invalid('Paging through more than 10,000 results is not supported');
  const [first] = sorts;
  const sort =
    first === undefined
      ? null
      : typeof first === 'string'
        ? { propertyName: first, direction: 'ASCENDING' as const }
        : { propertyName: first.propertyName, direction: first.direction ?? ('ASCENDING' as const) };
  const groups = filterGroups.map((group) =>
    group.filters.map(({ value, highValue, values, ...rest }) => ({
      ...rest,
      ...(value === undefined ? {} : { value }),
      ...(highValue === undefined ? {} : { highValue }),
      ...(values === undefined ? {} : { values }),
    })),
  );
  const { total, results } = context.searcher.find(type, { groups, sort, offset, limit });
  const more = offset + results.length < total;
  const shown = shorten(context, results, more);
  const next = String(offset + shown.length);
  return {
    status: 200,
    body: {
      total,
      results: shown.map((record) => toObject(context, type, record, properties, [], [])),
      ...(more ? { paging: { next: { after: next, link: `?after=${next}` } } } : {}),
    },
  };
}

export function createObject(
  { state, ...context }: ObjectContext,
  type: string,
  { body }: FakeRequest,
): FakeReply {
  const parsed = Write.safeParse(body);
  if (!parsed.success) return invalid('properties must be given');
  const record = state.create(type, parsed.data.properties);
  return {
    status: 201,
    body: toObject({ ...context, state }, type, record, Object.keys(parsed.data.properties), [], []),
  };
}

export function updateObject(
  context: ObjectContext,
  type: string,
  id: string,
  { body }: FakeRequest,
): FakeReply {
  const parsed = Write.safeParse(body);
  if (!parsed.success) return invalid('properties must be given');
  if (context.state.get(type, id) === undefined) return notFound(`${type} ${id}`);
  const record = context.state.update(type, id, parsed.data.properties);
  return { status: 200, body: toObject(context, type, record, Object.keys(parsed.data.properties), [], []) };
}

function* recordsAfter(
  state: InnerState,
  type: string,
  after: string | null,
  archived: boolean,
): Iterable<SourceRecord> {
  const { source } = state;
  const touched = state.touched(type);
  const fits = (record: SourceRecord): boolean =>
    (record.archivedAt !== null) === archived && state.survivorOf(type, record.id) === record.id;
  const generatedAfter =
    after === null
      ? -1
      : (source.numberOf(type, after) ?? (state.created(type).includes(after) ? source.count(type) : -1));
  // Archived generated records are few and known; walking all others to find them would make every list slow.
  const numbers =
    archived && touched.size === 0
      ? source.archived(type).filter((n) => n > generatedAfter)
      : range(generatedAfter + 1, source.count(type));
  for (const n of numbers) {
    const generated = source.at(type, n);
    const own = touched.get(generated.id);
    if (own?.purged === true) continue;
    const record = own?.record ?? generated;
    if (fits(record)) yield record;
  }
  const created = state.created(type);
  for (const id of created.slice(after === null ? 0 : created.indexOf(after) + 1)) {
    const own = touched.get(id);
    if (own !== undefined && !own.purged && fits(own.record)) yield own.record;
  }
}

function* range(from: number, to: number): Iterable<number> {
  for (let n = from; n < to; n += 1) yield n;
}

function shorten({ faults, nextPage }: ObjectContext, page: SourceRecord[], more: boolean): SourceRecord[] {
  if (faults.shortPages === null || !more) return page;
  const keep = page.length - Math.min(page.length, faults.shortPages(nextPage()));
  return page.slice(0, keep);
}

function toObject(
  { state, faults }: ObjectContext,
  type: string,
  record: SourceRecord,
  properties: readonly string[],
  withHistory: readonly string[],
  associations: readonly string[],
): Record<string, unknown> {
  const wanted =
    properties.length === 0
      ? defaultProperties(type)
      : ['hs_object_id', 'createdate', modifiedProperty(type), ...properties, ...withHistory];
  const values: Record<string, string | null> = {};
  for (const name of wanted) values[name] = propertyOf(type, record, name);
  return {
    id: record.id,
    properties: values,
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
    archived: record.archivedAt !== null,
    ...(record.archivedAt === null ? {} : { archivedAt: new Date(record.archivedAt).toISOString() }),
    ...(withHistory.length === 0 ? {} : { propertiesWithHistory: historyOf(record, withHistory) }),
    ...(associations.length === 0 ? {} : { associations: inlined(state, type, record.id, associations) }),
    ...(faults.unknownFields ? { objectWriteTraceId: null, surprise: { nested: [1, 'two'] } } : {}),
  };
}

function historyOf(record: SourceRecord, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      (record.history[name] ?? []).map((version) => ({
        value: version.value,
        timestamp: new Date(version.at).toISOString(),
        sourceType: version.sourceType,
        sourceId: version.sourceId,
        updatedByUserId: version.userId,
      })),
    ]),
  );
}

function inlined(
  state: InnerState,
  type: string,
  id: string,
  toTypes: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(
    toTypes.map((toType) => [
      toType,
      {
        results: state
          .associations(type, id, toType)
          .slice(0, 100)
          .flatMap((link) =>
            link.types.map((one) => ({ id: link.toId, type: one.label ?? String(one.typeId) })),
          ),
      },
    ]),
  );
}

function batchBody(results: unknown[]): Record<string, unknown> {
  return {
    status: 'COMPLETE',
    results,
    startedAt: '2026-01-01T00:00:00.000Z',
    completedAt: '2026-01-01T00:00:00.000Z',
  };
}

function names(query: URLSearchParams, key: string): string[] {
  return query.getAll(key).flatMap((list) => list.split(',').filter((name) => name !== ''));
}
