import { AppError } from '../errors.ts';
import type { SearchFilter, Tally } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import { tallied } from './tally.ts';

/** How many live records of a type HubSpot's search counts, all or those that fit the filters; null when it does not say. */
export async function countRecords(
  ctx: Pick<SyncContext, 'hubspot' | 'signal'>,
  objectType: string,
  filters: readonly SearchFilter[] = [],
): Promise<number | null> {
  try {
    const page = await ctx.hubspot.search(
      {
        objectType,
        filters,
        properties: [],
        limit: 1,
        sort: { propertyName: 'hs_object_id', direction: 'ASCENDING' },
      },
      { signal: ctx.signal },
    );
    return page.total;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'forbidden' || error.code === 'upstream')) return null;
    throw error;
  }
}

/** A count of HubSpot's; null when it does not say. */
export interface Total {
  count: number | null;
  cost: Tally;
}

/** Asks for each type once, whoever needs it first. */
export function createTotals(): (
  ctx: Pick<SyncContext, 'hubspot' | 'signal'>,
  objectType: string,
) => Promise<Total> {
  const totals = new Map<string, Promise<Total>>();
  const ask = async (ctx: Pick<SyncContext, 'hubspot' | 'signal'>, objectType: string): Promise<Total> => {
    const cost: Tally = { requests: 0, retries: 0 };
    const { signal } = ctx;
    return { count: await countRecords({ hubspot: tallied(ctx.hubspot, cost), signal }, objectType), cost };
  };
  return (ctx, objectType) => {
    const total = totals.get(objectType) ?? ask(ctx, objectType);
    totals.set(objectType, total);
    return total;
  };
}

/** How many live records of a type the mirror holds. */
export async function countLive(ctx: Pick<SyncContext, 'warehouse'>, objectType: string): Promise<number> {
  const rows = await ctx.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        'select count(*)::integer as live from objects where object_type = $object_type and not archived',
        { object_type: objectType },
      )
    ).getRowObjectsJS(),
  );
  return Number(rows[0]?.['live'] ?? 0);
}
