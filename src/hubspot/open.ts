import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type {
  AssociationRow,
  AssociationsRequest,
  AssociationsResult,
  BatchReadRequest,
  BatchReadResult,
  CallOptions,
  HubSpotPort,
  ListPage,
  ListRequest,
  Owner,
} from '../core/hubspot-port.ts';
import type { Log } from '../core/log.ts';
import type { Budget } from './budget.ts';
import { createCaller, type Caller } from './call.ts';
import {
  AccountAnswer,
  AssociationsAnswer,
  BatchAnswer,
  ListAnswer,
  OwnersAnswer,
  PipelinesAnswer,
  PropertiesAnswer,
  SchemasAnswer,
  SearchAnswer,
} from './shapes.ts';

const VERSION = '2026-09';
/** The longest address we send; HubSpot answers 414 somewhere above 8,000 characters, proxies earlier. */
const LONGEST_QUERY = 6000;
const BATCH = 100;
const ASSOCIATION_BATCH = 1000;

export interface HubSpotOptions {
  apiUrl: string;
  accessToken: () => Promise<string>;
  budget: Budget;
  clock: Clock;
  log: Log;
  random?: () => number;
}

/** HubSpot as one portal, over its own client on the dated 2026-09 paths. */
export function openHubSpot(options: HubSpotOptions): HubSpotPort {
  let timeZone = 'UTC';
  const caller = createCaller({ ...options, timeZone: () => timeZone });
  const get = <Shape>(
    path: string,
    what: string,
    shape: Parameters<typeof caller.call<Shape>>[0]['shape'],
    query: Record<string, string>,
    call: CallOptions = {},
  ) => caller.call({ method: 'GET', path, what, shape, query, signal: call.signal });
  return {
    accountInfo: async (call) => {
      const account = await get(`/account-info/${VERSION}/details`, 'the account', AccountAnswer, {}, call);
      timeZone = account.timeZone;
      return account;
    },
    properties: async (type, call) =>
      (
        await get(
          `/crm/properties/${VERSION}/${type}`,
          `the properties of ${words(type)}`,
          PropertiesAnswer,
          {},
          call,
        )
      ).results,
    pipelines: async (type, call) =>
      (
        await get(
          `/crm/pipelines/${VERSION}/${type}`,
          `the pipelines of ${words(type)}`,
          PipelinesAnswer,
          {},
          call,
        )
      ).results,
    schemas: async (call) =>
      (await get(`/crm-object-schemas/${VERSION}/schemas`, 'the custom objects', SchemasAnswer, {}, call))
        .results,
    owners: async (call) => [
      ...(await allOwners(caller, 'false', call)),
      ...(await allOwners(caller, 'true', call)),
    ],
    list: (request, call) => list(caller, request, call),
    batchRead: (request, call) => batchRead(caller, request, call),
    search: (request, call) =>
      caller.call({
        method: 'POST',
        path: `/crm/objects/${VERSION}/${request.objectType}/search`,
        what: words(request.objectType),
        shape: SearchAnswer,
        signal: call?.signal,
        body: {
          ...(request.filters.length === 0 ? {} : { filterGroups: [{ filters: request.filters }] }),
          sorts: [request.sort],
          properties: request.properties,
          limit: request.limit ?? 200,
        },
      }),
    associations: (request, call) => associations(caller, request, call),
    usage: () => ({ ...caller.counts(), dailyRemaining: options.budget.daily()?.remaining ?? null }),
  };
}

async function list(caller: Caller, request: ListRequest, call: CallOptions = {}): Promise<ListPage> {
  const names = request.properties.join(',');
  const fits = names.length <= LONGEST_QUERY;
  const page = await caller.call({
    method: 'GET',
    path: `/crm/objects/${VERSION}/${request.objectType}`,
    what: words(request.objectType),
    shape: ListAnswer,
    signal: call.signal,
    query: {
      limit: String(request.limit ?? BATCH),
      ...(fits && names !== '' ? { properties: names } : {}),
      ...(request.after === undefined ? {} : { after: request.after }),
      ...(request.archived === true ? { archived: 'true' } : {}),
    },
  });
  if (fits || page.results.length === 0) return page;
  // Names that do not fit an address fit a body: the list gives the ids, one batch read gives whole records.
  const { results } = await batchRead(
    caller,
    {
      objectType: request.objectType,
      ids: page.results.map((one) => one.id),
      properties: request.properties,
      archived: request.archived === true,
    },
    call,
  );
  return { results, after: page.after };
}

