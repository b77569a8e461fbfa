import { z } from 'zod';
import { defineQuery } from '../../warehouse/query.ts';
import type { PortalId } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { WebContext } from '../web-context.ts';
import { getCard } from './card.ts';

const contracts = defineQuery({
  file: 'reads/account_contracts.sql',
  params: z.object({ account_id: z.string() }),
  row: z.object({
    contract_id: z.string(),
    record_type: z.string(),
    record_id: z.string(),
    name: z.string().nullable(),
    kind: z.string().nullable(),
    line: z.string().nullable(),
    is_trial: z.boolean(),
    start_date: z.date(),
    end_date: z.date().nullable(),
    service_end_date: z.date().nullable(),
    notice_deadline: z.date().nullable(),
    auto_renew: z.boolean().nullable(),
    term_months: z.number().nullable(),
    is_term_assumed: z.boolean().nullable(),
    annual: z.number().nullable(),
    currency: z.string().nullable(),
    annual_home: z.number().nullable(),
    fx_rate: z.number().nullable(),
    fx_source: z.string().nullable(),
    start_rule: z.string().nullable(),
    end_rule: z.string().nullable(),
    value_rule: z.string().nullable(),
    service_end_rule: z.string().nullable(),
  }),
});
export type AccountContract = Awaited<ReturnType<typeof contracts>>[number];

/** Every contract of an account, the newest first. Throws AppError `not_found` for what is no account of the portal. */
export async function getContracts(
  ctx: WebContext,
  portalId: PortalId,
  rawId: unknown,
): Promise<{ accountId: string; today: string; currency: string | null; rows: AccountContract[] }> {
  const [answer, current] = await Promise.all([getCard(ctx, portalId, rawId), ctx.current.of(portalId)]);
  if (!answer.ok || current === null)
    throw new AppError('not_found', answer.ok ? 'Nothing is published yet.' : answer.error.message);
  const { account, asOf } = answer.card;
  const rows = await ctx.snapshots.read(portalId, current.snapshot.name, (db) =>
    contracts(db, { account_id: account.id }),
  );
  return { accountId: account.id, today: asOf.today, currency: current.portal.currency, rows };
}
