import type { SignedIn } from '../core/people/sign-in.ts';
import type { Frame } from '../core/portals/frame.ts';
import type { WebContext } from '../core/web-context.ts';
import type { Exchange } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { asset } from './asset.ts';
import type { Text } from './text/text.ts';
import { demoClock } from './demo-clock.ts';
import { time } from './time.ts';

export type PageName =
  'start' | 'accounts' | 'churn' | 'problems' | 'why' | 'people' | 'activity' | 'settings' | 'account';

/** What a page is given. */
export type PageExchange = Exchange<WebContext, SignedIn>;

export interface PlainPage {
  title: string;
  body: Html;
  /** Without scripts the page asks again after some seconds, at this address. */
  refresh?: { seconds: number; to: string };
  /** stylesheets and scripts that this page alone needs */
  head?: Html;
}

/** A page for somebody who is not signed in: the logo and one thing to do. */
export function plainPage(text: Text, page: PlainPage): Html {
  const top = html`<header class="top">
    <div class="top-inner">
      <a class="brand" href="/">${logo()}<span>${text.t('app.name')}</span></a>
    </div>
  </header>`;
  return documentOf(
    text,
    page,
    html`${top}
      <main id="content" class="narrow" tabindex="-1">${page.body}</main>`,
  );
}

/** A page for somebody who is: header, what the page shows, footer. */
export function signedInPage(
  exchange: PageExchange,
  text: Text,
  frame: Frame,
  page: PlainPage & { current: PageName },
): Html {
  const body = html`${header(exchange, text, frame, page.current)} ${demoClock(text, frame)}
    <main id="content" tabindex="-1">${page.body}</main>
    ${footer(exchange, text, frame)}`;
  return documentOf(text, page, body, exchange.web.clock.now());
}

/** How the portal is called on pages. */
export function portalName(text: Text, { portal }: Frame): string {
  if (portal.mode === 'demo') return text.t('portal.demo');
  if (portal.mode === 'import') return text.t('portal.imported', { name: portal.id });
  if (portal.hubspotPortalId === null) return text.t('portal.unknown');
  return text.t('portal.known', { id: portal.hubspotPortalId });
}

/** A form that changes something: it carries its session's token. */
export function postForm(exchange: PageExchange, action: string, className: string, inner: Html): Html {
  return html`<form method="post" action="${action}" class="${className}">
    <input type="hidden" name="csrf" value="${exchange.me.csrfToken}" />${inner}
  </form>`;
}

function documentOf(text: Text, page: PlainPage, body: Html, now?: Date): Html {
  const { refresh } = page;
  return html`<html
    lang="${text.language}"
    ${now === undefined ? null : html` data-now="${now.toISOString()}"`}
  >
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${page.title} · ${text.t('app.name')}</title>
      <link rel="icon" type="image/svg+xml" href="${asset('logo.svg')}" />
      <link rel="stylesheet" href="${asset('holdfast.css')}" />
      ${refresh !== undefined && html`<noscript><meta http-equiv="refresh" content="${refresh.seconds};url=${refresh.to}" /></noscript>`}
      <script type="module" src="${asset('holdfast.js')}"></script>
      ${page.head}
    </head>
    <body>
      <a class="skip" href="#content">${text.t('app.skip')}</a>
      ${body}
    </body>
  </html>`;
}

function header(exchange: PageExchange, text: Text, frame: Frame, current: PageName): Html {
  const link = (name: PageName, to: string, words: string): Html =>
    html`<li><a href="${to}" ${name === current && html` aria-current="page"`}>${words}</a></li>`;
  const isAdmin = exchange.me.actor.role === 'admin';
  return html`<header class="top">
    <div class="top-inner">
      <a class="brand" href="/">${logo()}<span>${text.t('app.name')}</span></a>
      <span class="portal">${portalName(text, frame)}</span>
      <nav class="nav" aria-label="${text.t('nav.label')}">
        <ul>
          ${link('start', '/', text.t('nav.start'))} ${link('accounts', '/accounts', text.t('nav.accounts'))}
          ${exchange.me.actor.role !== 'manager' && link('churn', '/churn', text.t('nav.churn'))}
          ${link('problems', '/problems', text.t('nav.problems'))}
          ${isAdmin && link('people', '/people', text.t('nav.people'))}
          ${isAdmin && link('activity', '/activity', text.t('nav.activity'))}
          ${exchange.me.actor.role !== 'manager' && link('settings', '/settings/mapping', text.t('nav.settings'))}
        </ul>
      </nav>
      <a class="whoami" href="/account" ${current === 'account' && html` aria-current="page"`}>
        <span class="unseen">${text.t('nav.account')}:</span>
        <span class="whoami-name">${exchange.me.name}</span>
        <span class="whoami-role">${text.t(`role.${exchange.me.actor.role}`)}</span>
      </a>
    </div>
  </header>`;
}

function footer(exchange: PageExchange, text: Text, { sync }: Frame): Html {
  const readAt = sync.syncedAt ?? sync.publishedAt;
  return html`<footer class="bottom">
    <div class="bottom-inner">
      <span>${text.t('footer.version', { version: exchange.web.settings.version })}</span>
      <span>
        ${readAt === null ? text.t('footer.noData') : html`${text.t('footer.read')} ${time(text, readAt, exchange.web.clock.now())}`}
      </span>
      <span>${text.t('footer.zone', { zone: text.timeZone })}</span>
      <span class="bottom-links"
        ><a href="/healthz">${text.t('footer.live')}</a> <a href="/readyz">${text.t('footer.ready')}</a></span
      >
    </div>
  </footer>`;
}

// Beside its name the picture says nothing more.
function logo(): Html {
  return html`<img src="${asset('logo.svg')}" alt="" width="28" height="28" />`;
}
