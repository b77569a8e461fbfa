import { z } from 'zod';
import { lacking, lackingRead, type RouteContext } from './context.ts';
import type { FakeProperty } from './definitions.ts';
import { canonicalType } from './names.ts';
import { batchBody } from './object-reply.ts';
import { invalid, invalidJson, notFound, refusal } from './replies.ts';
import type { FakeReply, FakeRequest } from './types.ts';

const NewProperty = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,99}$/, 'must be lower case letters, digits and underscores'),
  label: z.string().min(1),
  type: z.enum([
    'bool',
    'enumeration',
    'date',
    'datetime',
    'string',
    'number',
    'phone_number',
    'object_coordinates',
    'json',
  ]),
  fieldType: z.enum([
    'booleancheckbox',
    'calculation_equation',
    'checkbox',
    'date',
    'file',
    'html',
    'number',
    'phonenumber',
    'radio',
    'select',
    'text',
    'textarea',
  ]),
  groupName: z.string().min(1),
  hasUniqueValue: z.boolean().default(false),
  options: z.array(z.looseObject({ label: z.string(), value: z.string() })).default([]),
});
const ChangedProperty = NewProperty.omit({ name: true, hasUniqueValue: true }).partial();
const NewGroup = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  label: z.string().min(1),
  displayOrder: z.number().default(-1),
});
const ManyProperties = z.object({ inputs: z.array(NewProperty).max(100) });

/** Everything under /crm/properties: definitions and their groups. */
export function properties(
  context: RouteContext,
  [given = '', ...rest]: string[],
  request: FakeRequest,
): FakeReply {
  const { definitions } = context;
  const type = canonicalType(context.state.source, given);
  if (type === undefined) return invalid(`Unable to infer object type from: ${given}`);
  const { method } = request;
  const refused =
    method === 'GET' ? lackingRead(context, type) : lacking(context, `crm.schemas.${type}.write`);
  if (refused !== null) return refused;
  switch (`${method} ${rest.join('/')}`) {
    case 'GET ':
      return { status: 200, body: { results: definitions.list(type).map(toDefinition) } };
    case 'POST ':
      return createProperty(context, type, request);
    case 'POST batch/create':
      return createProperties(context, type, request);
    case 'GET groups':
      return {
        status: 200,
        body: { results: definitions.groups(type).map((group) => ({ ...group, archived: false })) },
      };
    case 'POST groups':
      return createGroup(context, type, request);
    default:
      return oneProperty(context, type, rest, request);
  }
}

function oneProperty(
  { definitions }: RouteContext,
  type: string,
  [name = '']: string[],
  request: FakeRequest,
): FakeReply {
  const known = definitions.find(type, name);
  if (known === undefined) return notFound(`property ${name}`);
  if (request.method === 'GET') return { status: 200, body: toDefinition(known) };
  if (request.method === 'DELETE') {
    definitions.remove(type, name);
    return { status: 204 };
  }
  if (request.method !== 'PATCH')
    return refusal(405, 'METHOD_NOT_ALLOWED', `${request.method} is not allowed here.`);
  const parsed = ChangedProperty.safeParse(request.body);
  if (!parsed.success) return invalidJson(parsed.error);
  const given = Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined));
  const changed: FakeProperty = { ...known, ...given };
  definitions.put(type, changed);
  return { status: 200, body: toDefinition(changed) };
}

function createProperty(context: RouteContext, type: string, { body }: FakeRequest): FakeReply {
  const parsed = NewProperty.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  return (
    refuseProperty(context, type, parsed.data) ?? {
      status: 201,
      body: addProperty(context, type, parsed.data),
    }
  );
}

function createProperties(context: RouteContext, type: string, { body }: FakeRequest): FakeReply {
  const parsed = ManyProperties.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  const { inputs } = parsed.data;
  for (const input of inputs) {
    const refused = refuseProperty(context, type, input);
    if (refused !== null) return refused;
  }
  return { status: 201, body: batchBody(inputs.map((input) => addProperty(context, type, input))) };
}

function refuseProperty(
  { definitions }: RouteContext,
  type: string,
  wish: z.output<typeof NewProperty>,
): FakeReply | null {
  if (definitions.find(type, wish.name) !== undefined)
    return refusal(409, 'OBJECT_ALREADY_EXISTS', `A property named '${wish.name}' already exists.`);
  if (!definitions.groups(type).some((group) => group.name === wish.groupName))
    return invalid(`Property group ${wish.groupName} does not exist.`);
  if (wish.type === 'enumeration' && wish.options.length === 0)
    return invalid(`Property ${wish.name} is an enumeration and needs options.`);
  return null;
}

function addProperty(
  { definitions }: RouteContext,
  type: string,
  wish: z.output<typeof NewProperty>,
): Record<string, unknown> {
  const property: FakeProperty = {
    ...wish,
    calculated: false,
    options: wish.options.map(({ label, value }) => ({ label, value })),
  };
  definitions.put(type, property);
  return toDefinition(property);
}

function createGroup({ definitions }: RouteContext, type: string, { body }: FakeRequest): FakeReply {
  const parsed = NewGroup.safeParse(body);
  if (!parsed.success) return invalidJson(parsed.error);
  if (definitions.groups(type).some((group) => group.name === parsed.data.name))
    return refusal(
      409,
      'OBJECT_ALREADY_EXISTS',
      `A property group named '${parsed.data.name}' already exists.`,
    );
  definitions.putGroup(type, parsed.data);
  return { status: 201, body: { ...parsed.data, archived: false } };
}

function toDefinition(property: FakeProperty): Record<string, unknown> {
  return { ...property, archived: false, hidden: false, displayOrder: -1, description: '', formField: true };
}
