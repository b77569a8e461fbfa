import { z } from 'zod';
import { getPortal } from '../../store/portals.ts';
import { currentSnapshot } from '../../store/snapshots.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { PortalId } from '../actor.ts';
import type { WebContext } from '../web-context.ts';
import { hubspotUrl } from './hubspot-url.ts';

const PAGE_SIZE = 50;

/** Every kind of data problem there is; the marts are tested to know no other. */
export const PROBLEMS = [
  'end_before_start',
  'no_day',
  'negative_value',
  'missing_rate',
  'unknown_account',
  'missing_start',
  'missing_value',
  'unreadable_value',
  'no_rule_covers',
  'churned_but_served',
  'customer_but_ended',
  'ended_without_churn_date',
  'flag_without_date',
  'sources_disagree',
  'churn_flag_without_date',
  'churn_flag_but_served',
  'churn_date_unconfirmed',
  'churn_event_unconfirmed',
  'flag_and_events_differ',
  'dates_out_of_order',
  'unlikely_value',
  'unknown_parent',
  'usage_without_account',
] as const;

const counts = defineQuery({
  file: 'reads/problem_counts.sql',
  params: z.object({}),
  row: z.object({ problem: z.enum(PROBLEMS), findings: z.number(), home_mrr: z.number().nullable() }),
});

const PageRow = z.object({
  problem: z.enum(PROBLEMS),
  account_id: z.string().nullable(),
  account: z.string().nullable(),
  record_type: z.string(),
  record_id: z.string(),
  evidence: z.string(),
  home_mrr: z.number().nullable(),
  total: z.number(),
});
export type ProblemRow = Omit<z.output<typeof PageRow>, 'total'>;

const page = defineQuery({
  file: 'reads/problem_page.sql',
  params: z.object({ problem: z.string(), page_size: z.number(), first_row: z.number() }),
  row: PageRow,
});

/** What the list of problems is asked for; whatever is wrong in an address becomes the default. */
export const ProblemListInput = z.object({
  kind: z.enum(PROBLEMS).or(z.literal('')).catch(''),
  page: z.coerce.number().int().min(1).max(100_000).catch(1),
});

export interface ProblemList {
  input: z.output<typeof ProblemListInput>;
  kinds: { problem: (typeof PROBLEMS)[number]; findings: number }[];
  rows: (ProblemRow & { hubspotUrl: string | null })[];
  total: number;
  /** the value a month that hangs on the chosen kind; null for all kinds, which overlap, and where none is known */
  homeMrr: number | null;
  pages: number;
  currency: string | null;
}

/** The data problems of the published snapshot, for a person to work off; null before the first snapshot. */
export async function getProblems(
  ctx: WebContext,
  portalId: PortalId,
  raw: unknown,
): Promise<ProblemList | null> {
  const input = ProblemListInput.parse(raw);
  const [portal, snapshot] = await Promise.all([
    getPortal(ctx.store, portalId),
    currentSnapshot(ctx.store, portalId),
  ]);
  if (snapshot === null) return null;
  return ctx.snapshots.read(portalId, snapshot.name, async (db) => {
    const kinds = await counts(db, {});
    const shown = kinds.filter((one) => input.kind === '' || one.problem === input.kind);
    const total = shown.reduce((sum, one) => sum + one.findings, 0);
    const pages = Math.max(1, Math.ceil(total / PAGE_SIZE));
    // A page behind the end (an old address, a list that was worked off) becomes the last one.
    const at = Math.min(input.page, pages);
    const rows = await page(db, {
      problem: input.kind,
      page_size: PAGE_SIZE,
      first_row: (at - 1) * PAGE_SIZE,
    });
    return {
      input: { ...input, page: at },
      kinds: kinds.map(({ problem, findings }) => ({ problem, findings })),
      rows: rows.map((row) => ({ ...row, hubspotUrl: hubspotUrl(portal, row.record_type, row.record_id) })),
      total,
      homeMrr: input.kind === '' ? null : (shown[0]?.home_mrr ?? null),
      pages,
      currency: portal?.currency ?? null,
    };
  });
}
