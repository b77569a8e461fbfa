import { z } from 'zod';
import { getPortal } from '../../store/portals.ts';
import { currentSnapshot } from '../../store/snapshots.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { PortalId } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { WebContext } from '../web-context.ts';
import { ACCOUNT_STATES } from './card-document.ts';
import { hubspotUrl } from './hubspot-url.ts';

/** What a rule can say of a record that could have been a contract. */
export const VERDICTS = [
  'counted',
  'no_account',
  'excluded_account',
  'not_won',
  'other_pipeline',
  'no_start',
  'not_recurring',
  'no_value',
  'source_not_used',
  'other_source_first',
] as const;

const company = defineQuery({
  file: 'reads/account_verdict.sql',
  params: z.object({ company_id: z.string() }),
  row: z.object({
    company_id: z.string(),
    name: z.string().nullable(),
    lifecycle_stage: z.string().nullable(),
    status: z.enum(ACCOUNT_STATES).nullable(),
    contract_source: z.string().nullable(),
    home_mrr: z.number().nullable(),
  }),
});

const candidates = defineQuery({
  file: 'reads/account_candidates.sql',
  params: z.object({ company_id: z.string() }),
  row: z.object({
    source: z.string(),
    source_id: z.string(),
    verdict: z.enum(VERDICTS),
    start_date: z.date().nullable(),
    end_date: z.date().nullable(),
    mrr: z.number().nullable(),
    currency: z.string().nullable(),
  }),
});

export type Candidate = Awaited<ReturnType<typeof candidates>>[number];

/** What each rule decided about one company. */
export interface Why {
  companyId: string;
  name: string | null;
  lifecycleStage: string | null;
  /** null when it is no account: no contract, and nobody calls it a customer */
  status: (typeof ACCOUNT_STATES)[number] | null;
  contractSource: string | null;
  homeMrr: number | null;
  currency: string | null;
  candidates: (Candidate & { hubspotUrl: string | null })[];
  hubspotUrl: string | null;
}

/** Answers "why is this account missing, or here?" for any company. Throws AppError `not_found` when the CRM has no such company. */
export async function whyAccount(ctx: WebContext, portalId: PortalId, rawId: unknown): Promise<Why> {
  const id = z
    .string()
    .regex(/^[\w:.-]{1,100}$/)
    .catch('')
    .parse(rawId);
  const [portal, snapshot] = await Promise.all([
    getPortal(ctx.store, portalId),
    currentSnapshot(ctx.store, portalId),
  ]);
  const found =
    snapshot === null || id === ''
      ? null
      : await ctx.snapshots.read(portalId, snapshot.name, async (db) => ({
          company: (await company(db, { company_id: id }))[0],
          candidates: await candidates(db, { company_id: id }),
        }));
  if (found?.company === undefined)
    throw new AppError(
      'not_found',
      'No company with this number was copied from HubSpot. Check the number, or sync first.',
    );
  return {
    companyId: found.company.company_id,
    name: found.company.name,
    lifecycleStage: found.company.lifecycle_stage,
    status: found.company.status,
    contractSource: found.company.contract_source,
    homeMrr: found.company.home_mrr,
    currency: portal?.currency ?? null,
    candidates: found.candidates.map((one) => ({
      ...one,
      hubspotUrl: hubspotUrl(portal, one.source, one.source_id),
    })),
    hubspotUrl: hubspotUrl(portal, 'companies', found.company.company_id),
  };
}
