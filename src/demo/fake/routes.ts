import { accountInfo, owners, pipelines, schemas } from './account-routes.ts';
import { changeAssociations, putDefault, putLabelled } from './association-writes.ts';
import { listAssociations, listLabels, readAssociations } from './associations.ts';
import { lacking, lackingRead, type RouteContext } from './context.ts';
import { properties } from './definition-routes.ts';
import { canonicalType, writeScope } from './names.ts';
import { batchArchive, batchCreate, batchUpdate, batchUpsert } from './object-batches.ts';
import { archiveObject, createObject, eraseContact, mergeObjects, updateObject } from './object-writes.ts';
import { batchRead, listObjects, readObject, searchObjects } from './objects.ts';
import { invalid, notFound, refusal } from './replies.ts';
import type { FakeReply, FakeRequest } from './types.ts';

const VERSION = '2026-09';

/** Answers a request that passed the limits and the token. */
export function route(context: RouteContext, request: FakeRequest): FakeReply {
  const [area, part, version, ...rest] = request.path.split('/').filter((one) => one !== '');
  if (request.path === `/account-info/${VERSION}/details`) return accountInfo(context);
  if (request.path === `/crm-object-schemas/${VERSION}/schemas`) return schemas(context);
  if (area !== 'crm' || version !== VERSION) return notFound(request.path);
  if (part === 'objects') return objects(context, rest, request);
  if (part === 'associations') return associations(context, rest, request);
  if (part === 'properties') return properties(context, rest, request);
  if (part === 'pipelines') return pipelines(context, rest);
  if (part === 'owners') return owners(context, rest, request);
  return notFound(request.path);
}

type TypeRoute = (context: RouteContext, type: string, request: FakeRequest) => FakeReply;
/** What is asked of a type as a whole. */
const OF_TYPE: Record<string, { needs: 'read' | 'write'; answer: TypeRoute }> = {
  'GET ': { needs: 'read', answer: listObjects },
  'POST ': { needs: 'write', answer: createObject },
  'POST search': { needs: 'read', answer: searchObjects },
  'POST merge': { needs: 'write', answer: mergeObjects },
  'POST batch/read': { needs: 'read', answer: batchRead },
  'POST batch/create': { needs: 'write', answer: batchCreate },
  'POST batch/update': { needs: 'write', answer: batchUpdate },
  'POST batch/upsert': { needs: 'write', answer: batchUpsert },
  'POST batch/archive': { needs: 'write', answer: batchArchive },
};

function objects(context: RouteContext, [given = '', ...rest]: string[], request: FakeRequest): FakeReply {
  const type = canonicalType(context.state.source, given);
  if (type === undefined) return invalid(`Unable to infer object type from: ${given}`);
  const found = OF_TYPE[`${request.method} ${rest.join('/')}`];
  const isErasure = type === 'contacts' && request.method === 'POST' && rest.join('/') === 'gdpr-delete';
  const needs = found?.needs ?? (request.method === 'GET' ? 'read' : 'write');
  const refused = needs === 'read' ? lackingRead(context, type) : lacking(context, writeScope(type));
  if (refused !== null) return refused;
  if (found !== undefined) return found.answer(context, type, request);
  if (isErasure) return eraseContact(context, request);
  const [id = '', ...more] = rest;
  return more[0] === 'associations'
    ? associationsOf(context, [type, id], more.slice(1), request)
    : oneObject(context, type, id, request);
}

function oneObject(context: RouteContext, type: string, id: string, request: FakeRequest): FakeReply {
  if (request.method === 'GET') return readObject(context, type, id, request);
  if (request.method === 'PATCH') return updateObject(context, type, id, request);
  if (request.method === 'DELETE') return archiveObject(context, type, id);
  return refusal(405, 'METHOD_NOT_ALLOWED', `${request.method} is not allowed here.`);
}

function associationsOf(
  context: RouteContext,
  from: readonly [string, string],
  rest: string[],
  request: FakeRequest,
): FakeReply {
  const isDefault = rest[0] === 'default';
  const [given = '', toId] = isDefault ? rest.slice(1) : rest;
  const toType = canonicalType(context.state.source, given);
  if (toType === undefined) return invalid(`Unable to infer object type from: ${given}`);
  if (toId === undefined)
    return request.method === 'GET'
      ? listAssociations(context, from, toType, request)
      : notFound(request.path);
  if (request.method === 'PUT')
    return isDefault
      ? putDefault(context, from, [toType, toId])
      : putLabelled(context, from, [toType, toId], request);
  if (request.method !== 'DELETE') return notFound(request.path);
  context.state.dissociate(from[0], from[1], toType, toId);
  return { status: 204 };
}

function associations(
  context: RouteContext,
  [from = '', to = '', ...rest]: string[],
  request: FakeRequest,
): FakeReply {
  const fromType = canonicalType(context.state.source, from);
  const toType = canonicalType(context.state.source, to);
  if (fromType === undefined || toType === undefined)
    return invalid(`Unable to infer object type from: ${from}, ${to}`);
  const call = `${request.method} ${rest.join('/')}`;
  const isRead = call === 'GET labels' || call === 'POST batch/read';
  const refused = isRead ? lackingRead(context, fromType, toType) : lacking(context, writeScope(fromType));
  if (refused !== null) return refused;
  switch (call) {
    case 'GET labels':
      return listLabels(context, fromType, toType);
    case 'POST batch/read':
      return readAssociations(context, fromType, toType, request);
    case 'POST batch/create':
      return changeAssociations(context, fromType, toType, 'create', request);
    case 'POST batch/archive':
      return changeAssociations(context, fromType, toType, 'archive', request);
    case 'POST batch/labels/archive':
      return changeAssociations(context, fromType, toType, 'labels/archive', request);
    case 'POST batch/associate/default':
      return changeAssociations(context, fromType, toType, 'associate/default', request);
    default:
      return notFound(request.path);
  }
}
