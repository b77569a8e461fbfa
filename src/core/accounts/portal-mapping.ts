import { isDeepStrictEqual } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { addMapping, mappingAt } from '../../store/mappings.ts';
import type { BuildInputs } from '../../warehouse/build.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';
import { parseMapping, type Mapping } from './mapping.ts';
import { portalFactsAt, type PortalFacts } from './portal-facts.ts';
import { proposeMapping } from './propose.ts';

const KnownProperties = z.array(
  z.object({ objectType: z.string(), name: z.string(), label: z.string(), type: z.string() }),
);

/** The mapping in force, with its version. The first one is proposed from the portal's own properties and stored. */
export async function mappingOf(
  ctx: Pick<Context, 'store' | 'portalClock' | 'log'>,
  portal: PortalId,
  warehouse: Warehouse,
): Promise<{ mapping: Mapping; version: number }> {
  const now = (await ctx.portalClock(portal)).now();
  const stored = await mappingAt(ctx.store, portal, now);
  if (stored !== null) return { mapping: parseMapping(stored.document), version: stored.version };
  const mapping = proposeMapping(await propertiesOf(warehouse));
  await addMapping(ctx.store, portal, { document: mapping, author: 'proposed', after: 0 }, now);
  ctx.log.info('a mapping was proposed from the portal’s properties', { portal, version: 1 });
  return { mapping, version: 1 };
}

/** Keeps a mapping as the portal's next version where it differs from the one in force. Throws AppError `invalid` for one that cannot be used. */
export async function keepMapping(
  ctx: Pick<Context, 'store' | 'portalClock'>,
  portal: PortalId,
  raw: unknown,
  author: string,
): Promise<void> {
  const mapping = parseMapping(raw);
  const now = (await ctx.portalClock(portal)).now();
  const stored = await mappingAt(ctx.store, portal, now);
  if (stored !== null && isDeepStrictEqual(parseMapping(stored.document), mapping)) return;
  await addMapping(ctx.store, portal, { document: mapping, author, after: stored?.version ?? 0 }, now);
}

/** What the marts of a portal are computed with, as known now. */
export async function inputsOf(
  ctx: Pick<Context, 'store' | 'portalClock' | 'log'>,
  id: PortalId,
  warehouse: Warehouse,
): Promise<BuildInputs> {
  const { mapping } = await mappingOf(ctx, id, warehouse);
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
