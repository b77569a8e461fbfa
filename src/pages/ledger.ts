import { getFrame } from '../core/portals/frame.ts';
import { getLedger, type Ledger, type LedgerRow } from '../core/portals/ledger-view.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { signedInPage, type PageExchange } from './layout.ts';
import { typeName } from './progress.ts';
import { newTabNote, recordLink } from './records.ts';
import { textIn, type Text } from './text/text.ts';
import { duration, time } from './time.ts';

const TONES = {
  complete: 'well',
  settling: 'waiting',
  linking: 'waiting',
  unlinked: 'ill',
  differs: 'ill',
  unknown: 'waiting',
  refused: 'waiting',
} satisfies Record<LedgerRow['state'], string>;
const COUNTS = ['type', 'state', 'hubspot', 'here', 'bin', 'merged', 'purged', 'counted', 'swept'] as const;
const READINGS = ['what', 'total', 'landed', 'versions', 'requests', 'retries', 'took', 'when'] as const;

/** Whether all that HubSpot has is here: each type counted on both sides, what was read, and every record in which they differ. */
export async function showLedger(exchange: PageExchange): Promise<Reply> {
  const { web, me, language } = exchange;
  const { portal } = me.actor;
  const [frame, ledger] = await Promise.all([getFrame(web, portal), getLedger(web, portal)]);
  const text = textIn(language, frame.portal.timeZone);
  const now = web.clock.now();
  const title = text.t('ledger.title');
  const body = html`<header class="hero">
      <h1>${title}</h1>
      <p class="lead">${text.t('ledger.lead')}</p>
    </header>
    ${
      ledger === null
        ? emptyCard(text, frame.portal.mode === 'import' ? 'imported' : 'before')
        : html`${verdictCard(text, ledger, now)} ${differencesCard(text, ledger)}
          ${countsCard(text, ledger, now)} ${readingsCard(text, ledger, now)}`
    }`;
  return { kind: 'page', html: signedInPage(exchange, text, frame, { title, body, current: 'start' }) };
}

function emptyCard(text: Text, why: 'imported' | 'before'): Html {
  return html`<section class="card" aria-labelledby="ledger-empty">
    <h2 id="ledger-empty">${text.t(`ledger.${why}Title`)}</h2>
    <p class="empty">${text.t(`ledger.${why}`)}</p>
  </section>`;
}

function badge(text: Text, state: LedgerRow['state']): Html {
  return html`<span class="badge" data-tone="${TONES[state]}">${text.t(`ledger.state.${state}`)}</span>`;
}

function verdictCard(text: Text, ledger: Ledger, now: Date): Html {
  const types = ledger.rows.filter((row) => row.state === ledger.state).length;
  const { result } = ledger;
  const isUnfinished = result?.state !== 'complete';
  return html`<section class="card" aria-labelledby="verdict">
    <div class="companies-head">
      <h2 id="verdict">${text.t('ledger.verdict')}</h2>
      ${badge(text, ledger.state)}
    </div>
    <p>
      ${isUnfinished && ledger.state === 'unknown' ? text.t('ledger.unfinished') : text.t(`ledger.says.${ledger.state}`, { records: ledger.reconciled, types })}
    </p>
    ${isUnfinished && endingOf(text, result)}
    ${saidBesides(ledger).map((sentence) => html`<p>${sentence}</p>`)}
    ${
      result !== null &&
      html`<p class="fine">
        ${text.t('ledger.lastRun')} ${time(text, new Date(result.finishedAt), now)}.
        ${text.t('ledger.cost', {
          requests: result.requests,
          retries: result.retries,
          seconds: duration(new Date(result.finishedAt).getTime() - new Date(result.startedAt).getTime()),
        })}
      </p>`
    }
  </section>`;
}

// What stands beside a kind is not said above all of them once more.
function saidBesides({ rows, result }: Ledger): string[] {
  const beside = new Set(rows.flatMap((row) => row.linksRefused.map(({ reason }) => reason)));
  const all = [...(result?.refused ?? []), ...(result?.associations.skipped ?? [])];
  return [...new Set(all)].filter((sentence) => !beside.has(sentence));
}

function endingOf(text: Text, result: Ledger['result']): Html | null {
  if (result === null) return null;
  const { sentence, resumesAt } = result;
  return html`${sentence !== null && html`<p>${sentence}</p>`}
  ${resumesAt !== null && html`<p>${text.t('failed.resumes', { at: text.dateTime(new Date(resumesAt)) })}</p>`}`;
}

