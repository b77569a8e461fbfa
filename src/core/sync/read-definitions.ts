import { AppError } from '../errors.ts';
import type { AccountInfo, ObjectSchema, Pipeline } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import { forgetTypesBut, knownSchemas } from './custom-types.ts';
import { loadDefinitions, type Definition } from './load-definitions.ts';
import { PIPELINE_TYPES, STANDARD_TYPES } from './object-types.ts';

/** What the records of one type are read with; or why they cannot be. */
export type ReadableType =
  | { objectType: string; label: string | null; properties: string[] }
  | { objectType: string; label: string | null; refused: string };

/** Some properties exist without being listed; HubSpot ignores names it does not know. */
const ALWAYS = ['hs_object_id', 'hs_merged_object_ids', 'hs_object_source_id', 'createdate'];

export interface ReadDefinitions {
  types: ReadableType[];
  /** what describes records of several types and could not be read, each as a sentence */
  refused: string[];
}

/** Reads what describes the records, and answers which types can be read and with which properties. */
export async function readDefinitions(ctx: SyncContext, account: AccountInfo): Promise<ReadDefinitions> {
  const call = { signal: ctx.signal };
  const refused: string[] = [];
  const schemas = await orRefused(() => ctx.hubspot.schemas(call));
  if (!Array.isArray(schemas)) refused.push(schemas.refused);
  const custom: ObjectSchema[] = Array.isArray(schemas) ? schemas : [];
  const types = [...STANDARD_TYPES, ...custom.map((schema) => schema.objectTypeId)];
  const definitions: Definition[] = [
    {
      kind: 'account',
      objectType: '',
      id: String(account.portalId),
      document: ctx.appId === null ? account : { ...account, appId: ctx.appId },
    },
  ];
  const scopes: Pick<Definition, 'kind' | 'objectType'>[] = [{ kind: 'account', objectType: '' }];
  if (Array.isArray(schemas)) {
    await forgetTypesBut(ctx, types);
    scopes.push({ kind: 'schema', objectType: '' });
    definitions.push(
      ...custom.map((schema) => ({
        kind: 'schema' as const,
        objectType: '',
        id: schema.objectTypeId,
        document: schema,
      })),
    );
  }
  const owners = await orRefused(() => ctx.hubspot.owners(call));
  if (!Array.isArray(owners)) refused.push(owners.refused);
  else {
    scopes.push({ kind: 'owner', objectType: '' });
    definitions.push(
      ...owners.map((owner) => ({ kind: 'owner' as const, objectType: '', id: owner.id, document: owner })),
    );
  }
  const stageNames = new Map<string, string[]>();
  for (const objectType of PIPELINE_TYPES) {
    const pipelines = await orRefused(() => ctx.hubspot.pipelines(objectType, call));
    if (!Array.isArray(pipelines)) {
      refused.push(pipelines.refused);
      continue;
    }
    scopes.push({ kind: 'pipeline', objectType });
    stageNames.set(objectType, pipelines.flatMap(stageDates));
    definitions.push(
      ...pipelines.map((pipeline) => ({
        kind: 'pipeline' as const,
        objectType,
        id: pipeline.id,
        document: pipeline,
      })),
    );
  }
  const readable = await Promise.all(
    types.map(async (objectType): Promise<ReadableType> => {
      const properties = await orRefused(() => ctx.hubspot.properties(objectType, call));
      const label = custom.find((schema) => schema.objectTypeId === objectType)?.labels.plural ?? null;
      if (!Array.isArray(properties)) return { objectType, label, refused: properties.refused };
      scopes.push({ kind: 'property', objectType });
      definitions.push(
        ...properties.map((property) => ({
          kind: 'property' as const,
          objectType,
          id: property.name,
          document: property,
        })),
      );
      return {
        objectType,
        label,
        properties: [
          ...new Set([
            ...ALWAYS,
            ...properties.map((property) => property.name),
            ...(stageNames.get(objectType) ?? []),
          ]),
        ].toSorted(),
      };
    }),
  );
  await loadDefinitions(ctx, scopes, definitions);
  if (!Array.isArray(schemas)) readable.push(...(await hiddenTypes(ctx, schemas.refused)));
  return { types: readable, refused };
}

// Without the schemas nobody asks for custom objects: those that were here would go on as they were last counted, and nobody would know.
async function hiddenTypes(ctx: SyncContext, refused: string): Promise<ReadableType[]> {
  const known = await knownSchemas(ctx);
  return known.map(({ id, label }) => ({ objectType: id, label, refused }));
}

// When a record came to a stage and when it left it: HubSpot keeps both for every stage, and may list neither.
function stageDates({ stages }: Pipeline): string[] {
  return stages.flatMap(({ id }) => [`hs_v2_date_entered_${id}`, `hs_v2_date_exited_${id}`]);
}

/** A missing scope costs one kind of thing, not the run. */
export async function orRefused<T>(work: () => Promise<T>): Promise<T | { refused: string }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code === 'forbidden') return { refused: error.message };
    throw error;
  }
}
