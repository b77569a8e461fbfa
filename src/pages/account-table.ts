import type { AccountList, AccountRow } from '../core/accounts/account-list.ts';
import { ACCOUNT_SORTS, FIRST_WAY, type AccountSort } from '../core/accounts/account-list-input.ts';
import { html, type Html } from '../http/html.ts';
import { accountsAddress } from './account-filters.ts';
import { changeOf, daysLeftBadge, healthBadge, statusBadge, tenure } from './account-words.ts';
import { nothing } from './nothing.ts';
import type { Text } from './text/text.ts';
import { dayOf } from './time.ts';

const DAY_MS = 86_400_000;
const NUMBERS: ReadonlySet<AccountSort> = new Set(['value', 'change', 'tickets', 'nps']);

/** Where the page of one account stands. */
export function accountAddress(id: string): string {
  return `/accounts/${encodeURIComponent(id)}`;
}

// Where a phone stacks the cells, CSS takes the table's meaning away; the roles keep it.
export function accountTable(text: Text, list: AccountList): Html {
  return html`<table class="stacks account-rows" role="table" aria-labelledby="accounts-title">
    <thead role="rowgroup">
      <tr role="row">
        ${ACCOUNT_SORTS.map((column) => columnHead(text, list, column))}
        <th role="columnheader" scope="col" class="links">${text.t('accounts.column.links')}</th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${list.rows.map((row) => accountRow(text, row, list))}
    </tbody>
  </table>`;
}

function columnHead(text: Text, { input }: AccountList, column: AccountSort): Html {
  const isSorted = input.sort === column;
  const next = !isSorted ? FIRST_WAY[column] : input.way === 'up' ? 'down' : 'up';
  const order = input.way === 'up' ? 'ascending' : 'descending';
  return html`<th
    role="columnheader"
    scope="col"
    class="of-${column}${NUMBERS.has(column) && ' amount'}"
    ${isSorted && html` aria-sort="${order}"`}
  >
    <a href="${accountsAddress({ ...input, sort: column, way: next, page: 1 })}"
      >${text.t(`accounts.column.${column}`)}</a
    >
  </th>`;
}

function accountRow(text: Text, row: AccountRow, { currency, today }: AccountList): Html {
  const cell = (column: AccountSort, className: string, inner: Html | string): Html =>
    html`<td
      role="cell"
      class="of-${column} ${className}"
      data-label="${text.t(`accounts.column.${column}`)}"
    >
      ${inner}
    </td>`;
  return html`<tr role="row">
    <td role="cell" class="account">${accountCell(text, row)}</td>
    ${cell('owner', '', row.owner ?? nothing(text, text.t('accounts.none.owner')))}
    ${cell('value', 'digits amount', valueOf(text, row, currency))}
    ${cell('tenure', 'digits', row.since === null || row.tenure_days === null ? nothing(text) : tenure(text, row.since, today, 'short'))}
    ${cell('renewal', 'digits', renewalOf(text, row))} ${cell('health', 'digits', healthOf(text, row))}
    ${cell('change', 'digits amount', changeOf(text, row.change_30, text.t('nothing')))}
    ${cell('contact', 'digits', contactOf(text, row, today))}
    ${cell('tickets', 'digits amount', text.number(row.open_tickets))}
    ${cell('nps', 'digits amount', npsOf(text, row))}
    <td role="cell" class="links">${linksOf(text, row)}</td>
  </tr>`;
}

function accountCell(text: Text, row: AccountRow): Html {
  const { account_id: id, name } = row;
  return html`<a class="company-name row-link" href="${accountAddress(id)}" title="${name}"
      >${name ?? html`<span class="nameless">${text.t('companies.noName')}</span>`}</a
    >
    ${statusBadge(text, row.status)} ${row.domain !== null && html`<span class="domain">${row.domain}</span>`}`;
}

function linksOf(text: Text, { account_id: id, name, hubspotUrl }: AccountRow): Html {
  return html`<a href="${accountAddress(id)}/preview"
      >${text.t('accounts.preview')}<span class="unseen"> ${name ?? id}</span></a
    >
    ${
      hubspotUrl !== null &&
      html`<a href="${hubspotUrl}" target="_blank" rel="noopener noreferrer"
        ><span class="number">${text.t('accounts.hubspot')}</span
        ><span class="unseen"> ${name ?? id}, ${text.t('record.newTab')}</span></a
      >`
    }`;
}

function valueOf(text: Text, row: AccountRow, currency: string | null): Html {
  const value = row.annual === null ? nothing(text) : html`${text.wholeMoney(row.annual, currency)}`;
  return html`${value}${row.is_rateless && html`<span class="under">${text.t('accounts.partRateless')}</span>`}`;
}

function renewalOf(text: Text, row: AccountRow): Html {
  const { renewal_date: renewal, days_left: daysLeft, band } = row;
  if (renewal === null || daysLeft === null || band === null)
    return row.churned_on === null
      ? nothing(text)
      : html`<span class="soft">${text.t('accounts.left', { day: text.calendarDay(row.churned_on) })}</span>`;
  const countsTo = row.notice_deadline === null ? 'renewal' : 'notice';
  return html`${text.calendarDay(renewal)}
    <span class="under">${daysLeftBadge(text, { daysLeft, countsTo, band }, 'short')}</span>`;
}

function healthOf(text: Text, row: AccountRow): Html {
  if (row.health === null || row.health_band === null)
    return row.coverage === null
      ? nothing(text, text.t('accounts.none.health'))
      : html`<span class="soft">${text.t('accounts.none.health')}</span>
          <span class="under"
            >${text.t('accounts.coverage', { share: text.percent(row.coverage / 100) })}</span
          >`;
  return html`<strong class="score">${row.health}</strong> ${healthBadge(text, row.health_band)}
    <span class="under"
      >${text.t('accounts.coverage', { share: text.percent((row.coverage ?? 0) / 100) })}</span
    >`;
}

function contactOf(text: Text, { last_contact_on: day }: AccountRow, today: string): Html {
  if (day === null) return nothing(text);
  const days = Math.round((dayOf(today).getTime() - day.getTime()) / DAY_MS);
  return html`${text.calendarDay(day)} <span class="under">${text.t('accounts.ago', { days })}</span>`;
}

function npsOf(text: Text, { latest_nps: score, latest_nps_on: day }: AccountRow): Html {
  if (score === null) return nothing(text);
  return html`${text.number(score)}${day !== null && html` <span class="under">${text.calendarDay(day)}</span>`}`;
}
