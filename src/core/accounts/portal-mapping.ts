import { isDeepStrictEqual } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { addMapping, mappingAt } from '../../store/mappings.ts';
import type { BuildInputs } from '../../warehouse/build.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { parseMapping, type Mapping } from './mapping.ts';
import { readMappingFile } from './mapping-file.ts';
import { portalFactsAt, type PortalFacts } from './portal-facts.ts';
import { proposeMapping } from './propose.ts';

const KnownProperties = z.array(
  z.object({ objectType: z.string(), name: z.string(), label: z.string(), type: z.string() }),
);

const unreadDefinitions = defineQuery({
  file: 'reads/unread_definitions.sql',
  params: z.object({}),
  row: z.object({ unread: z.number() }),
});

/** What the mapping of a portal is read and kept with. */
export type MappingContext = Pick<Context, 'store' | 'portalClock' | 'log' | 'mappingFile'>;

/**
 * The mapping in force, with its version: what MAPPING_FILE holds now, else the stored one. The first one is proposed from the portal's own
 * properties and stored; where HubSpot has not yet told those of some type it is only used, with version 0.
 */
export async function mappingOf(
  ctx: MappingContext,
  portal: PortalId,
  warehouse: Warehouse,
): Promise<{ mapping: Mapping; version: number }> {
  await adoptMappingFile(ctx, portal);
  const now = (await ctx.portalClock(portal)).now();
  const stored = await mappingAt(ctx.store, portal, now);
  if (stored !== null) return { mapping: parseMapping(stored.document), version: stored.version };
  const mapping = await proposalOf(warehouse);
  // What is kept is not proposed again: not before every type that may be read has told what it has.
  if (await lacksDefinitions(warehouse)) return { mapping, version: 0 };
  await addMapping(ctx.store, portal, { document: mapping, author: 'proposed', after: 0 }, now);
  ctx.log.info('a mapping was proposed from the portal’s properties', { portal, version: 1 });
  return { mapping, version: 1 };
}

/** A mapping made from the properties that the portal's mirror knows. */
export async function proposalOf(warehouse: Warehouse): Promise<Mapping> {
  return proposeMapping(await propertiesOf(warehouse));
}

async function lacksDefinitions(warehouse: Warehouse): Promise<boolean> {
  const [row] = await warehouse.read((db) => unreadDefinitions(db, {}));
  return (row?.unread ?? 0) > 0;
}

/** Whether the mirror knows what the portal has; it does from the first sync on. */
export async function knowsProperties(warehouse: Warehouse): Promise<boolean> {
  return (await propertiesOf(warehouse)).length > 0;
}

/**
 * Where MAPPING_FILE rules this portal and holds another mapping than the one in force, keeps it as the next version, so that an answer about
 * the past keeps the mapping of then. A file that was broken since the start changes nothing: the last one that could be used goes on.
 * Answers whether a version was added.
 */
export async function adoptMappingFile(ctx: MappingContext, portal: PortalId): Promise<boolean> {
  if (ctx.mappingFile?.portal !== portal) return false;
  try {
    return await keepMapping(ctx, portal, await readMappingFile(ctx.mappingFile.path), 'file');
  } catch (error) {
    const now = (await ctx.portalClock(portal)).now();
    if (!(error instanceof AppError) || (await mappingAt(ctx.store, portal, now)) === null) throw error;
    ctx.log.error('the mapping file cannot be used; the last one that could be is used on', {
      portal,
      error,
    });
    return false;
  }
}

/**
 * Keeps a mapping as the portal's next version where it differs from the one in force; answers whether it did. Throws AppError `invalid` for one
 * that cannot be used.
 */
export async function keepMapping(
  ctx: Pick<Context, 'store' | 'portalClock'>,
  portal: PortalId,
  raw: unknown,
  author: string,
): Promise<boolean> {
  const mapping = parseMapping(raw);
  const now = (await ctx.portalClock(portal)).now();
  const stored = await mappingAt(ctx.store, portal, now);
  if (stored !== null && isDeepStrictEqual(parseMapping(stored.document), mapping)) return false;
  return addMapping(ctx.store, portal, { document: mapping, author, after: stored?.version ?? 0 }, now);
}

/** What the marts of a portal are computed with, as known now. */
export async function inputsOf(
  ctx: MappingContext,
  id: PortalId,
  warehouse: Warehouse,
): Promise<BuildInputs> {
  const { mapping } = await mappingOf(ctx, id, warehouse);
  return inputsFor(ctx, id, mapping, warehouse);
}

/** What the marts of a portal would be computed with now, were this its mapping. */
export async function inputsFor(
  ctx: Pick<Context, 'portalClock'>,
  id: PortalId,
  mapping: Mapping,
  warehouse: Warehouse,
): Promise<BuildInputs> {
  const knownAt = (await ctx.portalClock(id)).now();
  return buildInputs(mapping, { ...(await portalFactsAt(warehouse, knownAt)), knownAt });
}

/** Fills what a book leaves open from the portal's own facts. */
export function buildInputs(mapping: Mapping, facts: PortalFacts & { knownAt: Date }): BuildInputs {
  const { book } = mapping;
  const timeZone = book.time_zone ?? facts.timeZone;
  const today = Temporal.Instant.from(facts.knownAt.toISOString()).toZonedDateTimeISO(timeZone).toPlainDate();
  return {
    mapping: JSON.stringify(mapping),
    book: JSON.stringify(book),
    timeZone,
    homeCurrency: book.home_currency ?? facts.currency,
    today: book.as_of ?? today.toString(),
    knownAt: facts.knownAt,
    appId: facts.appId,
  };
}

async function propertiesOf(warehouse: Warehouse): Promise<z.output<typeof KnownProperties>> {
  const rows = await warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        `select object_type as "objectType", id as name, coalesce(document ->> 'label', id) as label, coalesce(document ->> 'type', '') as type
         from definitions where kind = 'property' order by object_type, id`,
      )
    ).getRowObjectsJS(),
  );
  return KnownProperties.parse(rows);
}
