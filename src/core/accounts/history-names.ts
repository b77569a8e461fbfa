import { z } from 'zod';
import { mappingAt } from '../../store/mappings.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { PortalId } from '../actor.ts';
import { parseMapping, type Mapping } from './mapping.ts';
import { proposalOf, type MappingContext } from './portal-mapping.ts';

/** Settings beside the names of properties that are words too. */
const NO_NAMES = new Set(['end_is']);

/**
 * The properties of companies and deals whose history is worth keeping, by record type: those that the portal's mapping names, as it is in
 * force or would be proposed, where the portal has them, and how far a company or a deal has come.
 */
export async function historyNames(
  ctx: MappingContext,
  portal: PortalId,
  warehouse: Warehouse,
): Promise<Record<string, string[]>> {
  const now = (await ctx.portalClock(portal)).now();
  const stored = await mappingAt(ctx.store, portal, now);
  const mapping = stored === null ? await proposalOf(warehouse) : parseMapping(stored.document);
  const wanted = mappedNames(mapping);
  const there = await definedNames(warehouse);
  return Object.fromEntries(
    Object.entries(wanted).map(([objectType, names]) => [
      objectType,
      names.filter((name) => there.has(`${objectType} ${name}`)),
    ]),
  );
}

/** The names that a mapping reads companies and deals by, in order. */
export function mappedNames({ accounts, contracts }: Mapping): Record<'companies' | 'deals', string[]> {
  const companies = [...namesIn(accounts), ...namesIn(contracts.companies), 'lifecyclestage'];
  const deals = [...namesIn(contracts.deals), 'dealstage'];
  return { companies: [...new Set(companies)].toSorted(), deals: [...new Set(deals)].toSorted() };
}

function namesIn(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).flatMap(([field, value]) =>
    typeof value === 'string' && !NO_NAMES.has(field) ? [value] : [],
  );
}

async function definedNames(warehouse: Warehouse): Promise<Set<string>> {
  const rows = await warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        `select object_type, id from definitions where kind = 'property' and object_type in ('companies', 'deals')`,
      )
    ).getRowObjectsJS(),
  );
  const names = z.array(z.object({ object_type: z.string(), id: z.string() })).parse(rows);
  return new Set(names.map((row) => `${row.object_type} ${row.id}`));
}
