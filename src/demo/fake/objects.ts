import { z } from 'zod';
import type { SourceRecord } from '../source.ts';
import type { RouteContext } from './context.ts';
import { batchBody, toObject } from './object-reply.ts';
import { invalid, invalidJson, notFound } from './replies.ts';
import { OPERATORS, SEARCH_LIMIT, SEARCH_WINDOW } from './search.ts';
import type { InnerState } from './state.ts';
import type { FakeReply, FakeRequest } from './types.ts';

const LIST_LIMIT = 100;

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
            operator: z.enum(OPERATORS),
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
/** GET a page of the list, in ascending id, from behind the cursor. */
export function listObjects(context: RouteContext, type: string, { query }: FakeRequest): FakeReply {
  const asked = Number(query.get('limit') ?? 10);
  if (!Number.isInteger(asked) || asked < 1 || asked > LIST_LIMIT)
    return invalid(`limit must be between 1 and ${LIST_LIMIT}`);
  const limit = Math.min(asked, context.faults.pageRows);
  const withHistory = names(query, 'propertiesWithHistory');
  if (withHistory.length > 0 && asked > 50)
    return invalid('limit must be at most 50 with propertiesWithHistory');
  const archived = query.get('archived') === 'true';
  const page: SourceRecord[] = [];
  let more = false;
  const after = readCursor(query.get('after'));
  for (const record of recordsAfter(context.state, type, after, archived)) {
    if (page.length === limit) {
      more = true;
      break;
    }
    page.push(record);
  }
  const shown = shorten(context, page, more);
  const last = writeCursor(context, shown.at(-1)?.id ?? after ?? '0');
  const unfinished = more || shown.length < page.length;
  const properties = names(query, 'properties');
  return {
    status: 200,
    body: {
      results: shown.map((record) =>
        toObject(context, type, record, {
          properties,
          withHistory,
          associations: names(query, 'associations'),
        }),
      ),
      ...(unfinished ? { paging: { next: { after: last, link: `?after=${last}` } } } : {}),
    },
  };
}

/** GET one record; a merged-away id answers the survivor. */
export function readObject(
  context: RouteContext,
  type: string,
  id: string,
  { query }: FakeRequest,
): FakeReply {
  const record = context.state.get(type, id);
  if (record === undefined || (record.archivedAt !== null) !== (query.get('archived') === 'true'))
    return notFound(`${type} ${id}`);
  return {
    status: 200,
    body: toObject(context, type, record, {
      properties: names(query, 'properties'),
      withHistory: names(query, 'propertiesWithHistory'),
      associations: names(query, 'associations'),
    }),
  };
}

/** POST batch/read: unknown ids give 207 with errors, or fail the batch, as the switch says. */
export function batchRead(context: RouteContext, type: string, { body, query }: FakeRequest): FakeReply {
  const parsed = BatchRead.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  const { inputs, properties = [], propertiesWithHistory: withHistory = [] } = parsed.data;
  const most = withHistory.length > 0 ? 50 : 100;
  if (inputs.length > most) return invalid(`The maximum batch size is ${most}`);
  const archived = query.get('archived') === 'true';
  const results = new Map<string, unknown>();
  const missing: string[] = [];
  for (const { id } of inputs) {
    const record = context.state.get(type, id);
    if (record === undefined || (record.archivedAt !== null) !== archived) missing.push(id);
    else results.set(record.id, toObject(context, type, record, { properties, withHistory }));
  }
  if (missing.length === 0) return { status: 200, body: batchBody([...results.values()]) };
  if (context.faults.unknownIds === '400') return invalid(`Invalid ids: ${missing.join(', ')}`);
  return { status: 207, body: batchBody([...results.values()], [missingObjects(missing)]) };
}

/** What a batch says of ids that are not there. */
export function missingObjects(ids: readonly string[]): Record<string, unknown> {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: 'Could not get some objects, they may be deleted or not exist.',
    context: { ids },
  };
}

/** POST search: an offset, ten thousand results at most, no archived records. */
export function searchObjects(context: RouteContext, type: string, request: FakeRequest): FakeReply {
  const parsed = Search.safeParse(request.body);
  if (!parsed.success) return invalidJson(parsed.error);
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
  const rows = Math.min(limit, context.faults.pageRows);
  const { total, results } = context.searcher.find(type, { groups, sort, offset, limit: rows });
  const more = offset + results.length < total;
  const page = shorten(context, results, more);
  const shown = withStrays(context, type, page);
  const next = String(offset + page.length);
  return {
    status: 200,
    body: {
      total,
      results: shown.map((record) => toObject(context, type, record, { properties })),
      ...(more ? { paging: { next: { after: next, link: `?after=${next}` } } } : {}),
    },
  };
}

// A cursor is whatever HubSpot makes of it: nobody may take it for an id.
function writeCursor({ faults }: RouteContext, id: string): string {
  return faults.opaqueCursors ? `c${Buffer.from(id).toString('base64url')}` : id;
}

function readCursor(given: string | null): string | null {
  return given?.startsWith('c') === true ? Buffer.from(given.slice(1), 'base64url').toString() : given;
}

function withStrays({ state, faults }: RouteContext, type: string, page: SourceRecord[]): SourceRecord[] {
  const strays = faults.strays.flatMap((id) => (state.isLive(type, id) ? (state.get(type, id) ?? []) : []));
  const others = page.filter((record) => !strays.some(({ id }) => id === record.id));
  return others.toSpliced(Math.floor(others.length / 2), 0, ...strays);
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
  const created = state.created(type);
  const createdAfter = after === null ? -1 : created.indexOf(after);
  const generatedAfter =
    createdAfter >= 0 ? source.count(type) : after === null ? -1 : (source.numberOf(type, after) ?? -1);
  // Archived records are few and known; walking all others to find them would make every list slow.
  const numbers = archived
    ? numbersOfArchived(state, type).filter((n) => n > generatedAfter)
    : range(generatedAfter + 1, source.count(type));
  for (const n of numbers) {
    const generated = source.at(type, n);
    const own = touched.get(generated.id);
    if (own?.purged === true) continue;
    const record = own?.record ?? generated;
    if (fits(record)) yield record;
  }
  for (const id of created.slice(createdAfter + 1)) {
    const own = touched.get(id);
    if (own !== undefined && !own.purged && fits(own.record)) yield own.record;
  }
}

function numbersOfArchived(state: InnerState, type: string): number[] {
  const own = [...state.touched(type).keys()].flatMap((id) => state.source.numberOf(type, id) ?? []);
  return [...new Set([...state.source.archived(type), ...own])].toSorted((a, b) => a - b);
}

function* range(from: number, to: number): Iterable<number> {
  for (let n = from; n < to; n += 1) yield n;
}

function shorten(context: RouteContext, page: SourceRecord[], more: boolean): SourceRecord[] {
  const { shortPages } = context.faults;
  if (shortPages === null || !more) return page;
  const keep = page.length - Math.min(page.length, shortPages(context.nextPage()));
  return page.slice(0, keep);
}

function names(query: URLSearchParams, key: string): string[] {
  return query.getAll(key).flatMap((list) => list.split(',').filter((name) => name !== ''));
}
