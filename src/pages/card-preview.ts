import { getCard } from '../core/accounts/card.ts';
import type { CardAnswer } from '../core/accounts/card-document.ts';
import { getFrame, type Frame } from '../core/portals/frame.ts';
import type { CardBundlesState } from '../core/web-context.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { accountAddress } from './account-table.ts';
import { asset } from './asset.ts';
import { signedInPage, type PageExchange, type PlainPage } from './layout.ts';
import { textIn, type Text } from './text/text.ts';

const CARDS = ['sidebar', 'tab'] as const;
type CardName = (typeof CARDS)[number];

const BUILDING_SECONDS = 2;

/** The card of a company outside HubSpot: the very bundle that HubSpot runs, drawn by our own components. */
export async function showCardPreview(exchange: PageExchange): Promise<Reply> {
  const { web, me, params, query, language } = exchange;
  const id = params['id'] ?? '';
  const card: CardName = query.get('card') === 'tab' ? 'tab' : 'sidebar';
  const [frame, answer] = await Promise.all([
    getFrame(web, me.actor.portal),
    getCard(web, me.actor.portal, id),
  ]);
  const text = textIn(language, frame.portal.timeZone);
  const name = nameOf(text, id, answer);
  const bundles = web.cards.state();
  const body = html`${note(text)}
    <header class="hero preview-hero">
      <p class="eyebrow">${text.t('preview.eyebrow')}</p>
      <h1>${name ?? text.t('preview.titleNone')}</h1>
      ${switcher(text, id, card, answer)}
    </header>
    ${bundles.state === 'ready' ? stage(text, frame, id, card) : absent(text, bundles)}`;
  const title = name === null ? text.t('preview.titleNone') : text.t('preview.titleOf', { name });
  const page: PlainPage = { title, body, head: headOf(bundles, card) };
  return {
    kind: 'page',
    status: !answer.ok && answer.error.code === 'not_found' ? 404 : 200,
    html: signedInPage(exchange, text, frame, { ...page, current: 'accounts' }),
  };
}

function nameOf(text: Text, id: string, answer: CardAnswer): string | null {
  return answer.ok ? (answer.card.account.name ?? text.t('preview.nameless', { id })) : null;
}

function headOf(bundles: CardBundlesState, card: CardName): Html {
  const style = html`<link rel="stylesheet" href="${asset('card-preview.css')}" />`;
  switch (bundles.state) {
    // Deferred scripts run in their order: the host makes what the bundle then finds.
    case 'ready':
      return html`${style}
        <script defer src="${bundles.host}"></script>
        <script defer src="${bundles[card]}"></script>`;
    case 'building':
      return html`${style} <meta http-equiv="refresh" content="${BUILDING_SECONDS}" />`;
    case 'missing':
      return style;
  }
}

// First on the page and always in sight: nobody shall take what follows for a picture of HubSpot.
function note(text: Text): Html {
  return html`<aside class="preview-note" aria-label="${text.t('preview.note')}">
    <strong>${text.t('preview.note')}</strong> ${text.t('preview.noteBody')}
  </aside>`;
}

function switcher(text: Text, id: string, card: CardName, answer: CardAnswer): Html {
  const path = `${accountAddress(id)}/preview`;
  return html`<div class="preview-bar">
    <nav class="segments" aria-label="${text.t('preview.which')}">
      <ul>
        ${CARDS.map((one) => html`<li><a href="${path}?card=${one}" ${one === card && html` aria-current="page"`}>${text.t(`preview.${one}`)}</a></li>`)}
      </ul>
    </nav>
    ${answer.ok && html`<a href="${accountAddress(id)}">${text.t('preview.account')}</a>`}
  </div>`;
}

function stage(text: Text, frame: Frame, id: string, card: CardName): Html {
  const title = text.t(`preview.cardTitle.${card}`);
  const settings = {
    location: `crm.record.${card}`,
    title,
    objectId: id,
    portalId: Number(frame.portal.hubspotPortalId ?? 0),
    timeZone: text.timeZone,
    api: '/api/preview/accounts/',
    words: {
      newTab: text.t('preview.newTab'),
      notLoaded: text.t('preview.notLoaded'),
      onlyInHubSpot: text.t('preview.onlyInHubSpot'),
      alerts: text.t('preview.alerts'),
      table: text.t('preview.table'),
    },
  };
  return html`<div class="preview-stage">
    <section class="hs-frame" data-card="${card}" aria-labelledby="card-title">
      <h2 id="card-title">${title}</h2>
      <div class="hs-body" data-card-preview data-settings="${JSON.stringify(settings)}"></div>
      <noscript><p>${text.t('preview.noScript')}</p></noscript>
    </section>
  </div>`;
}

function absent(text: Text, bundles: Exclude<CardBundlesState, { state: 'ready' }>): Html {
  const [title, sentence] =
    bundles.state === 'building'
      ? [text.t('preview.building'), text.t('preview.buildingBody')]
      : [text.t('preview.missing'), bundles.sentence];
  return html`<section
    class="card notice-card"
    data-tone="waiting"
    role="status"
    aria-labelledby="card-absent"
  >
    <h2 id="card-absent">${title}</h2>
    <p class="lead">${sentence}</p>
  </section>`;
}