function countsCard(text: Text, ledger: Ledger, now: Date): Html {
  const isNumber = (column: (typeof COUNTS)[number]): boolean =>
    ['hubspot', 'here', 'bin', 'merged', 'purged'].includes(column);
  return html`<section class="card" aria-labelledby="counts">
    <h2 id="counts">${text.t('ledger.counts')}</h2>
    <p class="fine">${text.t('ledger.countsNote')}</p>
    <table class="stacks" role="table" aria-labelledby="counts">
      <thead role="rowgroup">
        <tr role="row">
          ${COUNTS.map((column) => html`<th role="columnheader" scope="col" ${isNumber(column) && html` class="amount"`}>${text.t(`ledger.${column}`)}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${ledger.rows.map((row) => countsRow(text, row, now))}
      </tbody>
    </table>
  </section>`;
}

function countsRow(text: Text, row: LedgerRow, now: Date): Html {
  const number = (column: 'hubspot' | 'here' | 'bin' | 'merged' | 'purged', value: number | null): Html =>
    html`<td role="cell" class="digits amount" data-label="${text.t(`ledger.${column}`)}">
      ${value === null ? '–' : text.number(value)}
    </td>`;
  const moment = (column: 'counted' | 'swept', at: string | null): Html =>
    html`<td role="cell" data-label="${text.t(`ledger.${column}`)}">
      ${at === null ? '–' : time(text, new Date(at), now)}
    </td>`;
  return html`<tr role="row">
    <td role="cell" class="account"><strong>${typeName(text, row.objectType, row.label)}</strong></td>
    <td role="cell" data-label="${text.t('ledger.state')}">
      ${badge(text, row.state)}${meaningsOf(text, row).map((meaning) => html`<span class="meaning">${meaning}</span>`)}
    </td>
    ${number('hubspot', row.hubspotTotal)} ${number('here', row.live)} ${number('bin', row.archived)}
    ${number('merged', row.merged)} ${number('purged', row.purged)} ${moment('counted', row.checkedAt)}
    ${moment('swept', row.sweptAt)}
  </tr>`;
}

function meaningsOf(text: Text, { reason, linksDue, linksSkipped, linksRefused }: LedgerRow): string[] {
  if (reason !== null) return [reason];
  const pending = linksSkipped.filter((type) => !linksRefused.some(({ toType }) => toType === type));
  const types = pending.map((type) => typeName(text, type, null)).join(', ');
  return [
    ...(linksDue === 0 ? [] : [text.t('ledger.linksDue', { count: linksDue })]),
    ...(types === '' ? [] : [text.t('ledger.linksSkipped', { types })]),
    ...linksRefused.map(({ toType, reason: refusal }) =>
      text.t('ledger.linksRefused', { type: typeName(text, toType, null), refusal }),
    ),
  ];
}

function differencesCard(text: Text, ledger: Ledger): Html | null {
  const differing = ledger.rows.filter((row) => row.differences.length > 0 || row.state === 'differs');
  if (differing.length === 0) return null;
  return html`<section class="card" aria-labelledby="differences">
    <h2 id="differences">${text.t('ledger.differences')}</h2>
    <p class="fine">${text.t('ledger.differencesNote')}</p>
    ${differing.map(
      (row) =>
        html`<h3>${typeName(text, row.objectType, row.label)}</h3>
          ${
            row.differences.length === 0
              ? html`<p>${text.t('ledger.unnamed', { count: row.differing })}</p>`
              : html`<ul>
                  ${row.differences.map(
                    ({ id, kind, hubspotUrl }) =>
                      html`<li>
                        ${recordLink(text, { type: row.objectType, id, hubspotUrl })}:
                        ${text.t(`ledger.kind.${kind}`)}
                      </li>`,
                  )}
                </ul>`
          }`,
    )}
    ${ledger.isCut && html`<p class="fine">${text.t('ledger.cut')}</p>`}
    ${newTabNote(
      text,
      differing.flatMap((row) => row.differences),
    )}
  </section>`;
}

function readingsCard(text: Text, ledger: Ledger, now: Date): Html {
  const read = ledger.rows.filter((row) => row.windows.length > 0);
  return html`<section class="card" aria-labelledby="readings">
    <h2 id="readings">${text.t('ledger.readings')}</h2>
    <p class="fine">${text.t('ledger.readingsNote')}</p>
    ${read.map(
      (row) =>
        html`<details>
          <summary>
            ${typeName(text, row.objectType, row.label)}
            <span class="fine"
              >${text.t('ledger.readingsOf', {
                readings: row.windows.length,
                requests: row.windows.reduce((sum, window) => sum + window.requests, 0),
              })}</span
            >
          </summary>
          ${readingsTable(text, row, now)}
        </details>`,
    )}
  </section>`;
}

function readingsTable(text: Text, row: LedgerRow, now: Date): Html {
  const numbers = ['total', 'landed', 'versions', 'requests', 'retries'] as const;
  const isNumber = (column: string): boolean => numbers.some((one) => one === column);
  return html`<table
    class="stacks"
    role="table"
    aria-label="${text.t('ledger.readingsTable', { type: typeName(text, row.objectType, row.label) })}"
  >
    <thead role="rowgroup">
      <tr role="row">
        ${READINGS.map((column) => html`<th role="columnheader" scope="col" ${isNumber(column) && html` class="amount"`}>${text.t(`ledger.${column}`)}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${row.windows.map(
        (window) =>
          html`<tr role="row">
            <td role="cell" class="account">${whatWasRead(text, window)}</td>
            ${numbers.map((column) => html`<td role="cell" class="digits amount" data-label="${text.t(`ledger.${column}`)}">${window[column] === null ? '–' : text.number(window[column])}</td>`)}
            <td role="cell" class="digits" data-label="${text.t('ledger.took')}">
              ${duration(window.seconds * 1000)}
            </td>
            <td role="cell" data-label="${text.t('ledger.when')}">
              ${window.finishedAt === null ? text.t('ledger.cutOff') : time(text, new Date(window.finishedAt), now)}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function whatWasRead(text: Text, { pass, toType, from }: LedgerRow['windows'][number]): string {
  if (toType !== null) return text.t('ledger.linksTo', { type: typeName(text, toType, null) });
  if (from !== null) return text.t('ledger.changesSince', { from: text.dateTime(new Date(from)) });
  return text.t(`ledger.pass.${pass}`);
}
