import { z } from 'zod';
import { systemClock } from '../core/clock.ts';
import type { Actor, PortalId } from '../core/actor.ts';
import { endUsageToken, makeUsageToken, usageTokens } from '../core/usage/tokens.ts';
import { loadConfig } from '../config.ts';
import type { Store } from '../store/sql.ts';
import { holdOrCall } from './hold-or-call.ts';
import { withParts } from './offline-parts.ts';
import { portalNamed } from './open-context.ts';
import { openTerminal } from './terminal.ts';

/** What `holdfast token` is asked to do, as it travels to a running product. */
export const TokenAsked = z.discriminatedUnion('action', [
  z.object({ action: z.literal('usage'), portal: z.string().nullable(), name: z.string() }),
  z.object({ action: z.literal('list'), portal: z.string().nullable() }),
  z.object({ action: z.literal('revoke'), portal: z.string().nullable(), tokenId: z.string() }),
]);
export type TokenAsked = z.output<typeof TokenAsked>;

const Listed = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    authorName: z.string(),
    createdAt: z.coerce.string(),
    usedAt: z.coerce.string().nullable(),
  }),
);

export async function carryOutToken(store: Store, portal: PortalId, asked: TokenAsked): Promise<unknown> {
  const ctx = { store, clock: systemClock };
  const actor: Actor = { portal, user: 'command', role: 'admin', via: 'command' };
  switch (asked.action) {
    case 'usage':
      return { token: await makeUsageToken(ctx, actor, { name: asked.name }) };
    case 'list':
      return (await usageTokens(ctx, actor)).map(({ createdAt, usedAt, ...token }) => ({
        ...token,
        createdAt: createdAt.toISOString(),
        usedAt: usedAt?.toISOString() ?? null,
      }));
    case 'revoke':
      await endUsageToken(ctx, actor, { tokenId: asked.tokenId });
      return null;
  }
}

/** `holdfast token usage`: a token with which a program sends usage to POST /api/usage; shown once. */
export async function makeTokenCommand(options: {
  name: string;
  portal?: string;
  json?: boolean;
}): Promise<void> {
  const outcome = await ask({ action: 'usage', portal: options.portal ?? null, name: options.name });
  const { token } = z.object({ token: z.string() }).parse(outcome);
  const terminal = openTerminal({ quiet: true });
  if (options.json === true) terminal.json({ token });
  else
    terminal.say(
      `This token is shown only now; Holdfast keeps no more than its hash. Send it as Authorization: Bearer\n${token}`,
    );
}

/** `holdfast token list`: the tokens that let a program in. */
export async function listTokensCommand(options: { portal?: string; json?: boolean }): Promise<void> {
  const tokens = Listed.parse(await ask({ action: 'list', portal: options.portal ?? null }));
  const terminal = openTerminal({ quiet: true });
  if (options.json === true) terminal.json(tokens);
  else if (tokens.length === 0)
    terminal.say('There is no token. Make one: holdfast token usage --name <program>');
  else
    for (const { id, name, authorName, createdAt, usedAt } of tokens)
      terminal.say(
        `${id}  ${name}, made ${createdAt.slice(0, 10)} by ${authorName}, ${usedAt === null ? 'never used' : `last used ${usedAt.slice(0, 16).replace('T', ' ')} UTC`}`,
      );
}

/** `holdfast token revoke <id>`: ends a token at once. */
export async function revokeTokenCommand(tokenId: string, options: { portal?: string }): Promise<void> {
  await ask({ action: 'revoke', portal: options.portal ?? null, tokenId });
  openTerminal({ quiet: true }).say('The token is revoked; whoever holds it is refused from now on.');
}

async function ask(asked: TokenAsked): Promise<unknown> {
  const config = loadConfig();
  return holdOrCall(config.dataDir, { name: 'token', args: asked }, () =>
    withParts(config, { startDemo: false }, async ({ store, portal }) =>
      carryOutToken(store, await portalNamed(store, asked.portal ?? portal), asked),
    ),
  );
}
