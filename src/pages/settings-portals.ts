import { SESSION_MS } from '../core/people/sign-in.ts';
import { getFrame } from '../core/portals/frame.ts';
import { portalsOf, switchPortal, type PortalLine } from '../core/portals/switch-portal.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { postForm, signedInPage, type PageExchange } from './layout.ts';
import { settingsTabs } from './settings.ts';
import { textIn, type Text } from './text/text.ts';
import { time } from './time.ts';

const COLUMNS = ['portal', 'published', 'actions'] as const;

/** The portals of this Holdfast that an admin may look at, and the way there. */
export async function showPortals(exchange: PageExchange): Promise<Reply> {
  const { web, me, language } = exchange;
  const [frame, portals] = await Promise.all([getFrame(web, me.actor.portal), portalsOf(web, me)]);
  const text = textIn(language, frame.portal.timeZone);
  const title = text.t('portals.title');
  const body = html`${settingsTabs(exchange, text, 'portals')}
    <header class="hero">
      <h1>${title}</h1>
      <p class="lead">${text.t('portals.lead')}</p>
    </header>
    <section class="card" aria-labelledby="portals">
      <h2 id="portals">${text.t('portals.list')}</h2>
      <table class="stacks" role="table" aria-labelledby="portals">
        <thead role="rowgroup">
          <tr role="row">
            ${COLUMNS.map((column) => html`<th role="columnheader" scope="col">${text.t(`portals.${column}`)}</th>`)}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${portals.map((portal) => portalRow(exchange, text, portal))}
        </tbody>
      </table>
      ${portals.length === 1 && html`<p class="empty">${text.t('portals.onlyOne')}</p>`}
    </section>
    <section class="card" aria-labelledby="more">
      <h2 id="more">${text.t('portals.more')}</h2>
      <p>${text.t('portals.moreText')}</p>
      <pre
        class="command"
      ><code>npx holdfast import exports --mapping mapping.json --portal last-year</code></pre>
      <p>${text.t('portals.link')}</p>
      <pre class="command"><code>npx holdfast link --portal last-year</code></pre>
    </section>`;
  return { kind: 'page', html: signedInPage(exchange, text, frame, { title, body, current: 'settings' }) };
}

function portalRow(exchange: PageExchange, text: Text, portal: PortalLine): Html {
  const name = nameOf(text, portal);
  return html`<tr role="row">
    <td role="cell" class="company">
      <span class="company-name">${name}</span>
      ${portal.way === 'here' && html`<span class="badge">${text.t('portals.here')}</span>`}
      <span class="domain">${portal.id}</span>
    </td>
    <td role="cell" data-label="${text.t('portals.published')}">
      ${portal.publishedAt === null ? text.t('portals.never') : time(text, portal.publishedAt, exchange.web.clock.now())}
    </td>
    <td role="cell" class="wide" data-label="${text.t('portals.actions')}">
      ${portal.way === 'here' ? text.t('portals.nothing') : switchForm(exchange, text, portal, name)}
    </td>
  </tr>`;
}

function switchForm(exchange: PageExchange, text: Text, { id, way }: PortalLine, name: string): Html {
  const words = text.t(way === 'back' ? 'portals.back' : 'portals.open');
  return postForm(
    exchange,
    '/settings/portals/switch',
    'inline',
    html`<input type="hidden" name="portal" value="${id}" />
      <button class="button quiet small" type="submit" aria-label="${words}: ${name}">${words}</button>`,
  );
}

function nameOf(text: Text, { mode, id, hubspotPortalId }: PortalLine): string {
  if (mode === 'demo') return text.t('portal.demo');
  if (mode === 'import') return text.t('portal.imported', { name: id });
  return hubspotPortalId === null
    ? text.t('portal.unknown')
    : text.t('portal.known', { id: hubspotPortalId });
}

/** Ends this session and opens one in the chosen portal. */
export async function submitSwitch({ web, me, form }: PageExchange): Promise<Reply> {
  const session = await switchPortal(web, me, { portal: form.get('portal') });
  return {
    kind: 'redirect',
    to: '/',
    cookies: [{ name: 'session', value: session, maxAgeSeconds: SESSION_MS / 1000 }],
  };
}
