import { AppError } from '../errors.ts';
import type { AccountInfo, Pipeline } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import type { Failures } from './failures.ts';
import { forgetTypesBut, knownSchemas } from './custom-types.ts';
import { loadDefinitions, type Definition } from './load-definitions.ts';
import { PIPELINE_TYPES, STANDARD_TYPES } from './object-types.ts';

/** What the records of one type are read with; or why they cannot be: refused for want of a scope, or failed in this run. */
export type ReadableType = { objectType: string; label: string | null } & ({ properties: string[] } | Left);

/** Why something was left out, as a sentence. */
type Left = { refused: string } | { failed: string };

/** Some properties exist without being listed; HubSpot ignores names it does not know. */
const ALWAYS = ['hs_object_id', 'hs_merged_object_ids', 'hs_object_source_id', 'createdate'];

export interface ReadDefinitions {
  types: ReadableType[];
  /** what describes records of several types and could not be read, each as a sentence */
  refused: string[];
}

/**
 * Reads what describes the records, and answers which types can be read and with which properties. What fails for one type costs that type,
 * and what is known of its definitions stays; so do owners and custom objects that cannot be listed.
 */
export async function readDefinitions(
  ctx: SyncContext,
  account: AccountInfo,
  failures: Failures,
): Promise<ReadDefinitions> {
  const call = { signal: ctx.signal };
  const orLeft = <T>(work: () => Promise<T[]>): Promise<T[] | Left> => orLeftOut(ctx, failures, work);
  const refused: string[] = [];
  const definitions: Definition[] = [
    {
      kind: 'account',
      objectType: '',
      id: String(account.portalId),
      document: ctx.appId === null ? account : { ...account, appId: ctx.appId },
    },
  ];
  const scopes: Scope[] = [{ kind: 'account', objectType: '' }];
  const keep = <T extends object>(scope: Scope, found: T[] | Left, idOf: (one: T) => string): void => {
    if (isList(found)) {
      scopes.push(scope);
      definitions.push(...found.map((document) => ({ ...scope, id: idOf(document), document })));
    } else if ('refused' in found && scope.kind !== 'property') refused.push(found.refused);
  };

  const schemas = await orLeft(() => ctx.hubspot.schemas(call));
  keep({ kind: 'schema', objectType: '' }, schemas, (schema) => schema.objectTypeId);
  const custom = isList(schemas) ? schemas : [];
  const types = [...STANDARD_TYPES, ...custom.map((schema) => schema.objectTypeId)];
  if (isList(schemas)) await forgetTypesBut(ctx, types);
  const owners = await orLeft(() => ctx.hubspot.owners(call));
  keep({ kind: 'owner', objectType: '' }, owners, (owner) => owner.id);
  const stageNames = new Map<string, string[] | Left>();
  for (const objectType of PIPELINE_TYPES) {
    const pipelines = await orLeft(() => ctx.hubspot.pipelines(objectType, call));
    keep({ kind: 'pipeline', objectType }, pipelines, (pipeline) => pipeline.id);
    stageNames.set(objectType, isList(pipelines) ? pipelines.flatMap(stageDates) : pipelines);
  }
  const readable = await Promise.all(
    types.map(async (objectType): Promise<ReadableType> => {
      const label = custom.find((schema) => schema.objectTypeId === objectType)?.labels.plural ?? null;
      const stages = stageNames.get(objectType) ?? [];
      // Read without the dates of its stages, every record of the type would look as if it had lost them.
      if ('failed' in stages) return { objectType, label, failed: stages.failed };
      const properties = await orLeft(() => ctx.hubspot.properties(objectType, call));
      keep({ kind: 'property', objectType }, properties, (property) => property.name);
      if (!isList(properties)) return { objectType, label, ...properties };
      const names = [...ALWAYS, ...properties.map(({ name }) => name), ...(isList(stages) ? stages : [])];
      return { objectType, label, properties: [...new Set(names)].toSorted() };
    }),
  );
  await loadDefinitions(ctx, scopes, definitions);
  if (!isList(schemas)) readable.push(...(await hiddenTypes(ctx, schemas)));
  return { types: readable, refused };
}

type Scope = Pick<Definition, 'kind' | 'objectType'>;

function isList<T>(found: T[] | Left): found is T[] {
  return Array.isArray(found);
}

// Without the schemas nobody asks for custom objects: those that were here would go on as they were last counted, and nobody would know.
async function hiddenTypes(ctx: SyncContext, why: Left): Promise<ReadableType[]> {
  const known = await knownSchemas(ctx);
  return known.map(({ id, label }) => ({ objectType: id, label, ...why }));
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

async function orLeftOut<T>(
  ctx: SyncContext,
  failures: Failures,
  work: () => Promise<T[]>,
): Promise<T[] | Left> {
  try {
    return await orRefused(work);
  } catch (error) {
    return { failed: failures.keep(error, ctx.signal).message };
  }
}
