import { hubspotUrl } from '../core/accounts/hubspot-url.ts';
import {
  COMPANY_SORTS,
  type CompanyListInput,
  type CompanyRow,
  type OverviewData,
} from '../core/portals/overview.ts';
import { html, type Html } from '../http/html.ts';
import { pager } from './pager.ts';
import { whyAddress } from './records.ts';
import type { Start } from './start.ts';
import { day } from './time.ts';

type Sort = CompanyListInput['sort'];

const COLUMNS = ['name', 'owner', 'stage', 'updated'] as const satisfies readonly Sort[];

/** The companies: found by words, ordered, page by page; each state of it has its address. */
export function companyList(start: Start, data: OverviewData): Html | null {
  const { text } = start;
  const { input, total } = data;
  if (total === 0 && input.q === '') return null;
  return html`<section class="card companies" id="companies" aria-labelledby="companies-title">
    <div class="companies-head">
      <h2 id="companies-title">${text.t('companies.title')}</h2>
      <p class="fine">${text.t('companies.found', { total, words: input.q })}</p>
    </div>
    ${searchForm(start, input)} ${total === 0 ? nothingFound(start, input) : companyTable(start, data)}
    ${pager(text, { page: input.page, pages: data.pages }, (page) => listAddress({ ...input, page }))}
  </section>`;
}

function searchForm({ text }: Start, { q, sort }: CompanyListInput): Html {
  return html`<form class="search" method="get" action="/#companies" role="search">
    <label class="field field-wide"
      ><span>${text.t('companies.search')}</span><input type="search" name="q" value="${q}" maxlength="100"
    /></label>
    <label class="field"
      ><span>${text.t('companies.sort')}</span>
      <select name="sort">
        ${COMPANY_SORTS.map((one) => html`<option value="${one}" ${one === sort && html` selected`}>${text.t(`companies.sort.${one}`)}</option>`)}
      </select>
    </label>
    <button class="button quiet" type="submit">${text.t('companies.show')}</button>
  </form>`;
}

function nothingFound({ text }: Start, { q }: CompanyListInput): Html {
  return html`<div class="empty">
    <p>${text.t('companies.notFound', { words: q })}</p>
    <p><a href="/#companies">${text.t('companies.clear')}</a></p>
  </div>`;
}

// Where a phone stacks the cells, CSS takes the table's meaning away; the roles keep it.
function companyTable(start: Start, data: OverviewData): Html {
  return html`<table class="stacks" role="table" aria-labelledby="companies-title">
    <thead role="rowgroup">
      <tr role="row">
        ${COLUMNS.map((column) => columnHead(start, data.input, column))}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${data.companies.map((company) => companyRow(start, company))}
    </tbody>
  </table>`;
}

function columnHead({ text }: Start, input: CompanyListInput, column: Sort): Html {
  const isSorted = input.sort === column;
  const direction = column === 'updated' ? 'descending' : 'ascending';
  return html`<th role="columnheader" scope="col" ${isSorted && html` aria-sort="${direction}"`}>
    <a href="${listAddress({ ...input, sort: column, page: 1 })}">${text.t(`companies.${column}`)}</a>
  </th>`;
}

function companyRow(start: Start, company: CompanyRow): Html {
  const { text } = start;
  const none = text.t('companies.none');
  const stage = company.lifecycle_stage;
  return html`<tr role="row">
    <td role="cell" class="company">
      ${companyName(start, company)}
      ${company.domain !== null && html`<span class="domain">${company.domain}</span>`}
    </td>
    <td role="cell" data-label="${text.t('companies.owner')}">${company.owner ?? none}</td>
    <td role="cell" data-label="${text.t('companies.stage')}">
      ${stage === null ? none : text.find(`stage.${stage}`, stage)}
    </td>
    <td role="cell" data-label="${text.t('companies.updated')}" class="digits">
      ${company.updated_at === null ? none : day(text, company.updated_at)}
    </td>
  </tr>`;
}

function companyName({ text, overview }: Start, { company_id: id, name }: CompanyRow): Html {
  const address = hubspotUrl(overview.portal, 'companies', id);
  return html`<a class="company-name" href="${whyAddress(id)}"
      >${name ?? html`<span class="nameless">${text.t('companies.noName')}</span>`}</a
    >
    ${
      address !== null &&
      html`<a class="elsewhere" href="${address}" rel="noreferrer"
        ><span class="unseen">${name ?? id}</span> ${text.t('companies.inHubSpot')}</a
      >`
    }`;
}

function listAddress({ q, sort, page }: CompanyListInput): string {
  const query = new URLSearchParams();
  if (q !== '') query.set('q', q);
  if (sort !== 'name') query.set('sort', sort);
  if (page > 1) query.set('page', String(page));
  const text = query.toString();
  return `/${text === '' ? '' : `?${text}`}#companies`;
}
