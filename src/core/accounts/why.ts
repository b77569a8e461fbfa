import { z } from 'zod';
import { getPortal, type Portal } from '../../store/portals.ts';
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

/** What became of a company in HubSpot. */
export const COMPANY_STATES = ['live', 'imported', 'archived', 'merged', 'gone'] as const;

/** What an account can be; the mart `accounts` is tested to know no other. */
const Status = z.enum(ACCOUNT_STATES).nullable();
type Status = z.output<typeof Status>;

const MOST_MATCHES = 50;

const company = defineQuery({
  file: 'reads/account_verdict.sql',
  params: z.object({ company_id: z.string() }),
  row: z.object({
    company_id: z.string(),
    name: z.string().nullable(),
    lifecycle_stage: z.string().nullable(),
    state: z.enum(COMPANY_STATES),
    merged_into: z.string().nullable(),
    merged_into_name: z.string().nullable(),
    ended_at: z.date().nullable(),
    account_type: z.string().nullable(),
    is_excluded: z.boolean(),
    status: Status,
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

const matches = defineQuery({
  file: 'reads/company_search.sql',
  params: z.object({ words: z.string(), most: z.number() }),
  row: z.object({
    company_id: z.string(),
    name: z.string().nullable(),
    domain: z.string().nullable(),
    state: z.enum(COMPANY_STATES),
    is_excluded: z.boolean(),
    status: Status,
    total: z.number(),
  }),
});

export type Candidate = Awaited<ReturnType<typeof candidates>>[number];
export type Match = Omit<Awaited<ReturnType<typeof matches>>[number], 'total'>;

/** What each rule decided about one company. */
export interface Why {
  companyId: string;
  name: string | null;
  lifecycleStage: string | null;
  state: (typeof COMPANY_STATES)[number];
  /** the company that lives on; null where it was not merged */
  mergedInto: { id: string; name: string | null } | null;
  /** when it was archived, merged or gone, as far as that is known */
  endedAt: Date | null;
  accountType: string | null;
  /** the mapping leaves its kind of account out */
  isExcluded: boolean;
  /** null when it is no account: no contract, and nobody calls it a customer */
  status: Status;
  contractSource: string | null;
  homeMrr: number | null;
  currency: string | null;
  candidates: (Candidate & { hubspotUrl: string | null })[];
  hubspotUrl: string | null;
}

/** One company, or those that the words may mean. */
export type WhyAnswer =
  | { kind: 'one'; why: Why }
  /** `total` counts those that are not shown, too */
  | { kind: 'several'; matches: Match[]; total: number };

/**
 * Answers "why is this account missing, or here?" for any company that the mirror knows or has known, by its id or by words of its name or
 * domain. Throws AppError `not_found` when there is none.
 */
export async function whyAccount(ctx: WebContext, portalId: PortalId, raw: unknown): Promise<WhyAnswer> {
  const words = z.string().max(200).catch('').parse(raw).trim();
  const [portal, snapshot] = await Promise.all([
    getPortal(ctx.store, portalId),
    currentSnapshot(ctx.store, portalId),
  ]);
  if (snapshot === null || words === '') throw nothingFound(words, snapshot !== null);
  return ctx.snapshots.read(portalId, snapshot.name, async (db): Promise<WhyAnswer> => {
    const explain = async (id: string): Promise<Why | null> => {
      const [found] = await company(db, { company_id: id });
      return found === undefined
        ? null
        : whyOf(portal, found, await candidates(db, { company_id: found.company_id }));
    };
    const exact = await explain(words);
    if (exact !== null) return { kind: 'one', why: exact };
    const rows = await matches(db, { words, most: MOST_MATCHES });
    const only = rows.length === 1 ? await explain(rows[0]?.company_id ?? '') : null;
    if (only !== null) return { kind: 'one', why: only };
    if (rows.length === 0) throw nothingFound(words, true);
    return {
      kind: 'several',
      matches: rows.map(({ total: _total, ...match }) => match),
      total: rows[0]?.total ?? 0,
    };
  });
}

function whyOf(
  portal: Portal | null,
  found: Awaited<ReturnType<typeof company>>[number],
  rows: readonly Candidate[],
): Why {
  return {
    companyId: found.company_id,
    name: found.name,
    lifecycleStage: found.lifecycle_stage,
    state: found.state,
    mergedInto: found.merged_into === null ? null : { id: found.merged_into, name: found.merged_into_name },
    endedAt: found.ended_at,
    accountType: found.account_type,
    isExcluded: found.is_excluded,
    status: found.status,
    contractSource: found.contract_source,
    homeMrr: found.home_mrr,
    currency: portal?.currency ?? null,
    candidates: rows.map((one) => ({ ...one, hubspotUrl: hubspotUrl(portal, one.source, one.source_id) })),
    hubspotUrl: hubspotUrl(portal, 'companies', found.company_id),
  };
}

function nothingFound(words: string, isPublished: boolean): AppError {
  return new AppError(
    'not_found',
    isPublished
      ? `No company is called “${words}”, has it in its domain or as its number. Check the spelling, or sync first.`
      : 'Nothing was copied yet. When the first sync is through, every company can be asked for.',
  );
}
