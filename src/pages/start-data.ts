import type { OverviewData } from '../core/portals/overview.ts';
import { STANDARD_TYPES } from '../core/sync/object-types.ts';
import { html, type Html } from '../http/html.ts';
import { companyList } from './companies.ts';
import { typeName } from './progress.ts';
import { safeModeBanner } from './start-banners.ts';
import { freshnessPanel, healthPanel, healthRows, healthSentence, syncStrip } from './start-status.ts';
import type { Start } from './start.ts';
import { time } from './time.ts';

type Counts = OverviewData['counts'];

export function dataTitle({ text }: Start, data: OverviewData): string {
  const companies = liveOf(data, 'companies');
  const imported = liveOf(data, 'import_accounts');
  if (companies > 0) return text.t('start.title', { companies });
  return imported > 0 ? text.t('start.titleImported', { accounts: imported }) : text.t('start.titleEmpty');
}

/** What there is to see: how much of what, the companies, how fresh it is and whether all is well. */
export function dataSection(start: Start, data: OverviewData): Html {
  return html`${syncStrip(start)}
    <header class="hero">
      <h1>${dataTitle(start, data)}</h1>
      <p class="lead">${lead(start, data)}</p>
    </header>
    ${attention(start)}
    <div class="columns">
      <div class="column-main">
        ${accountTiles(start, data)} ${countTiles(start, data.counts)} ${companyList(start, data)}
      </div>
      <div class="column-side">${freshnessPanel(start)} ${healthPanel(start)} ${safeModeBanner(start)}</div>
    </div>`;
}

// On a phone the panels come after the list; what is wrong must not wait there.
function attention(start: Start): Html | null {
  const ill = healthRows(start).filter(
    (row) => row.state === 'ill' || (row.state === 'waiting' && row.code === 'hubspot_said'),
  );
  if (ill.length === 0) return null;
  const { text } = start;
  return html`<ul
    class="notice attention"
    data-tone="${ill.some((row) => row.state === 'ill') ? 'ill' : 'waiting'}"
  >
    ${ill.map((row) => html`<li><strong>${text.t(`health.${row.part}`)}:</strong> ${healthSentence(text, row)}</li>`)}
  </ul>`;
}

function lead({ exchange, text, overview }: Start, data: OverviewData): Html {
  if (liveOf(data, 'companies') + liveOf(data, 'import_accounts') === 0)
    return html`${text.t('start.leadEmpty')}`;
  const others = data.counts.reduce(
    (sum, type) => sum + (['companies', 'import_accounts'].includes(type.object_type) ? 0 : type.live),
    0,
  );
  const { syncedAt } = overview.sync;
  const age =
    syncedAt === null
      ? null
      : html` ${text.t('sync.readAgo')} ${time(text, syncedAt, exchange.web.clock.now())}.`;
  return html`${text.t('start.lead', { others })}${age}`;
}

/** What there is to see today, each with its way into the list. */
function accountTiles({ text }: Start, { accounts }: OverviewData): Html | null {
  if (accounts === null || accounts.accounts === 0) return null;
  const tile = (count: number, query: string, words: string, tone: 'ill' | 'waiting' | null): Html =>
    html`<li>
      <a class="tile" href="/accounts${query}">
        <span class="tile-number digits" data-tone="${count > 0 && tone}">${text.number(count)}</span>
        <span class="tile-name">${words}</span>
      </a>
    </li>`;
  return html`<section aria-labelledby="accounts">
    <h2 id="accounts">${text.t('start.accounts')}</h2>
    <ul class="tiles">
      ${tile(accounts.past_due, '?band.past_due=1', text.t('start.pastDue', { count: accounts.past_due }), 'ill')}
      ${tile(accounts.within_30, '?band.within_30=1', text.t('start.within30', { count: accounts.within_30 }), 'ill')}
      ${tile(accounts.within_90, '?band.within_90=1', text.t('start.within90', { count: accounts.within_90 }), 'waiting')}
      ${tile(accounts.risk, '?health.risk=1', text.t('start.risk', { count: accounts.risk }), 'ill')}
      ${tile(accounts.accounts, '', text.t('start.all', { count: accounts.accounts }), null)}
    </ul>
  </section>`;
}

function countTiles({ text }: Start, counts: Counts): Html | null {
  const shown = inOrder(
    counts.filter(
      (type) => !['companies', 'import_accounts'].includes(type.object_type) && type.live + type.archived > 0,
    ),
  );
  if (shown.length === 0) return null;
  return html`<section aria-labelledby="counts">
    <h2 id="counts">${text.t('start.counts')}</h2>
    <ul class="tiles">
      ${shown.map(
        (type) =>
          html`<li class="tile">
            <span class="tile-number digits">${text.number(type.live)}</span>
            <span class="tile-name">${typeName(text, type.object_type, type.label)}</span>
            ${type.archived > 0 && html`<span class="tile-note">${text.t('start.archived', { count: type.archived })}</span>`}
          </li>`,
      )}
    </ul>
  </section>`;
}

function inOrder(counts: Counts): Counts {
  const names: readonly string[] = STANDARD_TYPES;
  const place = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.length);
  return counts.toSorted((a, b) => place(a.object_type) - place(b.object_type));
}

function liveOf({ counts }: OverviewData, objectType: string): number {
  return counts.find((type) => type.object_type === objectType)?.live ?? 0;
}
