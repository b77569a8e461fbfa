import { z } from 'zod';
import { typeFrom, typesBetween, type AssociationType } from './association-types.ts';
import type { RouteContext } from './context.ts';
import { typeIdOf } from './names.ts';
import { batchBody } from './object-reply.ts';
import { invalid, invalidJson } from './replies.ts';
import type { FakeReply, FakeRequest } from './types.ts';

const MOST_INPUTS = 2000;
const id = z.object({ id: z.coerce.string() });
const TypeIds = z.array(
  z.object({ associationCategory: z.string().optional(), associationTypeId: z.number() }),
);
const Inputs = z.object({
  inputs: z.array(z.object({ from: id, to: z.union([id, z.array(id)]), types: TypeIds.optional() })),
});

interface Wish {
  to: { id: string };
  types: readonly { associationTypeId: number }[];
}
interface Pair {
  from: string;
  to: string;
  types: readonly AssociationType[];
}

/** HubSpot's refusal of associations a new record shall have; null when they are fine. */
export function refuseAssociations(
  { state }: RouteContext,
  fromType: string,
  wishes: readonly Wish[],
): FakeReply | null {
  for (const { to, types } of wishes) {
    for (const { associationTypeId } of types) {
      const found = typeFrom(state.source, fromType, associationTypeId);
      if (found === undefined)
        return invalid(`Association type ${associationTypeId} does not begin at ${fromType}.`);
      if (state.get(found.toType, to.id) === undefined)
        return invalid(`The ${found.toType} ${to.id} to associate with does not exist.`);
    }
  }
  return null;
}

/** Makes the associations of a new record. */
export function associateAll(
  context: RouteContext,
  fromType: string,
  fromId: string,
  wishes: readonly Wish[],
): void {
  for (const { to, types } of wishes) {
    for (const { associationTypeId } of types) {
      const found = typeFrom(context.state.source, fromType, associationTypeId);
      if (found !== undefined) associate(context, found, fromId, to.id);
    }
  }
}

/** PUT objects/.../associations/default/...: the unlabelled association, both ways in the answer. */
export function putDefault(
  context: RouteContext,
  [fromType, fromId]: readonly [string, string],
  [toType, toId]: readonly [string, string],
): FakeReply {
  return createDefaults(context, fromType, toType, [{ from: fromId, to: toId }]);
}

/** PUT objects/.../associations/...: with the types named in the body. */
export function putLabelled(
  context: RouteContext,
  [fromType, fromId]: readonly [string, string],
  [toType, toId]: readonly [string, string],
  { body }: FakeRequest,
): FakeReply {
  const parsed = TypeIds.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  const resolved = resolve(context, fromType, toType, parsed.data);
  if ('refused' in resolved) return resolved.refused;
  const pair = { from: fromId, to: toId, types: resolved.types };
  const refused = refusePairs(context, fromType, toType, [pair]);
  if (refused !== null) return refused;
  return { status: 201, body: makeLabelled(context, fromType, toType, pair) };
}

/** POST associations batch create, archive, labels/archive, or associate/default. */
export function changeAssociations(
  context: RouteContext,
  fromType: string,
  toType: string,
  how: 'create' | 'archive' | 'labels/archive' | 'associate/default',
  { body }: FakeRequest,
): FakeReply {
  const parsed = Inputs.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  const { inputs } = parsed.data;
  if (inputs.length > MOST_INPUTS) return invalid(`The maximum number of inputs is ${MOST_INPUTS}`);
  const pairs = inputs.flatMap(({ from, to, types = [] }) =>
    [to].flat().map((target) => ({ from: from.id, to: target.id, types })),
  );
  if (how === 'associate/default') return createDefaults(context, fromType, toType, pairs);
  if (how === 'archive') {
    for (const { from, to } of pairs) context.state.dissociate(fromType, from, toType, to);
    return { status: 204 };
  }
  const full: Pair[] = [];
  for (const pair of pairs) {
    const resolved = resolve(context, fromType, toType, pair.types);
    if ('refused' in resolved) return resolved.refused;
    full.push({ ...pair, types: resolved.types });
  }
  if (how === 'labels/archive') {
    for (const pair of full) for (const type of pair.types) removeType(context, type, pair);
    return { status: 204 };
  }
  const refused = refusePairs(context, fromType, toType, full);
  if (refused !== null) return refused;
  return { status: 201, body: batchBody(full.map((pair) => makeLabelled(context, fromType, toType, pair))) };
}

function createDefaults(
  context: RouteContext,
  fromType: string,
  toType: string,
  pairs: readonly { from: string; to: string }[],
): FakeReply {
  const [first] = typesBetween(context.state.source, fromType, toType);
  if (first === undefined) return invalid(`There is no default association from ${fromType} to ${toType}.`);
  const refused = refusePairs(context, fromType, toType, pairs);
  if (refused !== null) return refused;
  for (const { from, to } of pairs) associate(context, first, from, to);
  const spec = (typeId: number): Record<string, unknown> => ({
    associationSpec: { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: typeId },
  });
  const results = pairs.flatMap(({ from, to }) => [
    { from: { id: from }, to: { id: to }, ...spec(first.typeId) },
    { from: { id: to }, to: { id: from }, ...spec(first.backTypeId) },
  ]);
  return { status: 200, body: batchBody(results) };
}

function resolve(
  { state }: RouteContext,
  fromType: string,
  toType: string,
  wanted: readonly { associationTypeId: number }[],
): { types: AssociationType[] } | { refused: FakeReply } {
  const known = typesBetween(state.source, fromType, toType);
  const types: AssociationType[] = [];
  for (const { associationTypeId } of wanted) {
    const found = known.find((one) => one.typeId === associationTypeId);
    if (found === undefined)
      return {
        refused: invalid(
          `Association type ${associationTypeId} does not lead from ${fromType} to ${toType}.`,
        ),
      };
    types.push(found);
  }
  return types.length === 0 ? { refused: invalid('types must be given') } : { types };
}

function refusePairs(
  { state }: RouteContext,
  fromType: string,
  toType: string,
  pairs: readonly { from: string; to: string }[],
): FakeReply | null {
  const gone = pairs.find(({ from, to }) => !state.isLive(fromType, from) || !state.isLive(toType, to));
  return gone === undefined ? null : invalid(`One or more objects do not exist: ${gone.from}, ${gone.to}`);
}

function makeLabelled(context: RouteContext, fromType: string, toType: string, pair: Pair): unknown {
  for (const type of pair.types) associate(context, type, pair.from, pair.to);
  return {
    fromObjectTypeId: typeIdOf(fromType),
    fromObjectId: pair.from,
    toObjectTypeId: typeIdOf(toType),
    toObjectId: pair.to,
    labels: pair.types.flatMap((type) => type.label ?? []),
  };
}

function associate({ state }: RouteContext, type: AssociationType, from: string, to: string): void {
  const { typeId, backTypeId, label } = type;
  state.associate(type.fromType, from, type.toType, to, {
    typeId,
    backTypeId,
    ...(label === null ? {} : { label }),
  });
}

// Taking the unlabelled association away takes all labels with it.
function removeType({ state }: RouteContext, type: AssociationType, { from, to }: Pair): void {
  const [unlabelled] = typesBetween(state.source, type.fromType, type.toType);
  if (unlabelled?.typeId === type.typeId) state.dissociate(type.fromType, from, type.toType, to);
  else state.dissociate(type.fromType, from, type.toType, to, type.typeId);
}
