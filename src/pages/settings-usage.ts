import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { getFrame } from '../core/portals/frame.ts';
import { endUsageToken, makeUsageToken, NewToken, usageTokens } from '../core/usage/tokens.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { postForm, signedInPage, type PageExchange } from './layout.ts';
import { settingsTabs } from './settings.ts';
import { textIn, type Text } from './text/text.ts';
import { day, time } from './time.ts';

type Token = Awaited<ReturnType<typeof usageTokens>>[number];

const COLUMNS = ['name', 'made', 'used', 'actions'] as const;

interface Refusal {
  status: number;
  message?: string;
  /** beside the name, with what was typed */
  error?: string;
  typed?: string;
}

/** The tokens of programs that send usage, and how such a program sends it. */
export function showUsage(exchange: PageExchange): Promise<Reply> {
  return usagePage(exchange, { status: 200 });
}

async function usagePage(exchange: PageExchange, refusal: Refusal): Promise<Reply> {
  const { web, me, language } = exchange;
  const [frame, tokens] = await Promise.all([getFrame(web, me.actor.portal), usageTokens(web, me.actor)]);
  const text = textIn(language, frame.portal.timeZone);
  const title = text.t('usage.title');
  const body = html`${settingsTabs(exchange, text, 'usage')}
    <header class="hero">
      <h1>${title}</h1>
      <p class="lead">${text.t('usage.lead')}</p>
    </header>
    ${refusal.message !== undefined && html`<p class="notice" data-tone="ill" role="alert">${refusal.message}</p>`}
    <div class="columns">
      <div class="column-main">${tokensCard(exchange, text, tokens)} ${howCard(exchange, text)}</div>
      <div class="column-side">${newTokenCard(exchange, text, refusal)}</div>
    </div>`;
  return {
    kind: 'page',
    status: refusal.status,
    html: signedInPage(exchange, text, frame, { title, body, current: 'settings' }),
  };
}

function tokensCard(exchange: PageExchange, text: Text, tokens: readonly Token[]): Html {
  return html`<section class="card" aria-labelledby="tokens">
    <h2 id="tokens">${text.t('usage.tokens')}</h2>
    ${
      tokens.length === 0
        ? html`<p class="empty">${text.t('usage.none')}</p>`
        : html`<table class="stacks" role="table" aria-labelledby="tokens">
            <thead role="rowgroup">
              <tr role="row">
                ${COLUMNS.map((column) => html`<th role="columnheader" scope="col">${text.t(`usage.${column}`)}</th>`)}
              </tr>
            </thead>
            <tbody role="rowgroup">
              ${tokens.map((token) => tokenRow(exchange, text, token))}
            </tbody>
          </table>`
    }
  </section>`;
}

function tokenRow(exchange: PageExchange, text: Text, token: Token): Html {
  const author = text.find(`actor.${token.authorName}`, token.authorName);
  return html`<tr role="row">
    <td role="cell" class="company"><span class="company-name">${token.name}</span></td>
    <td role="cell" data-label="${text.t('usage.made')}">
      ${day(text, token.createdAt)} <span class="domain">${author}</span>
    </td>
    <td role="cell" data-label="${text.t('usage.used')}">
      ${token.usedAt === null ? text.t('usage.never') : time(text, token.usedAt, exchange.web.clock.now())}
    </td>
    <td role="cell" class="wide" data-label="${text.t('usage.actions')}">
      ${postForm(
        exchange,
        '/settings/usage/revoke',
        'inline',
        html`<input type="hidden" name="tokenId" value="${token.id}" />
          <button
            class="button danger small"
            type="submit"
            aria-label="${text.t('usage.revokeFor', { name: token.name })}"
          >
            ${text.t('usage.revoke')}
          </button>`,
      )}
    </td>
  </tr>`;
}

function newTokenCard(exchange: PageExchange, text: Text, { error, typed }: Refusal): Html {
  const inner = html`<div class="field">
      <label for="name"
        >${text.t('usage.program')} <span class="fine">${text.t('form.required')}</span></label
      >
      <input
        id="name"
        name="name"
        type="text"
        value="${typed ?? ''}"
        maxlength="80"
        autocomplete="off"
        required
        ${error !== undefined && html` aria-invalid="true" aria-describedby="name-error"`}
      />
      ${error !== undefined && html`<p class="field-error" id="name-error">${error}</p>`}
    </div>
    <button class="button" type="submit">${text.t('usage.make')}</button>`;
  return html`<section class="card" aria-labelledby="new-token">
    <h2 id="new-token">${text.t('usage.new')}</h2>
    ${postForm(exchange, '/settings/usage', 'stack', inner)}
  </section>`;
}

function howCard({ web }: PageExchange, text: Text): Html {
  const body = JSON.stringify(
    {
      key: 'usage-2026-01-31',
      rows: [{ account: '7301', day: '2026-01-31', feature: 'export', count: 12, active_users: 3 }],
    },
    null,
    2,
  );
  return html`<section class="card" aria-labelledby="how">
    <h2 id="how">${text.t('usage.how')}</h2>
    <p>${text.t('usage.howText')}</p>
    <pre
      class="command"
      tabindex="0"
      role="region"
      aria-labelledby="how"
    ><code>curl ${web.settings.publicUrl}/api/usage \\
  -H "Authorization: Bearer us_…" -H "Content-Type: application/json" \\
  -d '${body}'</code></pre>
    <p>${text.t('usage.howKey')}</p>
    <p>${text.t('usage.howUnknown')}</p>
    <p class="fine">${text.t('usage.limits')}</p>
  </section>`;
}

/** Makes a token and shows it, once. */
export async function submitToken(exchange: PageExchange): Promise<Reply> {
  const { web, me, form } = exchange;
  const typed = form.get('name') ?? '';
  const checked = NewToken.safeParse({ name: typed });
  if (!checked.success)
    return usagePage(exchange, {
      status: 400,
      error: z.flattenError(checked.error).fieldErrors.name?.[0] ?? '',
      typed,
    });
  return showToken(exchange, checked.data.name, await makeUsageToken(web, me.actor, checked.data));
}

// The token is in this one answer and nowhere else: only its hash is stored.
async function showToken(exchange: PageExchange, name: string, token: string): Promise<Reply> {
  const { web, me, language } = exchange;
  const frame = await getFrame(web, me.actor.portal);
  const text = textIn(language, frame.portal.timeZone);
  const title = text.t('usage.tokenFor', { name });
  const body = html`<section class="card narrow">
    <h1>${title}</h1>
    <p class="lead">${text.t('usage.shownOnce')}</p>
    <div class="copy" data-copy="${text.t('link.copied')}">
      <label class="field field-wide">
        <span>${text.t('usage.token')}</span>
        <input type="text" readonly value="${token}" data-copy-from />
      </label>
      <button class="button" type="button" data-copy-button hidden>${text.t('link.copy')}</button>
      <span class="unseen" role="status" data-copy-status></span>
    </div>
    <p class="actions"><a class="button quiet" href="/settings/usage">${text.t('usage.backTo')}</a></p>
  </section>`;
  return { kind: 'page', html: signedInPage(exchange, text, frame, { title, body, current: 'settings' }) };
}

/** Ends a token at once. */
export async function submitRevocation(exchange: PageExchange): Promise<Reply> {
  const { web, me, form } = exchange;
  try {
    await endUsageToken(web, me.actor, { tokenId: form.get('tokenId') });
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
    return usagePage(exchange, { status: 404, message: error.message });
  }
  return { kind: 'redirect', to: '/settings/usage' };
}
