import type { Clock } from '../core/clock.ts';
import type { CallOptions, HubSpotPort, Owner } from '../core/hubspot-port.ts';
import type { Log } from '../core/log.ts';
import { associations } from './associations.ts';
import type { Budget } from './budget.ts';
import { createCaller, type Caller } from './call.ts';
import { VERSION, words } from './paths.ts';
import { batchRead, createList } from './records.ts';
import {
  AccountAnswer,
  OwnersAnswer,
  PipelinesAnswer,
  PropertiesAnswer,
  SchemasAnswer,
  SearchAnswer,
} from './shapes.ts';
import type { AccessToken } from './tokens.ts';

export interface HubSpotOptions {
  apiUrl: string;
  accessToken: AccessToken;
  budget: Budget;
  clock: Clock;
  log: Log;
  random?: () => number;
  /** the account's time zone where it is known before the first answer: the daily quota starts anew at its midnight */
  timeZone?: string;
}

/** HubSpot as one portal, over its own client on the dated 2026-09 paths. */
export function openHubSpot(options: HubSpotOptions): HubSpotPort {
  let timeZone = options.timeZone ?? 'UTC';
  const caller = createCaller({ ...options, timeZone: () => timeZone });
  const get = <Shape>(
    path: string,
    what: string,
    shape: Parameters<typeof caller.call<Shape>>[0]['shape'],
    query: Record<string, string>,
    call: CallOptions = {},
  ) => caller.call({ method: 'GET', path, what, shape, query, signal: call.signal, tally: call.tally });
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
    list: createList(caller),
    batchRead: (request, call) => batchRead(caller, request, call),
    search: (request, call) =>
      caller.call({
        method: 'POST',
        path: `/crm/objects/${VERSION}/${request.objectType}/search`,
        what: words(request.objectType),
        shape: SearchAnswer,
        signal: call?.signal,
        tally: call?.tally,
        body: {
          ...(request.filters.length === 0 ? {} : { filterGroups: [{ filters: request.filters }] }),
          sorts: [request.sort],
          properties: request.properties,
          limit: request.limit ?? 200,
        },
      }),
    associations: (request, call) => associations(caller, request, call),
    usage: () => {
      const daily = options.budget.daily();
      return {
        ...caller.counts(),
        dailyRemaining: daily?.remaining ?? null,
        dailyLimit: daily?.limit ?? null,
        serverTime: caller.serverTime(),
      };
    },
  };
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
      tally: call.tally,
      query: { limit: '100', archived, ...(after === null ? {} : { after }) },
    });
    owners.push(...page.results.map((owner) => ({ ...owner, archived: archived === 'true' })));
    ({ after } = page);
  } while (after !== null);
  return owners;
}
