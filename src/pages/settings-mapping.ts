import { z } from 'zod';
import { parseJson } from '../core/accounts/mapping-file.ts';
import { getMapping, type MappingView } from '../core/accounts/mapping-view.ts';
import { setMapping } from '../core/accounts/set-mapping.ts';
import { AppError } from '../core/errors.ts';
import { getFrame } from '../core/portals/frame.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { postForm, signedInPage, type PageExchange } from './layout.ts';
import { coverageCard, groupsCard, rulesCard, versionsCard } from './settings-mapping-parts.ts';
import { settingsTabs } from './settings.ts';
import { textIn, type Text } from './text/text.ts';

/** What a refused change says, and what was typed. */
interface Refusal {
  status: number;
  sentence: string;
  typed: string;
}

const Version = z.coerce.number().int().min(0).catch(0);

/** How this portal's records become accounts and contracts, what that covers, and the way to change it. */
export function showMapping(exchange: PageExchange): Promise<Reply> {
  return mappingPage(exchange, null);
}

/** Stores a changed mapping; one that cannot be used comes back with what was typed. */
export async function submitMapping(exchange: PageExchange): Promise<Reply> {
  const { web, me, form } = exchange;
  const typed = form.get('document') ?? '';
  try {
    const set = await setMapping(web, me.actor, {
      document: parseJson(typed),
      after: Version.parse(form.get('version')),
    });
    if (set.isNew) await web.enqueueRebuild(me.actor.portal);
    return { kind: 'redirect', to: `/settings/mapping?stored=${set.isNew ? set.version : 'same'}` };
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'invalid' && error.code !== 'conflict')) throw error;
    return mappingPage(exchange, {
      status: error.code === 'invalid' ? 400 : 409,
      sentence: error.message,
      typed,
    });
  }
}

async function mappingPage(exchange: PageExchange, refusal: Refusal | null): Promise<Reply> {
  const { web, me, language, query } = exchange;
  const frame = await getFrame(web, me.actor.portal);
  const view = await getMapping(web, me.actor, frame.portal.mode);
  const text = textIn(language, frame.portal.timeZone);
  const title = text.t('mapping.title');
  const now = web.clock.now();
  const body = html`${settingsTabs(exchange, text, 'mapping')}
    <header class="hero">
      <h1>${title}</h1>
      <p class="lead">${text.t('mapping.lead')}</p>
    </header>
    ${refusal !== null && html`<p class="notice" data-tone="ill" role="alert">${text.t('mapping.refused')} <a href="#edit">${text.t('mapping.toEditor')}</a></p>`}
    ${notices(text, view, query.get('stored'))} ${coverageCard(text, view)} ${groupsCard(text, view)}
    ${rulesCard(text, view)} ${editorCard(exchange, text, view, refusal)} ${versionsCard(text, view, now)}`;
  return {
    kind: 'page',
    status: refusal?.status ?? 200,
    html: signedInPage(exchange, text, frame, { title, body, current: 'settings' }),
  };
}

function notices(text: Text, view: MappingView, stored: string | null): Html {
  const notice = (words: string, tone: 'waiting' | 'ill' | null = null): Html =>
    html`<p class="notice" ${tone !== null && html` data-tone="${tone}"`} role="status">${words}</p>`;
  return html`${stored === 'same' && notice(text.t('mapping.same'))}
  ${view.stored === null && notice(text.t('mapping.none'), 'waiting')}
  ${view.isBehind && notice(text.t('mapping.behind', { version: view.stored?.version ?? 0 }), 'waiting')}
  ${view.file !== null && notice(text.t('mapping.file', { path: view.file.path }))}
  ${view.file?.problem !== null && view.file !== null && notice(text.t('mapping.fileBroken', { sentence: view.file.problem ?? '' }), 'ill')}
  ${view.isImported && notice(text.t('mapping.imported'))}
  ${view.versions[0]?.author === 'proposed' && notice(text.t('mapping.proposed'), 'waiting')}`;
}

function editorCard(exchange: PageExchange, text: Text, view: MappingView, refusal: Refusal | null): Html {
  const mayEdit = exchange.me.actor.role === 'admin' && view.file === null;
  return html`<section class="card" id="edit" aria-labelledby="edit-title">
    <h2 id="edit-title">${text.t('mapping.document')}</h2>
    ${mayEdit ? editor(exchange, text, view, refusal) : readOnly(text, view)}
  </section>`;
}

function editor(exchange: PageExchange, text: Text, view: MappingView, refusal: Refusal | null): Html {
  const described = `document-hint${refusal === null ? '' : ' document-error'}`;
  const inner = html`<input type="hidden" name="version" value="${view.stored?.version ?? 0}" />
    <div class="field">
      <label for="document">${text.t('mapping.json')}</label>
      <p class="fine" id="document-hint">
        ${text.t('mapping.hint')} <code>npx holdfast mapping check mapping.json</code>
      </p>
      ${refusal !== null && refusalList(refusal)}
      <textarea
        id="document"
        name="document"
        class="code"
        rows="24"
        spellcheck="false"
        autocomplete="off"
        autocapitalize="off"
        required
        aria-describedby="${described}"
        ${refusal !== null && html` aria-invalid="true"`}
      >
${refusal?.typed ?? view.text}</textarea>
    </div>
    <div class="actions"><button class="button" type="submit">${text.t('mapping.store')}</button></div>`;
  return postForm(exchange, '/settings/mapping', 'stack', inner);
}

// The first line says that it cannot be used, the others say why, one each.
function refusalList({ sentence }: Refusal): Html {
  const [first = '', ...rest] = sentence.split('\n').map((line) => line.trim());
  return html`<div class="field-error" id="document-error">
    <p>${first}</p>
    ${
      rest.length > 0 &&
      html`<ul>
        ${rest.map((line) => html`<li>${line}</li>`)}
      </ul>`
    }
  </div>`;
}

function readOnly(text: Text, view: MappingView): Html {
  return html`<p class="fine">${text.t(view.file === null ? 'mapping.readOnly' : 'mapping.readOnlyFile')}</p>
    <details>
      <summary>${text.t('mapping.showJson')}</summary>
      <pre
        class="command"
        tabindex="0"
        role="region"
        aria-labelledby="edit-title"
      ><code>${view.text}</code></pre>
    </details>`;
}
