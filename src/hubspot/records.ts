import { AppError } from '../core/errors.ts';
import type {
  BatchReadRequest,
  BatchReadResult,
  CallOptions,
  HubSpotPort,
  ListPage,
  ListRequest,
} from '../core/hubspot-port.ts';
import type { Caller } from './call.ts';
import { isBadBatch, VERSION, words } from './paths.ts';
import { BatchAnswer, ListAnswer, ObjectAnswer } from './shapes.ts';

/** The longest address we send; HubSpot answers 414 somewhere above 8,000 characters, proxies earlier. */
const LONGEST_QUERY = 6000;
const PAGE = 100;

/** Lists records page by page; it learns how long an address may be. */
export function createList(caller: Caller): HubSpotPort['list'] {
  let longest = LONGEST_QUERY;
  return async (request, call = {}) => {
    const names = request.properties.join(',');
    if (names.length <= longest) {
      try {
        return await listPage(caller, request, names, call);
      } catch (error) {
        if (!(error instanceof AppError) || error.details['reason'] !== 'uri_too_long' || names === '')
          throw error;
        longest = names.length - 1; // somewhere on the way the limit is lower than HubSpot's
      }
    }
    // Names that do not fit an address fit a body: the list gives the ids, one batch read gives whole records.
    const page = await listPage(caller, request, '', call);
    if (page.results.length === 0) return page;
    const { objectType, properties, archived = false } = request;
    const ids = page.results.map((one) => one.id);
    const { results } = await batchRead(caller, { objectType, ids, properties, archived }, call);
    return { results, after: page.after };
  };
}

function listPage(caller: Caller, request: ListRequest, names: string, call: CallOptions): Promise<ListPage> {
  return caller.call({
    method: 'GET',
    path: `/crm/objects/${VERSION}/${request.objectType}`,
    what: words(request.objectType),
    shape: ListAnswer,
    signal: call.signal,
    tally: call.tally,
    query: {
      limit: String(request.limit ?? PAGE),
      ...(names === '' ? {} : { properties: names }),
      ...(request.after === undefined ? {} : { after: request.after }),
      ...(request.archived === true ? { archived: 'true' } : {}),
    },
  });
}

// One id that is gone can fail the whole batch with 400: halving finds it, and the others land. A single one is asked for by
// itself, because HubSpot has other reasons for a 400, and an id must not be called missing for those.
export async function batchRead(
  caller: Caller,
  request: BatchReadRequest,
  call: CallOptions = {},
): Promise<BatchReadResult> {
  try {
    return await readWhole(caller, request, call);
  } catch (error) {
    if (!isBadBatch(error)) throw error;
    const [only] = request.ids;
    if (request.ids.length <= 1) {
      if (only === undefined || (await exists(caller, request, only, call))) throw error;
      return { results: [], missing: [only] };
    }
    const half = Math.ceil(request.ids.length / 2);
    const first = await batchRead(caller, { ...request, ids: request.ids.slice(0, half) }, call);
    const second = await batchRead(caller, { ...request, ids: request.ids.slice(half) }, call);
    return {
      results: [...first.results, ...second.results],
      missing: [...first.missing, ...second.missing],
    };
  }
}

async function exists(
  caller: Caller,
  request: BatchReadRequest,
  id: string,
  call: CallOptions,
): Promise<boolean> {
  try {
    await caller.call({
      method: 'GET',
      path: `/crm/objects/${VERSION}/${request.objectType}/${encodeURIComponent(id)}`,
      query: { archived: String(request.archived === true) },
      what: `one of the ${words(request.objectType)}`,
      shape: ObjectAnswer,
      signal: call.signal,
      tally: call.tally,
    });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return false;
    throw error;
  }
}

async function readWhole(
  caller: Caller,
  request: BatchReadRequest,
  call: CallOptions,
): Promise<BatchReadResult> {
  const { results, errors } = await caller.call({
    method: 'POST',
    path: `/crm/objects/${VERSION}/${request.objectType}/batch/read`,
    what: words(request.objectType),
    shape: BatchAnswer,
    signal: call.signal,
    tally: call.tally,
    ...(request.archived === true ? { query: { archived: 'true' } } : {}),
    body: {
      inputs: request.ids.map((id) => ({ id })),
      properties: request.properties,
      ...(request.propertiesWithHistory === undefined
        ? {}
        : { propertiesWithHistory: request.propertiesWithHistory }),
    },
  });
  // A merged-away id is answered with its survivor: the asked id itself is then not there.
  const found = new Set(results.map((one) => one.id));
  const other = errors.find((error) => error.category !== 'OBJECT_NOT_FOUND');
  if (other !== undefined)
    throw new AppError(
      'upstream',
      `HubSpot could not read some of the ${words(request.objectType)}: ${other.category}. Nothing is lost; the next sync tries again.`,
    );
  return { results, missing: request.ids.filter((id) => !found.has(id)) };
}
