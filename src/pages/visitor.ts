import type { Reply } from '../http/exchange.ts';
import { html } from '../http/html.ts';
import { plainPage } from './layout.ts';
import { textIn } from './text/text.ts';

/** What somebody without a session sees: how to get in. */
export function visitorPage(language: string): Reply {
  const text = textIn(language, null);
  const body = html`<section class="card">
    <h1>${text.t('visitor.title')}</h1>
    <p class="lead">${text.t('visitor.lead')}</p>
    <h2>${text.t('visitor.admin')}</h2>
    <p>${text.t('visitor.adminText')}</p>
    <pre class="command"><code>npx holdfast link</code></pre>
    <h2>${text.t('visitor.other')}</h2>
    <p>${text.t('visitor.otherText')}</p>
    <p class="fine">${text.t('visitor.over')}</p>
  </section>`;
  return { kind: 'page', status: 401, html: plainPage(text, { title: text.t('visitor.title'), body }) };
}
