import { z } from 'zod';
import type { RouteContext } from './context.ts';
import { batchBody, toObject } from './object-reply.ts';
import {
  archiveObject,
  create,
  findByValue,
  isUnique,
  update,
  Values,
  WishedAssociations,
} from './object-writes.ts';
import { missingObjects } from './objects.ts';
import { invalid, invalidJson } from './replies.ts';
import type { FakeReply, FakeRequest } from './types.ts';

const MOST_INPUTS = 100;
const traceId = z.string().optional();
const CreateInputs = z.object({
  inputs: z.array(
    z.object({ properties: Values, associations: WishedAssociations, objectWriteTraceId: traceId }),
  ),
});
const UpdateInputs = z.object({
  inputs: z.array(
    z.object({
      id: z.coerce.string(),
      idProperty: z.string().optional(),
      properties: Values,
      objectWriteTraceId: traceId,
    }),
  ),
});
const ArchiveInputs = z.object({ inputs: z.array(z.object({ id: z.coerce.string() })) });

/** What became of one input of a batch. */
type Outcome = { shown: Record<string, unknown> } | { refused: FakeReply } | { missing: string };

/** POST batch/create. A bad input fails the whole batch, unless every input has an objectWriteTraceId: then the others land. */
export function batchCreate(context: RouteContext, type: string, { body }: FakeRequest): FakeReply {
  const parsed = CreateInputs.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  return inOneBatch(context, parsed.data.inputs, 201, (input) => {
    const made = create(context, type, input);
    if ('refused' in made) return made;
    return { shown: toObject(context, type, made.record, { properties: Object.keys(input.properties) }) };
  });
}

/** POST batch/update: ids that are not there come back as errors of a 207. */
export function batchUpdate(context: RouteContext, type: string, { body }: FakeRequest): FakeReply {
  const parsed = UpdateInputs.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  const { inputs } = parsed.data;
  const idProperty = inputs[0]?.idProperty;
  const idOf = lookup(
    context,
    type,
    idProperty,
    inputs.map((input) => input.id),
  );
  return inOneBatch(context, inputs, 200, (input) => {
    const id = idOf(input.id);
    const updated = id === undefined ? null : update(context, type, id, input.properties);
    if (updated === null) return { missing: input.id };
    if ('refused' in updated) return updated;
    return { shown: toObject(context, type, updated.record, { properties: Object.keys(input.properties) }) };
  });
}

/** POST batch/upsert: by the value of a property that tells records apart; the answer says which are new. */
export function batchUpsert(context: RouteContext, type: string, { body }: FakeRequest): FakeReply {
  const parsed = UpdateInputs.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  const { inputs } = parsed.data;
  const idProperty = inputs[0]?.idProperty ?? '';
  if (!isUnique(context, type, idProperty))
    return invalid(`Property ${idProperty} is not a unique property of ${type}.`);
  const known = findByValue(
    context,
    type,
    idProperty,
    inputs.map((input) => input.id),
  );
  return inOneBatch(context, inputs, 200, (input) => {
    const id = known.get(input.id);
    const properties = {
      ...input.properties,
      ...(idProperty === 'hs_object_id' ? {} : { [idProperty]: input.id }),
    };
    const done =
      id === undefined
        ? create(context, type, { properties, associations: [] })
        : update(context, type, id, properties);
    if (done === null) return { missing: input.id };
    if ('refused' in done) return done;
    known.set(input.id, done.record.id);
    const shown = toObject(context, type, done.record, { properties: Object.keys(properties) });
    return { shown: { ...shown, new: id === undefined } };
  });
}

/** POST batch/archive: 204, whatever was there. */
export function batchArchive(context: RouteContext, type: string, { body }: FakeRequest): FakeReply {
  const parsed = ArchiveInputs.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  if (parsed.data.inputs.length > MOST_INPUTS) return invalid(`The maximum batch size is ${MOST_INPUTS}`);
  for (const { id } of parsed.data.inputs) archiveObject(context, type, id);
  return { status: 204 };
}

function lookup(
  context: RouteContext,
  type: string,
  idProperty: string | undefined,
  values: readonly string[],
): (value: string) => string | undefined {
  if (idProperty === undefined) return (value) => value;
  const found = findByValue(context, type, idProperty, values);
  return (value) => found.get(value);
}

function inOneBatch<Input extends { objectWriteTraceId?: string | undefined }>(
  { faults }: RouteContext,
  inputs: readonly Input[],
  status: 200 | 201,
  work: (input: Input) => Outcome,
): FakeReply {
  if (inputs.length > MOST_INPUTS) return invalid(`The maximum batch size is ${MOST_INPUTS}`);
  const isTraced = inputs.every((input) => input.objectWriteTraceId !== undefined);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  const missing: string[] = [];
  for (const input of inputs) {
    const outcome = work(input);
    const trace = isTraced ? { objectWriteTraceId: input.objectWriteTraceId } : {};
    if ('shown' in outcome) results.push({ ...outcome.shown, ...trace });
    else if ('missing' in outcome) missing.push(outcome.missing);
    else if (!isTraced) return outcome.refused;
    else errors.push(asError(outcome.refused, input.objectWriteTraceId ?? ''));
  }
  if (missing.length > 0 && faults.unknownIds === '400') return invalid(`Invalid ids: ${missing.join(', ')}`);
  if (missing.length > 0) errors.push(missingObjects(missing));
  return { status: errors.length === 0 ? status : 207, body: batchBody(results, errors) };
}

function asError({ body }: FakeReply, trace: string): Record<string, unknown> {
  const told = z.looseObject({ category: z.string(), message: z.string() }).parse(body);
  return {
    status: 'error',
    category: told.category,
    message: told.message,
    context: { objectWriteTraceId: [trace] },
  };
}
