import { z } from 'zod';
import { appendAudit } from '../../store/audit.ts';
import { listPeople } from '../../store/people.ts';
import type { Store } from '../../store/sql.ts';
import {
  addUsageToken,
  findUsageToken,
  listUsageTokens,
  revokeUsageToken,
  touchUsageToken,
  type UsageToken,
} from '../../store/usage-tokens.ts';
import type { Actor, PortalId } from '../actor.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { hashToken, looksLikeToken, newToken } from '../people/tokens.ts';

export interface UsageContext {
  store: Store;
  clock: Clock;
}

/** A program that sends usage of one portal. */
export interface Sender {
  portal: PortalId;
  tokenId: string;
}

export const NewToken = z.object({
  name: z
    .string({ error: 'Say which program it is for.' })
    .trim()
    .min(1, 'Say which program it is for.')
    .max(80, 'Give a name of at most 80 characters.'),
});
const TokenId = z.object({ tokenId: z.uuid('This token is not known.') });

/** A token's last use is written at most this often. */
const TOUCH_MS = 60_000;

/** Makes a token with which a program may send usage of the actor's portal; it is shown once and only its hash is kept. */
export async function makeUsageToken(ctx: UsageContext, actor: Actor, raw: unknown): Promise<string> {
  requireAdmin(actor);
  const { name } = NewToken.parse(raw);
  const at = ctx.clock.now();
  const token = newToken('us');
  await ctx.store.tx(async (sql) => {
    const id = await addUsageToken(
      sql,
      actor.portal,
      { tokenHash: hashToken(token), name, createdBy: actor.user },
      at,
    );
    await appendAudit(sql, actor, at, { action: 'usage_token.make', subject: id });
  });
  return token;
}

/** The portal's tokens with who made them, for its admin. */
export async function usageTokens(
  ctx: UsageContext,
  actor: Actor,
): Promise<(UsageToken & { authorName: string })[]> {
  requireAdmin(actor);
  const [tokens, people] = await Promise.all([
    listUsageTokens(ctx.store, actor.portal),
    listPeople(ctx.store, actor.portal),
  ]);
  const names = new Map(people.map((person) => [person.id, person.name]));
  return tokens.map((token) => ({ ...token, authorName: names.get(token.createdBy) ?? token.createdBy }));
}

/** Ends a token at once. Throws AppError `not_found` when the portal has none with that id. */
export async function endUsageToken(ctx: UsageContext, actor: Actor, raw: unknown): Promise<void> {
  requireAdmin(actor);
  const { tokenId } = TokenId.parse(raw);
  const at = ctx.clock.now();
  await ctx.store.tx(async (sql) => {
    if (!(await revokeUsageToken(sql, actor.portal, tokenId, at)))
      throw new AppError('not_found', 'This token is not known, or it has been revoked already.');
    await appendAudit(sql, actor, at, { action: 'usage_token.revoke', subject: tokenId });
  });
}

/** Whose token this is; null for a guess and for one that was revoked. */
export async function identifySender(ctx: UsageContext, token: string): Promise<Sender | null> {
  if (!token.startsWith('us_') || !looksLikeToken(token)) return null;
  const found = await findUsageToken(ctx.store, hashToken(token));
  if (found === null) return null;
  const at = ctx.clock.now();
  if (found.usedAt === null || at.getTime() - found.usedAt.getTime() > TOUCH_MS)
    await touchUsageToken(ctx.store, found.portal, found.id, at);
  return { portal: found.portal, tokenId: found.id };
}

function requireAdmin(actor: Actor): void {
  if (actor.role !== 'admin') throw new AppError('forbidden', 'Only an admin may do this.');
}
