import { html, type Html } from '../http/html.ts';
import type { Start } from './start.ts';

/** On the demo portal: that nothing here is real, and how to read one's own. */
export function demoBanner({ text, overview }: Start): Html | null {
  if (overview.portal.mode !== 'demo') return null;
  return html`<aside class="banner" data-tone="demo" aria-label="${text.t('portal.demo')}">
    <p><strong>${text.t('demo.title')}</strong> ${text.t('demo.text')}</p>
    <details>
      <summary>${text.t('demo.how')}</summary>
      <ol>
        <li>${text.t('demo.step1')}</li>
        <li>${text.t('demo.step2')} <code>HUBSPOT_ACCESS_TOKEN=…</code></li>
        <li>${text.t('demo.step3')}</li>
      </ol>
    </details>
  </aside>`;
}

/** What may leave Holdfast at this moment. */
export function safeModeBanner({ exchange, text, overview }: Start): Html {
  const isAdmin = exchange.me.actor.role === 'admin';
  const { safeMode, held } = overview;
  return html`<aside
    class="banner"
    data-tone="${safeMode ? 'safe' : 'waiting'}"
    aria-label="${text.t(safeMode ? 'safe.on' : 'safe.off')}"
  >
    <p>
      <strong>${text.t(safeMode ? 'safe.on' : 'safe.off')}</strong>
      ${text.t(safeMode ? 'safe.onText' : 'safe.offText')} ${text.t('safe.held', { count: held })}
      ${isAdmin && html`<a href="/activity">${text.t('safe.see')}</a>`}
    </p>
  </aside>`;
}
