import { lacking, lackingRead, type RouteContext } from './context.ts';
import { canonicalType } from './names.ts';
import { invalid, notFound } from './replies.ts';
import type { FakeReply, FakeRequest } from './types.ts';

/** GET pipelines of a type, one of them, or its stages. */
export function pipelines(context: RouteContext, [given = '', id, part]: string[]): FakeReply {
  const { source } = context.state;
  const type = canonicalType(source, given);
  if (type === undefined) return invalid(`Unable to infer object type from: ${given}`);
  const refused = lackingRead(context, type);
  if (refused !== null) return refused;
  const all = source.pipelines(type).map((pipeline, displayOrder) => ({ ...pipeline, displayOrder }));
  if (id === undefined) return { status: 200, body: { results: all } };
  const one = all.find((pipeline) => pipeline.id === id);
  if (one === undefined) return notFound(`pipeline ${id}`);
  return { status: 200, body: part === 'stages' ? { results: one.stages } : one };
}

/** GET owners, or one of them: deactivated ones only when asked for, and without the user they were. */
export function owners(context: RouteContext, [id]: string[], { query }: FakeRequest): FakeReply {
  const refused = lacking(context, 'crm.objects.owners.read');
  if (refused !== null) return refused;
  const archived = query.get('archived') === 'true';
  const all = context.state.source
    .owners()
    .filter((owner) => owner.archived === archived)
    .map(({ userId, ...owner }) => ({
      ...owner,
      type: 'PERSON',
      userId: owner.archived ? null : userId,
      userIdIncludingInactive: userId,
    }));
  if (id !== undefined) {
    const byUser = query.get('idProperty') === 'userId';
    const owner = all.find((one) => (byUser ? String(one.userIdIncludingInactive) : one.id) === id);
    return owner === undefined ? notFound(`owner ${id}`) : { status: 200, body: owner };
  }
  const limit = Math.min(500, Number(query.get('limit') ?? 100));
  const start = Number(query.get('after') ?? 0);
  const page = all.slice(start, start + limit);
  const end = start + page.length;
  return {
    status: 200,
    body: { results: page, ...(end < all.length ? { paging: { next: { after: String(end) } } } : {}) },
  };
}

/** GET the custom objects. */
export function schemas(context: RouteContext): FakeReply {
  const { source } = context.state;
  const results = source.schemas().map((schema) => ({
    ...schema,
    fullyQualifiedName: `p${source.portalId}_${schema.name}`,
    archived: false,
  }));
  return lacking(context, 'crm.schemas.custom.read') ?? { status: 200, body: { results } };
}

/** GET what the account is. */
export function accountInfo({ state }: RouteContext): FakeReply {
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
