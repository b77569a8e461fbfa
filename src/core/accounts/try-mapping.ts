import { mappingAt } from '../../store/mappings.ts';
import { buildMarts } from '../../warehouse/build.ts';
import type { PortalId } from '../actor.ts';
import type { Context } from '../context.ts';
import { coverageIn, type Coverage } from './coverage.ts';
import { parseMapping, type Mapping } from './mapping.ts';
import { inputsFor, knowsProperties, proposalOf } from './portal-mapping.ts';

/** What a mapping would cover of the portal's own records; nothing is stored. Throws AppError `invalid` for one that cannot be used. */
export async function tryMapping(ctx: Context, portal: PortalId, raw: unknown): Promise<Coverage> {
  const mapping = parseMapping(raw);
  const warehouse = await ctx.warehouse(portal);
  const inputs = await inputsFor(ctx, portal, mapping, warehouse);
  return warehouse.alone(async (db) => {
    let coverage: Coverage | null = null;
    await buildMarts(db, inputs, ':memory:', async () => {
      coverage = await coverageIn(db, mapping);
    });
    if (coverage === null) throw new Error('the tables were built and not read');
    return coverage;
  });
}

/** The mapping that the portal's own properties suggest, whatever is stored. */
export async function proposeFor(ctx: Context, portal: PortalId): Promise<Mapping> {
  return proposalOf(await ctx.warehouse(portal));
}

/** Where no mapping is stored yet, but the portal's properties are known: the proposal, with what it would cover. */
export async function tryProposal(
  ctx: Context,
  portal: PortalId,
): Promise<{ mapping: Mapping; coverage: Coverage } | null> {
  if ((await mappingAt(ctx.store, portal, ctx.clock.now())) !== null) return null;
  const warehouse = await ctx.warehouse(portal);
  if (!(await knowsProperties(warehouse))) return null;
  const mapping = await proposalOf(warehouse);
  return { mapping, coverage: await tryMapping(ctx, portal, mapping) };
}
