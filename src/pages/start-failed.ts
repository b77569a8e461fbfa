import { html, type Html } from '../http/html.ts';
import { liveAttributes, liveStatus } from './progress.ts';
import type { Start } from './start.ts';
import { healthPanel, syncNowForm } from './start-status.ts';

const EVERY_MS = 5000;
const ASKED_EVERY_MS = 1000;

export function failedTitle({ text, overview }: Start): string {
  const { result } = overview.sync;
  if (result === null || result.state === 'complete') return text.t('failed.titleNoData');
  return text.t(result.state === 'stopped' ? 'failed.titleStopped' : 'failed.title');
}

/** Shown when there is nothing to show and nothing runs: what happened and what to do. */
export function failedSection(start: Start): Html {
  const { text, overview, view, asked } = start;
  const { result } = overview.sync;
  const live = liveAttributes(text, view, {
    everyMs: asked ? ASKED_EVERY_MS : EVERY_MS,
    onChange: 'reload',
    watchState: true,
  });
  const isStopped = result?.state === 'stopped';
  const sentence =
    overview.dataProblem ?? result?.sentence ?? text.t('health.sentence', { code: 'data_none' });
  return html`<div class="columns">
    <div class="column-main">
      <section class="card notice-card" data-tone="${isStopped ? 'waiting' : 'ill'}" ${live}>
        <h1>${failedTitle(start)}</h1>
        <h2>${text.t('failed.said')}</h2>
        <p class="lead">${sentence}</p>
        ${overview.dataProblem === null && resumes(start)}
        <h2>${text.t('failed.next')}</h2>
        <p>${nextStep(start)}</p>
        ${asked ? html`<p class="notice" role="status">${text.t('sync.asked')}</p>` : liveStatus(text, view)}
        <div class="actions">
          ${syncNowForm(start, text.t('failed.again')) ?? html`<p>${text.t('failed.askAdmin')}</p>`}
        </div>
        <p class="fine">${text.t('failed.doctor')}</p>
        <pre class="command"><code>npx holdfast doctor</code></pre>
      </section>
    </div>
    <div class="column-side">${healthPanel(start)}</div>
  </div>`;
}

function resumes({ text, overview }: Start): Html | null {
  const at = overview.sync.result?.resumesAt ?? null;
  return at === null ? null : html`<p>${text.t('failed.resumes', { at: text.dateTime(new Date(at)) })}</p>`;
}

function nextStep({ text, overview }: Start): string {
  const { result } = overview.sync;
  if (overview.dataProblem !== null || result === null || result.state === 'complete')
    return text.t('failed.nextNoData');
  return text.t(result.state === 'stopped' ? 'failed.nextStopped' : 'failed.nextToken');
}
