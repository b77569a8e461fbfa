import { html, type Html } from '../http/html.ts';
import { elapsed, liveAttributes, liveStatus, overallBar, phaseSteps, typeRows } from './progress.ts';
import type { Start } from './start.ts';

const EVERY_MS = 1000;

export function firstSyncTitle({ text, overview, view }: Start): string {
  if (view.state === 'waiting') return text.t('first.titleWaiting');
  return text.t(overview.portal.mode === 'demo' ? 'first.titleDemo' : 'first.title');
}

/** What a person sees while the first sync runs: what is done, how far it is, and what is left out and why. */
export function firstSyncSection(start: Start): Html {
  const { exchange, text, overview, view } = start;
  const live = liveAttributes(text, view, { everyMs: EVERY_MS, onChange: 'reload', watchState: true });
  return html`<section class="card first" ${live}>
    <h1>${firstSyncTitle(start)}</h1>
    ${overallBar(text, view)} ${liveStatus(text, view)}
    <p class="lead">${text.t(overview.portal.mode === 'demo' ? 'first.leadDemo' : 'first.lead')}</p>
    <dl class="facts">
      <div>
        <dt>${text.t('first.elapsed')}</dt>
        <dd>${elapsed(view, exchange.web.clock.now())}</dd>
      </div>
      <div>
        <dt>${text.t('first.records')}</dt>
        <dd class="digits" data-records>${text.number(view.records)}</dd>
      </div>
      <div>
        <dt>${text.t('first.requests')}</dt>
        <dd class="digits" data-requests>${text.number(view.requests)}</dd>
      </div>
    </dl>
    ${phaseSteps(text, view)}
    <h2>${text.t('first.types')}</h2>
    ${typeRows(text, view)}
  </section>`;
}