async function batchRead(
  caller: Caller,
  request: BatchReadRequest,
  call: CallOptions = {},
): Promise<BatchReadResult> {
  const { results } = await caller.call({
    method: 'POST',
    path: `/crm/objects/${VERSION}/${request.objectType}/batch/read`,
    what: words(request.objectType),
    shape: BatchAnswer,
    signal: call.signal,
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
  return { results, missing: request.ids.filter((id) => !found.has(id)) };
}

async function allOwners(
  caller: Caller,
  archived: 'true' | 'false',
  call: CallOptions = {},
): Promise<Owner[]> {
  const owners: Owner[] = [];
  let after: string | null = null;
  do {
    const page: { results: Owner[]; after: string | null } = await caller.call({
      method: 'GET',
      path: `/crm/owners/${VERSION}`,
      what: 'the owners',
      shape: OwnersAnswer,
      signal: call.signal,
      query: { limit: '100', archived, ...(after === null ? {} : { after }) },
    });
    owners.push(...page.results.map((owner) => ({ ...owner, archived: archived === 'true' })));
    ({ after } = page);
  } while (after !== null);
  return owners;
}

async function associations(
  caller: Caller,
  request: AssociationsRequest,
  call: CallOptions = {},
): Promise<AssociationsResult> {
  const rows: AssociationRow[] = [];
  const failed: AssociationsResult['failed'] = [];
  let inputs: { id: string; after?: string }[] = request.ids.map((id) => ({ id }));
  while (inputs.length > 0) {
    const batch = inputs.slice(0, ASSOCIATION_BATCH);
    const answer = await readBatch(caller, request, batch, call);
    const next: { id: string; after: string }[] = [];
    for (const { from, to, paging } of answer.results) {
      for (const { toObjectId, associationTypes } of to) {
        rows.push(...associationTypes.map((type) => ({ fromId: from.id, toId: toObjectId, ...type })));
      }
      if (paging !== null) next.push({ id: from.id, after: paging });
    }
    failed.push(...answer.failed);
    inputs = [...next, ...inputs.slice(ASSOCIATION_BATCH)];
  }
  return { rows, failed };
}

interface AssociationBatch {
  results: (typeof AssociationsAnswer)['_output']['results'];
  failed: AssociationsResult['failed'];
}

// One id that is gone can fail the whole batch with 400: halving finds it, and the others land.
async function readBatch(
  caller: Caller,
  request: AssociationsRequest,
  inputs: { id: string; after?: string }[],
  call: CallOptions,
): Promise<AssociationBatch> {
  try {
    const answer = await caller.call({
      method: 'POST',
      path: `/crm/associations/${VERSION}/${request.fromType}/${request.toType}/batch/read`,
      what: `the links from ${words(request.fromType)} to ${words(request.toType)}`,
      shape: AssociationsAnswer,
      signal: call.signal,
      body: { inputs },
    });
    const failed = answer.errors.flatMap((error) =>
      (error.context['fromObjectId'] ?? []).map((id) => ({ id, message: error.message })),
    );
    return { results: answer.results, failed };
  } catch (error) {
    const isBadBatch = error instanceof AppError && error.details['status'] === 400;
    if (!isBadBatch) throw error;
    const [only] = inputs;
    if (inputs.length === 1 && only !== undefined)
      return { results: [], failed: [{ id: only.id, message: error.message }] };
    const half = Math.ceil(inputs.length / 2);
    const first = await readBatch(caller, request, inputs.slice(0, half), call);
    const second = await readBatch(caller, request, inputs.slice(half), call);
    return { results: [...first.results, ...second.results], failed: [...first.failed, ...second.failed] };
  }
}

function words(type: string): string {
  return type.replaceAll('_', ' ');
}
