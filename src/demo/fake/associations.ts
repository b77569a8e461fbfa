import { z } from 'zod';
import type { InnerState } from './state.ts';
import { invalid } from './replies.ts';
import type { FakeReply, FakeRequest, Faults } from './types.ts';

const READ_INPUTS = 1000;

const ReadInputs = z.object({
  inputs: z.array(z.object({ id: z.coerce.string(), after: z.coerce.string().optional() })),
});
const ChangeInputs = z.object({
  inputs: z.array(
    z.object({
      from: z.object({ id: z.coerce.string() }),
      to: z.union([z.object({ id: z.coerce.string() }), z.array(z.object({ id: z.coerce.string() }))]),
      types: z.array(z.object({ associationCategory: z.string(), associationTypeId: z.number() })).optional(),
    }),
  ),
});

/** POST associations batch read: up to a thousand ids, each with pages of its own. */
export function readAssociations(
  state: InnerState,
  faults: Faults,
  fromType: string,
  toType: string,
  { body }: FakeRequest,
): FakeReply {
  const { inputs } = ReadInputs.parse(body);
  if (inputs.length > READ_INPUTS) return invalid(`The maximum number of inputs is ${READ_INPUTS}`);
  const unknown = inputs.filter(({ id }) => state.get(fromType, id) === undefined).map(({ id }) => id);
  if (unknown.length > 0 && faults.unknownIds === '400') return invalid(`Invalid ids: ${unknown.join(', ')}`);
  const results = inputs.flatMap(({ id, after }) => {
    const links = state.associations(fromType, state.survivorOf(fromType, id), toType);
    if (links.length === 0) return [];
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
  const errors = unknown.map((id) => ({
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
    message: `No ${fromType} with id ${id} was found.`,
    context: { fromObjectId: [id] },
  }));
  const dates = { startedAt: '2026-01-01T00:00:00.000Z', completedAt: '2026-01-01T00:00:00.000Z' };
  return errors.length === 0
    ? { status: 200, body: { status: 'COMPLETE', results, ...dates } }
    : { status: 207, body: { status: 'COMPLETE', results, numErrors: errors.length, errors, ...dates } };
}

/** POST associations batch create (201) or archive (204). */
export function changeAssociations(
  state: InnerState,
  fromType: string,
  toType: string,
  how: 'create' | 'archive',
  { body }: FakeRequest,
): FakeReply {
  const parsed = ChangeInputs.safeParse(body);
  if (!parsed.success) return invalid('inputs must be given');
  for (const { from, to, types } of parsed.data.inputs) {
    for (const target of Array.isArray(to) ? to : [to]) {
      const typeId = types?.[0]?.associationTypeId ?? 0;
      if (how === 'create')
        state.associate(fromType, from.id, toType, target.id, { typeId, backTypeId: typeId });
      else state.dissociate(fromType, from.id, toType, target.id);
    }
  }
  return how === 'create' ? { status: 201, body: { status: 'COMPLETE', results: [] } } : { status: 204 };
}
