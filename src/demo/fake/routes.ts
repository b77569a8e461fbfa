import type { PropertyDefinition } from '../../core/hubspot-port.ts';
import { changeAssociations, readAssociations } from './associations.ts';
import { canonicalType, readScope } from './names.ts';
import {
  batchRead,
  createObject,
  listObjects,
  readObject,
  searchObjects,
  updateObject,
  type ObjectContext,
} from './objects.ts';
import { invalid, missingScope, notFound, refusal } from './replies.ts';
import type { FakeReply, FakeRequest } from './types.ts';

const VERSION = '2026-09';

/** Answers a request that passed the limits and the token. */
export function route(context: ObjectContext, request: FakeRequest): FakeReply {
  const parts = request.path.split('/').filter((part) => part !== '');
  if (request.path === `/account-info/${VERSION}/details`) return accountInfo(context);
  if (request.path === `/crm-object-schemas/${VERSION}/schemas`) return schemas(context);
  if (parts[0] !== 'crm' || parts[2] !== VERSION) return notFound(request.path);
  const rest = parts.slice(3);
  switch (parts[1]) {
    case 'objects':
      return objects(context, rest, request);
    case 'associations':
      return associations(context, rest, request);
    case 'properties':
      return properties(context, rest, request);
    case 'pipelines':
      return pipelines(context, rest);
    case 'owners':
      return owners(context, rest, request);
    default:
      return notFound(request.path);
  }
}

function objects(context: ObjectContext, [given = '', ...rest]: string[], request: FakeRequest): FakeReply {
  const type = canonicalType(context.state.source, given);
  if (type === undefined) return invalid(`Unable to infer object type from: ${given}`);
  const refused = lacking(context, readScope(type));
  if (refused !== null) return refused;
  const [first, second] = rest;
  const call = `${request.method} ${first === 'batch' ? `batch/${second}` : first === 'search' ? 'search' : first === undefined ? '' : ':id'}`;
  switch (call) {
    case 'GET ':
      return listObjects(context, type, request);
    case 'POST ':
      return createObject(context, type, request);
    case 'POST search':
      return searchObjects(context, type, request);
    case 'POST batch/read':
      return batchRead(context, type, request);
    case 'GET :id':
      return readObject(context, type, first ?? '', request);
    case 'PATCH :id':
      return updateObject(context, type, first ?? '', request);
    case 'DELETE :id':
      if (context.state.get(type, first ?? '') !== undefined) context.state.archive(type, first ?? '');
      return { status: 204 };
    default:
      return refusal(405, 'METHOD_NOT_ALLOWED', `${request.method} is not allowed here.`);
  }
}

function associations(
  context: ObjectContext,
  [from = '', to = '', batch, verb]: string[],
  request: FakeRequest,
): FakeReply {
  const fromType = canonicalType(context.state.source, from);
  const toType = canonicalType(context.state.source, to);
  if (fromType === undefined || toType === undefined)
    return invalid(`Unable to infer object type from: ${from}, ${to}`);
  const refused = lacking(context, readScope(fromType)) ?? lacking(context, readScope(toType));
  if (refused !== null) return refused;
  if (request.method !== 'POST' || batch !== 'batch') return notFound(request.path);
  if (verb === 'read') return readAssociations(context.state, context.faults, fromType, toType, request);
  if (verb === 'create' || verb === 'archive')
    return changeAssociations(context.state, fromType, toType, verb, request);
  return notFound(request.path);
}

function properties(
  { state, ...context }: ObjectContext,
  [given = '']: string[],
  { method }: FakeRequest,
): FakeReply {
  const type = canonicalType(state.source, given);
  if (type === undefined) return invalid(`Unable to infer object type from: ${given}`);
  const refused = lacking({ state, ...context }, readScope(type));
  if (refused !== null) return refused;
  if (method !== 'GET') return refusal(405, 'METHOD_NOT_ALLOWED', `${method} is not allowed here.`);
  return { status: 200, body: { results: state.source.properties(type).map(toDefinition) } };
}

function pipelines({ state }: ObjectContext, [given = '']: string[]): FakeReply {
  const type = canonicalType(state.source, given);
  if (type === undefined) return invalid(`Unable to infer object type from: ${given}`);
  const results = state.source
    .pipelines(type)
    .map((pipeline, displayOrder) => ({ ...pipeline, displayOrder }));
  return { status: 200, body: { results } };
}

function owners({ state, ...context }: ObjectContext, [id]: string[], { query }: FakeRequest): FakeReply {
  const refused = lacking({ state, ...context }, 'crm.objects.owners.read');
  if (refused !== null) return refused;
  if (id !== undefined) {
    const owner = state.source.owners().find((one) => one.id === id);
    return owner === undefined ? notFound(`owner ${id}`) : { status: 200, body: owner };
  }
  const archived = query.get('archived') === 'true';
  const limit = Math.min(500, Number(query.get('limit') ?? 100));
  const start = Number(query.get('after') ?? 0);
  const all = state.source.owners().filter((owner) => owner.archived === archived);
  const page = all
    .slice(start, start + limit)
    .map(({ userId, ...owner }) => ({
      ...owner,
      userId: owner.archived ? null : userId,
      userIdIncludingInactive: userId,
    }));
  const end = start + page.length;
  return {
    status: 200,
    body: { results: page, ...(end < all.length ? { paging: { next: { after: String(end) } } } : {}) },
  };
}

function schemas({ state }: ObjectContext): FakeReply {
  return {
    status: 200,
    body: {
      results: state.source
        .schemas()
        .map((schema) => ({
          ...schema,
          fullyQualifiedName: `p${state.source.portalId}_${schema.name}`,
          archived: false,
        })),
    },
  };
}

function accountInfo({ state }: ObjectContext): FakeReply {
  const { portalId, timeZone, companyCurrency } = state.source;
  return {
    status: 200,
    body: {
      portalId,
      accountType: 'STANDARD',
      timeZone,
      companyCurrency,
      additionalCurrencies: [],
      utcOffset: '+00:00',
      uiDomain: 'app.hubspot.com',
      dataHostingLocation: 'eu1',
    },
  };
}

function lacking({ faults }: ObjectContext, scope: string): FakeReply | null {
  const text = faults.missingScopes.get(scope);
  return text === undefined ? null : missingScope(scope, text);
}

function toDefinition(definition: PropertyDefinition): Record<string, unknown> {
  return {
    ...definition,
    archived: false,
    hidden: false,
    displayOrder: -1,
    description: '',
    hasUniqueValue: false,
    formField: true,
  };
}
