import { getProblems, type ProblemList, type ProblemRow } from '../core/accounts/problems.ts';
import { getFrame } from '../core/portals/frame.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { signedInPage, type PageExchange } from './layout.ts';
import { pager } from './pager.ts';
import { newTabNote, recordLink, whyAddress } from './records.ts';
import { textIn, type Text } from './text/text.ts';

type Kind = ProblemList['input']['kind'];
type Row = ProblemList['rows'][number];

const COLUMNS = ['account', 'wrong', 'evidence', 'value', 'record'] as const;

/** What in HubSpot contradicts itself or keeps a number from being known, for a person to work off. */
export async function showProblems(exchange: PageExchange): Promise<Reply> {
  const { web, me, query, language } = exchange;
  const [frame, list] = await Promise.all([
    getFrame(web, me.actor.portal),
    getProblems(web, me.actor.portal, Object.fromEntries(query)),
  ]);
  const text = textIn(language, frame.portal.timeZone);
  const title = text.t('problems.title');
  const body = html`<header class="hero">
      <h1>${title}</h1>
      <p class="lead">${text.t('problems.lead')}</p>
    </header>
    ${list === null ? emptyCard(text, 'before') : list.kinds.length === 0 ? emptyCard(text, 'none') : listCard(text, list)}
    <p class="fine">${text.t('problems.lookUp')} <a href="/why">${text.t('problems.lookUpLink')}</a></p>`;
  return { kind: 'page', html: signedInPage(exchange, text, frame, { title, body, current: 'problems' }) };
}

function emptyCard(text: Text, why: 'before' | 'none'): Html {
  return html`<section class="card" aria-labelledby="problems-title">
    <h2 id="problems-title">${text.t(`problems.${why}Title`)}</h2>
    <p class="empty">${text.t(`problems.${why}`)}</p>
  </section>`;
}

function listCard(text: Text, list: ProblemList): Html {
  const { kind, page } = list.input;
  return html`<section class="card" id="problems" aria-labelledby="problems-title">
    <div class="companies-head">
      <h2 id="problems-title">${kind === '' ? text.t('problems.all') : text.t(`problems.kind.${kind}`)}</h2>
      <p class="fine">${totals(text, list)}</p>
    </div>
    ${filterForm(text, list)}
    ${kind !== '' && html`<p class="notice">${text.t(`problems.means.${kind}`)} ${text.t(`problems.todo.${kind}`)}</p>`}
    ${
      list.rows.length === 0
        ? html`<p class="empty">
            ${text.t('problems.noneOfKind')} <a href="/problems">${text.t('problems.showAll')}</a>
          </p>`
        : html`${problemTable(text, list)} ${newTabNote(text, list.rows)}`
    }
    ${pager(text, { page, pages: list.pages }, (to) => address(kind, to))}
  </section>`;
}

function totals(text: Text, { total, homeMrr, input, currency }: ProblemList): string {
  const found = text.t('problems.found', { total });
  // Kinds overlap: only within one kind is no value counted twice.
  return input.kind === '' || homeMrr === null
    ? found
    : text.t('problems.foundWorth', { found, value: text.money(homeMrr, currency) });
}

function filterForm(text: Text, { kinds, input }: ProblemList): Html {
  const all = kinds.reduce((sum, one) => sum + one.findings, 0);
  const option = (value: Kind, words: string, findings: number): Html =>
    html`<option value="${value}" ${value === input.kind && html` selected`}>
      ${text.t('problems.option', { words, findings })}
    </option>`;
  return html`<form class="search" method="get" action="/problems">
    <label class="field field-wide"
      ><span>${text.t('problems.filter')}</span>
      <select name="kind">
        ${option('', text.t('problems.all'), all)}
        ${kinds.map((one) => option(one.problem, text.t(`problems.kind.${one.problem}`), one.findings))}
      </select>
    </label>
    <button class="button quiet" type="submit">${text.t('problems.show')}</button>
  </form>`;
}

function problemTable(text: Text, list: ProblemList): Html {
  // Under a filter what is wrong stands once, above the table.
  const columns = COLUMNS.filter((column) => column !== 'wrong' || list.input.kind === '');
  return html`<table class="stacks problems" role="table" aria-labelledby="problems-title">
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map((column) => html`<th role="columnheader" scope="col" ${column === 'value' && html` class="amount"`}>${text.t(`problems.${column}`)}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${list.rows.map((row) => problemRow(text, row, list))}
    </tbody>
  </table>`;
}

function problemRow(text: Text, row: Row, { currency, input }: ProblemList): Html {
  const label = (column: (typeof COLUMNS)[number]): string => text.t(`problems.${column}`);
  return html`<tr role="row">
    <td role="cell" class="account">${accountLink(text, row)}</td>
    ${input.kind === '' && html`<td role="cell" class="wide" data-label="${label('wrong')}">${wrong(text, row)}</td>`}
    <td role="cell" class="wide" data-label="${label('evidence')}">${row.evidence}</td>
    <td role="cell" class="digits amount" data-label="${label('value')}">
      ${row.home_mrr === null ? text.t('problems.noValue') : text.money(row.home_mrr, currency)}
    </td>
    <td role="cell" class="record" data-label="${label('record')}">
      ${recordLink(text, { type: row.record_type, id: row.record_id, hubspotUrl: row.hubspotUrl })}
    </td>
  </tr>`;
}

function accountLink(text: Text, { account_id: id, account }: ProblemRow): Html {
  if (id === null) return html`<span class="nameless">${text.t('problems.noAccount')}</span>`;
  return html`<a class="company-name" href="${whyAddress(id)}"
    >${account ?? html`<span class="nameless">${text.t('companies.noName')}</span>`}</a
  >`;
}

function wrong(text: Text, { problem }: ProblemRow): Html {
  return html`<strong>${text.t(`problems.kind.${problem}`)}</strong>
    <span class="meaning"
      >${text.t(`problems.means.${problem}`)} ${text.t(`problems.todo.${problem}`)}</span
    >`;
}

function address(kind: Kind, page: number): string {
  const query = new URLSearchParams();
  if (kind !== '') query.set('kind', kind);
  if (page > 1) query.set('page', String(page));
  const text = query.toString();
  return `/problems${text === '' ? '' : `?${text}`}#problems`;
}
