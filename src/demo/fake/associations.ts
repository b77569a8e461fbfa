import { z } from 'zod';
import { typesBetween } from './association-types.ts';
import type { RouteContext } from './context.ts';
import { batchBody } from './object-reply.ts';
import { invalid, invalidJson, notFound } from './replies.ts';
import type { FakeReply, FakeRequest } from './types.ts';

const READ_INPUTS = 1000;

const ReadInputs = z.object({
  inputs: z.array(z.object({ id: z.coerce.string(), after: z.coerce.string().optional() })),
});
/** POST associations batch read: up to a thousand ids, each with pages of its own; 207 when one of them has no link. */
export function readAssociations(
  { state, faults }: RouteContext,
  fromType: string,
  toType: string,
  { body }: FakeRequest,
): FakeReply {
  const parsed = ReadInputs.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  const { inputs } = parsed.data;
  if (inputs.length > READ_INPUTS) return invalid(`The maximum number of inputs is ${READ_INPUTS}`);
  const unknown = new Set(inputs.map(({ id }) => id).filter((id) => state.get(fromType, id) === undefined));
  if (unknown.size > 0 && faults.unknownIds === '400')
    return invalid(`Invalid ids: ${[...unknown].join(', ')}`);
  const linkless: string[] = [];
  const results = inputs.flatMap(({ id, after }) => {
    const links = state.associations(fromType, state.survivorOf(fromType, id), toType);
    if (links.length === 0) {
      if (!unknown.has(id)) linkless.push(id);
      return [];
    }
    const start = Number(after ?? 0);
    const page = links.slice(start, start + faults.associationPage);
    const end = start + page.length;
    return [
      {
        from: { id },
        to: page.map((link) => ({ toObjectId: link.toId, associationTypes: link.types })),
        ...(end < links.length ? { paging: { next: { after: String(end), link: `?after=${end}` } } } : {}),
      },
    ];
  });
  const error = (id: string, name: string, message: string): Record<string, unknown> => ({
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: `crm.associations.${name}`,
    message,
    context: { fromObjectId: [id], fromObjectType: [fromType], toObjectType: [toType] },
  });
  const errors = [
    ...[...unknown].map((id) => error(id, 'INVALID_OBJECT_IDS', `No ${fromType} with id ${id} was found.`)),
    ...linkless.map((id) =>
      error(id, 'NO_ASSOCIATIONS_FOUND', `No ${toType} is associated with ${fromType} ${id}.`),
    ),
  ];
  return { status: errors.length === 0 ? 200 : 207, body: batchBody(results, errors) };
}

/** GET the associations of one record. */
export function listAssociations(
  { state, faults }: RouteContext,
  [fromType, id]: readonly [string, string],
  toType: string,
  { query }: FakeRequest,
): FakeReply {
  if (!state.isLive(fromType, id)) return notFound(`${fromType} ${id}`);
  const links = state.associations(fromType, id, toType);
  const start = Number(query.get('after') ?? 0);
  const limit = Math.min(faults.associationPage, Number(query.get('limit') ?? faults.associationPage));
  const page = links.slice(start, start + limit);
  const end = start + page.length;
  return {
    status: 200,
    body: {
      results: page.map((link) => ({ toObjectId: link.toId, associationTypes: link.types })),
      ...(end < links.length ? { paging: { next: { after: String(end), link: `?after=${end}` } } } : {}),
    },
  };
}

/** GET the ways in which two types can be associated. */
export function listLabels({ state }: RouteContext, fromType: string, toType: string): FakeReply {
  const results = typesBetween(state.source, fromType, toType).map(({ typeId, label }) => ({
    category: label === null ? 'HUBSPOT_DEFINED' : 'USER_DEFINED',
    typeId,
    label,
  }));
  return { status: 200, body: { results } };
}
