import type { Overview, SyncFacts } from '../core/portals/overview.ts';
import { html, type Html } from '../http/html.ts';
import { postForm } from './layout.ts';
import { elapsed, liveAttributes, liveStatus, overallBar, typeName, typeRows } from './progress.ts';
import type { Start } from './start.ts';
import type { Text } from './text/text.ts';
import { duration, time } from './time.ts';

type HealthRow = Overview['health'][number];
type Result = NonNullable<SyncFacts['result']>;

const EVERY_MS = 1000;
/** Nobody can set a sync to run less often than once a day. */
const STALE_MS = 25 * 3_600_000;

/** While a sync runs over data that are there already: a line with its progress, and the details behind a click. */
export function syncStrip(start: Start): Html | null {
  const { exchange, text, view, overview, asked } = start;
  // While the demo portal lives, each of its weeks is a sync; the line above every page tells of them.
  if ((view.state !== 'running' && !asked) || overview.demo?.isLiving === true) return null;
  const onChange = asked ? 'reload' : 'offer';
  const live = liveAttributes(text, view, { everyMs: EVERY_MS, onChange, watchState: false });
  const title = view.state === 'running' ? text.t('sync.running') : text.t('sync.asked');
  return html`<section class="strip" aria-label="${text.t('sync.running')}" ${live}>
    <p class="strip-title">
      <strong data-strip-title data-running="${text.t('sync.running')}">${title}</strong>
      ${elapsed(view, exchange.web.clock.now())}
    </p>
    ${overallBar(text, view)} ${liveStatus(text, view)}
    <p data-offer hidden><a class="button" href="/">${text.t('sync.show')}</a></p>
    <details>
      <summary>${text.t('sync.details')}</summary>
      ${typeRows(text, view)}
    </details>
  </section>`;
}

function readWords({ overview: { portal, sync } }: Start) {
  if (portal.mode === 'import') return 'sync.importedAgo';
  return sync.syncedAt === null ? 'sync.publishedAgo' : 'sync.readAgo';
}

/** How old the data are, how the last sync ended and what it left out. */
export function freshnessPanel(start: Start): Html {
  const { exchange, text, overview } = start;
  const { syncedAt, publishedAt, result } = overview.sync;
  const now = exchange.web.clock.now();
  const readAt = syncedAt ?? publishedAt;
  const isStale =
    overview.portal.mode !== 'import' && readAt !== null && now.getTime() - readAt.getTime() > STALE_MS;
  return html`<section class="card" aria-labelledby="freshness">
    <h2 id="freshness">${text.t('sync.title')}</h2>
    ${readAt !== null && html`<p class="age">${text.t(readWords(start))} ${time(text, readAt, now)}</p>`}
    ${isStale && html`<p class="notice" data-tone="waiting">${text.t('sync.stale')}</p>`}
    ${overview.portal.mode === 'import' && html`<p class="fine">${text.t('sync.imported')}</p>`}
    ${result !== null && lastResult(text, result)}
    ${result !== null && exchange.me.actor.role !== 'manager' && html`<p class="fine"><a href="/sync">${text.t('ledger.open')}</a></p>`}
    ${syncNowForm(start, text.t('sync.now'))}
  </section>`;
}

function lastResult(text: Text, result: Result): Html {
  const took = new Date(result.finishedAt).getTime() - new Date(result.startedAt).getTime();
  const changed = result.types.reduce((sum, type) => sum + type.changed, result.associations.changed);
  const compared = result.types.reduce((sum, type) => sum + type.compared, 0);
  const leftOut = result.types.filter((type) => type.state === 'skipped');
  return html`${resultSentence(text, result)}
    <p class="fine">
      ${text.t('sync.cost', { compared, changed, requests: result.requests, seconds: duration(took) })}
    </p>
    ${result.associations.failed > 0 && html`<p class="fine">${text.t('sync.linksFailed', { count: result.associations.failed })}</p>`}
    ${
      leftOut.length > 0 &&
      html`<details class="left-out" open>
        <summary>${text.t('sync.skipped', { count: leftOut.length })}</summary>
        <dl>
          ${leftOut.map(
            (type) =>
              html`<dt>${typeName(text, type.objectType, type.label)}</dt>
                <dd>${type.reason}</dd>`,
          )}
        </dl>
      </details>`
    }`;
}

function resultSentence(text: Text, { state, sentence, resumesAt }: Result): Html {
  if (state === 'complete') return html`<p>${text.t('sync.complete')}</p>`;
  return html`<div class="notice" data-tone="${state === 'stopped' ? 'waiting' : 'ill'}">
    <p><strong>${text.t(state === 'stopped' ? 'sync.stopped' : 'sync.failed')}</strong> ${sentence}</p>
    ${resumesAt !== null && html`<p>${text.t('failed.resumes', { at: text.dateTime(new Date(resumesAt)) })}</p>`}
  </div>`;
}

/** The button that asks for a sync; null for those who may not. */
export function syncNowForm({ exchange, view, overview, asked }: Start, words: string): Html | null {
  const { role } = exchange.me.actor;
  if (overview.portal.mode === 'import') return null;
  const isBusy = view.state === 'running' || asked || overview.demo?.isLiving === true;
  if ((role !== 'admin' && role !== 'leader') || isBusy) return null;
  return postForm(
    exchange,
    '/sync',
    'sync-now',
    html`<button class="button" type="submit">${words}</button>`,
  );
}

/** The health of the parts, as far as the store knows it and as this page found it. */
export function healthRows({ overview }: Start): HealthRow[] {
  return overview.health.map((row): HealthRow =>
    row.part === 'data' && overview.dataProblem !== null
      ? { part: 'data', state: 'ill', code: 'data_said', sentence: overview.dataProblem }
      : row,
  );
}

/** Each part of the product, whether it is well, and in a sentence why not. */
export function healthPanel(start: Start): Html {
  const { text } = start;
  return html`<section class="card" aria-labelledby="health">
    <h2 id="health">${text.t('health.title')}</h2>
    <ul class="health">
      ${healthRows(start).map(
        (row) =>
          html`<li data-tone="${row.state}">
            <span class="health-part">${text.t(`health.${row.part}`)}</span>
            <span class="badge" data-tone="${row.state}">${text.t(`health.${row.state}`)}</span>
            <p>${healthSentence(text, row)}</p>
          </li>`,
      )}
    </ul>
  </section>`;
}

/** What a person should know of a part, in the page's language. */
export function healthSentence(text: Text, row: HealthRow): string {
  if (row.code === 'hubspot_said' || row.code === 'data_said' || row.code === 'warehouse_said')
    return row.sentence;
  if (row.code === 'clock_skewed') return text.t('health.clockSkewed', { seconds: row.seconds ?? 0 });
  if (row.code === 'worker_silent') return text.t('health.workerSilent', { seconds: row.seconds ?? 0 });
  return text.t('health.sentence', { code: row.code });
}
