import { z } from 'zod';
import { defineQuery } from '../../warehouse/query.ts';
import type { PortalId } from '../actor.ts';
import type { WebContext } from '../web-context.ts';
import { CardAnswer } from './card-document.ts';
import { recordsBase } from './hubspot-url.ts';

const END = Buffer.from('}');
const AccountId = z.string().regex(/^[\w:.-]{1,100}$/);

const listed = defineQuery({
  file: 'reads/account_verdict.sql',
  params: z.object({ company_id: z.string() }),
  row: z.object({ company_id: z.string() }),
});

type Refused = Extract<CardAnswer, { ok: false }>;

/**
 * What the card shows of a company, as a `CardAnswer` in JSON, in pieces that follow each other: the finished document of the published snapshot, with where to go from
 * it. What can be expected (no sync yet, no account, no such company) is an answer as well, with a sentence. A company of another portal is
 * answered as one that does not exist.
 */
export async function readCard(
  ctx: WebContext,
  portalId: PortalId,
  rawId: unknown,
): Promise<readonly Buffer[]> {
  const id = AccountId.safeParse(rawId).data;
  const current = await ctx.current.of(portalId);
  if (current === null) return cardNotReady(ctx);
  if (id === undefined) return unknownCompany();
  const { portal, snapshot } = current;
  const document = await ctx.snapshots.card(portalId, snapshot.name, id);
  if (document === null) return noAccount(ctx, portalId, snapshot.name, id);
  const { publicUrl } = ctx.settings;
  const links: Extract<CardAnswer, { ok: true }>['links'] = {
    records: recordsBase(portal),
    account: `${publicUrl}/accounts/${encodeURIComponent(id)}`,
    why: `${publicUrl}/why?company=${encodeURIComponent(id)}`,
  };
  const data: Extract<CardAnswer, { ok: true }>['data'] = {
    publishedAt: snapshot.publishedAt.toISOString(),
    isDemo: portal.mode === 'demo',
  };
  // The document is text that was finished when it was published: it is put in as it is.
  const head = `{"ok":true,"links":${JSON.stringify(links)},"data":${JSON.stringify(data)},"card":`;
  return [Buffer.from(head), document, END];
}

/** What happens now and when to look again, for whoever opens a card before the first sync is through. */
export function cardNotReady({ settings }: Pick<WebContext, 'settings'>): readonly Buffer[] {
  return refusal(
    'not_ready',
    'Holdfast is about to read this portal for the first time, or is reading it now. Look again in some minutes: the card is here when the first sync is through.',
    settings.publicUrl,
  );
}

/** The same as an object, for pages. */
export async function getCard(ctx: WebContext, portalId: PortalId, rawId: unknown): Promise<CardAnswer> {
  return CardAnswer.parse(JSON.parse(Buffer.concat(await readCard(ctx, portalId, rawId)).toString()));
}

async function noAccount(
  ctx: WebContext,
  portal: PortalId,
  snapshot: string,
  id: string,
): Promise<readonly Buffer[]> {
  const found = await ctx.snapshots.read(portal, snapshot, (db) => listed(db, { company_id: id }));
  if (found.length === 0) return unknownCompany();
  return refusal(
    'not_an_account',
    'This company is not counted as an account: it has no contract, and nobody calls it a customer.',
    `${ctx.settings.publicUrl}/why?company=${encodeURIComponent(id)}`,
  );
}

function unknownCompany(): readonly Buffer[] {
  return refusal(
    'not_found',
    'This company is not in the last sync. If it is new, come back after the next one.',
    null,
  );
}

function refusal(code: string, message: string, more: string | null): readonly Buffer[] {
  const refused: Refused = { ok: false, error: { code, message }, more };
  return [Buffer.from(JSON.stringify(refused))];
}
