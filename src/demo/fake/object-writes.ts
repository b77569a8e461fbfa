import { z } from 'zod';
import type { SourceRecord } from '../source.ts';
import { associateAll, refuseAssociations } from './association-writes.ts';
import type { RouteContext } from './context.ts';
import { toObject } from './object-reply.ts';
import { refuseValues } from './property-values.ts';
import { invalid, invalidJson, notFound, refusal } from './replies.ts';
import type { InnerState } from './state.ts';
import type { FakeReply, FakeRequest } from './types.ts';

export const Values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));
export const WishedAssociations = z
  .array(
    z.object({
      to: z.object({ id: z.coerce.string() }),
      types: z.array(z.object({ associationCategory: z.string().optional(), associationTypeId: z.number() })),
    }),
  )
  .default([]);
const Create = z.object({ properties: Values, associations: WishedAssociations });
const Update = z.object({ properties: Values });
const Merge = z.object({ primaryObjectId: z.coerce.string(), objectIdToMerge: z.coerce.string() });
const Erase = z.object({ objectId: z.coerce.string(), idProperty: z.string().optional() });

/** POST one record, perhaps with associations: all of it or nothing. */
export function createObject(context: RouteContext, type: string, { body }: FakeRequest): FakeReply {
  const parsed = Create.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  const made = create(context, type, parsed.data);
  if ('refused' in made) return made.refused;
  const { record } = made;
  return {
    status: 201,
    headers: { location: `/crm/objects/2026-09/${type}/${record.id}` },
    body: toObject(context, type, record, { properties: Object.keys(parsed.data.properties) }),
  };
}

/** Makes a record, or says with HubSpot's words why not. */
export function create(
  context: RouteContext,
  type: string,
  wish: z.output<typeof Create>,
): { record: SourceRecord } | { refused: FakeReply } {
  const refused =
    refuseValues(context.definitions, type, wish.properties, true) ??
    refuseTaken(context, type, wish.properties, null) ??
    refuseAssociations(context, type, wish.associations);
  if (refused !== null) return { refused };
  const record = context.state.create(type, wish.properties);
  associateAll(context, type, record.id, wish.associations);
  return { record };
}

/** PATCH one record; a merged-away id reaches the survivor. */
export function updateObject(
  context: RouteContext,
  type: string,
  id: string,
  request: FakeRequest,
): FakeReply {
  const parsed = Update.safeParse(request.body);
  if (!parsed.success) return invalidJson(parsed.error);
  const idProperty = request.query.get('idProperty');
  const found = idProperty === null ? id : findByValue(context, type, idProperty, [id]).get(id);
  const updated = found === undefined ? null : update(context, type, found, parsed.data.properties);
  if (updated === null) return notFound(`${type} ${id}`);
  if ('refused' in updated) return updated.refused;
  return {
    status: 200,
    body: toObject(context, type, updated.record, { properties: Object.keys(parsed.data.properties) }),
  };
}

/** Changes a live record; null when there is none, or HubSpot's words why not. */
export function update(
  context: RouteContext,
  type: string,
  id: string,
  properties: Record<string, string>,
): { record: SourceRecord } | { refused: FakeReply } | null {
  const record = context.state.get(type, id);
  if (record === undefined || record.archivedAt !== null) return null;
  const refused =
    refuseValues(context.definitions, type, properties, false) ??
    refuseTaken(context, type, properties, record.id);
  return refused === null ? { record: context.state.update(type, record.id, properties) } : { refused };
}

/** DELETE moves a record to the recycle bin; HubSpot answers 204 whether or not it was there. */
export function archiveObject({ state }: RouteContext, type: string, id: string): FakeReply {
  const record = state.get(type, id);
  if (record !== undefined && record.archivedAt === null) state.archive(type, record.id);
  return { status: 204 };
}

/** POST merge: answers the survivor. */
export function mergeObjects(context: RouteContext, type: string, { body }: FakeRequest): FakeReply {
  const parsed = Merge.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  const { state } = context;
  const [winner, loser] = [parsed.data.primaryObjectId, parsed.data.objectIdToMerge].map((id) =>
    state.get(type, id),
  );
  if (winner === undefined || loser === undefined || winner.archivedAt !== null || loser.archivedAt !== null)
    return notFound(`${type} ${parsed.data.primaryObjectId} or ${parsed.data.objectIdToMerge}`);
  if (winner.id === loser.id) return invalid(`Cannot merge ${winner.id} with itself.`);
  return {
    status: 200,
    body: toObject(context, type, state.merge(type, winner.id, loser.id), { properties: [] }),
  };
}

/** POST contacts/gdpr-delete: gone without a trace. An unknown address is merely blocked, an unknown id is not found. */
export function eraseContact(context: RouteContext, { body }: FakeRequest): FakeReply {
  const parsed = Erase.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  const { objectId, idProperty } = parsed.data;
  const id =
    idProperty === undefined
      ? objectId
      : findByValue(context, 'contacts', idProperty, [objectId]).get(objectId);
  const record = id === undefined ? undefined : context.state.get('contacts', id);
  if (record === undefined)
    return idProperty === undefined ? notFound(`contacts ${objectId}`) : { status: 204 };
  context.state.purge('contacts', record.id);
  return { status: 204 };
}

/** The live records whose property has one of these values, by value; written in lower case, as HubSpot compares. */
export function findByValue(
  { state }: RouteContext,
  type: string,
  property: string,
  values: readonly string[],
): Map<string, string> {
  const wanted = new Map(values.map((value) => [value.toLowerCase(), value]));
  const found = new Map<string, string>();
  // A property made since the portal was generated has values only where somebody wrote.
  const isGenerated =
    property === 'hs_object_id' || state.source.properties(type).some((one) => one.name === property);
  for (const record of isGenerated ? state.all(type) : liveTouched(state, type)) {
    const value = property === 'hs_object_id' ? record.id : record.properties[property];
    const asked = value === undefined ? undefined : wanted.get(value.toLowerCase());
    if (asked !== undefined) found.set(asked, record.id);
    if (found.size === wanted.size) break;
  }
  return found;
}

function* liveTouched(state: InnerState, type: string): Iterable<SourceRecord> {
  for (const { record } of state.touched(type).values()) if (state.isLive(type, record.id)) yield record;
}

function refuseTaken(
  context: RouteContext,
  type: string,
  properties: Record<string, string>,
  ownId: string | null,
): FakeReply | null {
  for (const [name, value] of Object.entries(properties)) {
    if (value === '' || !isUnique(context, type, name)) continue;
    const other = findByValue(context, type, name, [value]).get(value);
    if (other === undefined || other === ownId) continue;
    return name === 'email'
      ? refusal(409, 'CONFLICT', `Contact already exists. Existing ID: ${other}`)
      : refusal(400, 'VALIDATION_ERROR', `Cannot set ${name}: ${other} already has that value.`);
  }
  return null;
}

/** Whether a property tells records apart: an e-mail address, or one that was made so. */
export function isUnique({ definitions }: RouteContext, type: string, name: string): boolean {
  if (name === 'hs_object_id') return true;
  if (type === 'contacts' && name === 'email') return true;
  return definitions.find(type, name)?.hasUniqueValue === true;
}
