import { getCard } from '../core/accounts/card.ts';
import type { CardAnswer } from '../core/accounts/card-document.ts';
import { hubspotUrl } from '../core/accounts/hubspot-url.ts';
import { getFrame } from '../core/portals/frame.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { factTiles } from './account-facts.ts';
import { healthCard } from './account-health.ts';
import { contractsCard, timelineCard } from './account-history.ts';
import { peopleCard, surveysCard, ticketsCard } from './account-people.ts';
import { accountNotice } from './account-notice.ts';
import type { Portrait } from './account-portrait.ts';
import { accountAddress } from './account-table.ts';
import { badge, readable } from './account-words.ts';
import { signedInPage, type PageExchange } from './layout.ts';
import { newTabNote, whyAddress } from './records.ts';
import { textIn, type Text } from './text/text.ts';
import { dayOf } from './time.ts';

type Refusal = Extract<CardAnswer, { ok: false }>;

/** Everything that is known of one account, on a page that prints on a sheet or two. */
export async function showAccountPage(exchange: PageExchange): Promise<Reply> {
  const { web, me, params, language } = exchange;
  const [frame, answer] = await Promise.all([
    getFrame(web, me.actor.portal),
    getCard(web, me.actor.portal, params['id']),
  ]);
  const text = textIn(language, frame.portal.timeZone);
  if (!answer.ok) {
    const title = text.t('accountPage.noneTitle');
    const body = refusalBody(text, title, answer);
    return {
      kind: 'page',
      status: 404,
      html: signedInPage(exchange, text, frame, { title, body, current: 'accounts' }),
    };
  }
  const portrait: Portrait = { text, card: answer.card, portal: frame.portal };
  const title = nameOf(portrait);
  const body = html`<article class="portrait">
    ${heading(portrait)} ${accountNotice(portrait)} ${factTiles(portrait)}
    <div class="columns">
      <div class="column-main">${healthCard(portrait)} ${contractsCard(portrait)}</div>
      <div class="column-side">
        ${surveysCard(portrait)} ${ticketsCard(portrait)} ${peopleCard(portrait)} ${timelineCard(portrait)}
      </div>
    </div>
    ${newTabNote(text, [{ hubspotUrl: recordOf(portrait) }])}
  </article>`;
  return { kind: 'page', html: signedInPage(exchange, text, frame, { title, body, current: 'accounts' }) };
}

/** What is said of an id that is no account here. It names nothing that was asked for: one of another portal reads the same. */
function refusalBody(text: Text, title: string, { error, more }: Refusal): Html {
  return html`<section class="card" aria-labelledby="none">
    <h1 id="none">${title}</h1>
    <p>${error.message}</p>
    ${error.code === 'not_an_account' && more !== null && html`<p><a href="${more}">${text.t('accountPage.why')}</a></p>`}
    <form class="search" method="get" action="/accounts" role="search">
      <label class="field field-wide"
        ><span>${text.t('accounts.search')}</span
        ><input
          type="search"
          name="q"
          maxlength="100"
          placeholder="${text.t('accounts.searchHint')}"
          autocomplete="off"
          spellcheck="false"
      /></label>
      <button class="button" type="submit">${text.t('accounts.show')}</button>
    </form>
  </section>`;
}

function nameOf({ text, card }: Portrait): string {
  return card.account.name ?? text.t('why.nameless', { id: card.account.id });
}

function recordOf({ portal, card }: Portrait): string | null {
  return hubspotUrl(portal, 'companies', card.account.id);
}

function heading(portrait: Portrait): Html {
  const { text, card } = portrait;
  const { account, asOf } = card;
  const to = accountAddress(account.id);
  const record = recordOf(portrait);
  const isUneasy = account.status === 'lapsed' || account.status === 'uncovered';
  const tone = account.status === 'customer' ? 'well' : isUneasy ? 'waiting' : null;
  const notRecorded = text.t('accountPage.notRecorded');
  // Why a former customer left stands in the notice.
  const reason = account.status === 'former' ? null : account.churnReason;
  const facts = [
    [
      text.t('accounts.field.owner'),
      account.owner === null ? text.t('accounts.none.owner') : (account.owner.name ?? account.owner.id),
    ],
    [text.t('accounts.field.plan'), account.plan ?? notRecorded],
    [text.t('accounts.field.segment'), account.segment ?? notRecorded],
    [text.t('accountPage.churnReason'), reason === null ? null : readable(reason)],
  ].filter(([, value]) => value !== null);
  return html`<header class="hero">
    <p class="eyebrow"><a href="/accounts">${text.t('accounts.title')}</a></p>
    <h1>${nameOf(portrait)}</h1>
    <p class="portrait-line">
      ${badge(text.t(`accounts.status.${account.status}`), tone)}
      ${facts.map(([name, value]) => html`<span class="portrait-fact"><span class="soft">${name}</span> ${value}</span>`)}
    </p>
    <ul class="portrait-links">
      ${
        record !== null &&
        html`<li>
          <a href="${record}" target="_blank" rel="noopener noreferrer"
            ><span class="number">${text.t('accountPage.record')}</span
            ><span class="unseen">, ${text.t('record.newTab')}</span></a
          >
        </li>`
      }
      <li><a href="${to}/preview">${text.t('accountPage.preview')}</a></li>
      <li><a href="${whyAddress(account.id)}">${text.t('accountPage.why')}</a></li>
      <li><a href="${to}/contracts.csv">${text.t('accountPage.csv')}</a></li>
    </ul>
    <p class="fine">
      ${text.t('accounts.asOf', { day: text.calendarDay(dayOf(asOf.today)), known: text.dateTime(new Date(asOf.knownAt)) })}
    </p>
  </header>`;
}
