import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { firstMapping, mappingAt } from '../../store/mappings.ts';
import { getPortal } from '../../store/portals.ts';
import type { BuildInputs } from '../../warehouse/build.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';
import { AppError } from '../errors.ts';
import { parseMapping, type Mapping } from './mapping.ts';
import { buildInputs } from './portal-mapping.ts';
import { portalFactsAt } from './portal-facts.ts';

const knownSince = defineQuery({
  file: 'reads/known_since.sql',
  params: z.object({}),
  row: z.object({ since: z.number().nullable() }),
});

/**
 * What the marts of a portal are computed with as known then: the mapping, the time zone and the currency of then. `asked` is a moment, or
 * a day of the portal, which means its end. Throws AppError `invalid` for what is neither or lies ahead, `not_found` for what was before
 * anything was known.
 */
export async function inputsThen(
  ctx: Pick<Context, 'store' | 'portalClock'>,
  id: PortalId,
  warehouse: Warehouse,
  asked: string,
): Promise<BuildInputs> {
  const now = (await ctx.portalClock(id)).now();
  const day = dayOf(asked);
  const { from, to } = day === null ? momentOf(asked) : await spanOf(ctx, id, warehouse, day);
  if (from > now)
    throw new AppError('invalid', `${asked} lies ahead, and what will be known then is not known yet.`);
  // Of today it is known what is known now.
  const knownAt = to > now ? now : to;
  const mapping = await mappingThen(ctx, id, warehouse, knownAt);
  if (mapping === null) throw await nothingYet(ctx, id, warehouse);
  return buildInputs(mapping, { ...(await portalFactsAt(warehouse, knownAt)), knownAt });
}

interface Span {
  from: Date;
  /** the last moment of it */
  to: Date;
}

function dayOf(text: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' });
  } catch {
    throw unreadable();
  }
}

function momentOf(text: string): Span {
  const moment = new Date(text);
  // Without a zone a moment would be of the machine's.
  if (/^\d{4}-\d{2}-\d{2}T.*(?:Z|[+-]\d{2}:?\d{2})$/.test(text) && !Number.isNaN(moment.getTime()))
    return { from: moment, to: moment };
  throw unreadable();
}

function unreadable(): AppError {
  return new AppError(
    'invalid',
    '--known-at must be a day or a moment with its zone, for example 2026-05-03 or 2026-05-03T12:00:00Z.',
  );
}

// The portal's day, in the zone that was known at the end of it.
async function spanOf(
  ctx: Pick<Context, 'store'>,
  id: PortalId,
  warehouse: Warehouse,
  day: Temporal.PlainDate,
): Promise<Span> {
  const about = new Date(`${day.toString()}T23:59:59.999Z`);
  const mapping = await mappingThen(ctx, id, warehouse, about);
  const zone = mapping?.book.time_zone ?? (await portalFactsAt(warehouse, about)).timeZone;
  const startOf = (one: Temporal.PlainDate): number => one.toZonedDateTime(zone).epochMilliseconds;
  return { from: new Date(startOf(day)), to: new Date(startOf(day.add({ days: 1 })) - 1) };
}

// Rows of files may be known from before the import that brought them: its mapping reads them. Nothing was asked before it.
async function mappingThen(
  ctx: Pick<Context, 'store'>,
  id: PortalId,
  warehouse: Warehouse,
  at: Date,
): Promise<Mapping | null> {
  const stored = await mappingAt(ctx.store, id, at);
  if (stored !== null) return parseMapping(stored.document);
  if ((await getPortal(ctx.store, id))?.mode !== 'import') return null;
  const since = await readSince(warehouse);
  const first = since === null || at < since ? null : await firstMapping(ctx.store, id);
  return first === null ? null : parseMapping(first.document);
}

async function readSince(warehouse: Warehouse): Promise<Date | null> {
  const [row] = await warehouse.read((db) => knownSince(db, {}));
  return row === undefined || row.since === null ? null : new Date(row.since);
}

async function nothingYet(
  ctx: Pick<Context, 'store'>,
  id: PortalId,
  warehouse: Warehouse,
): Promise<AppError> {
  const isImport = (await getPortal(ctx.store, id))?.mode === 'import';
  const first = await firstMapping(ctx.store, id);
  if (first === null)
    return new AppError(
      'not_found',
      isImport
        ? 'Not known: no import has ended yet. Import first: holdfast import'
        : 'Not known: nothing was ever synced. Sync first: holdfast sync',
    );
  const since = (isImport ? await readSince(warehouse) : null) ?? first.knownFrom;
  const told = since.toISOString().replace('T', ' ').slice(0, 16);
  return new AppError(
    'not_found',
    isImport
      ? `Not known: the first imported row was recorded on ${told} UTC. Give a later moment.`
      : `Not known: Holdfast began watching on ${told} UTC. Give a later moment.`,
  );
}
