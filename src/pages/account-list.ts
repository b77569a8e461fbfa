import { getAccountList, type AccountList } from '../core/accounts/account-list.ts';
import { accountListQuery, FILTERS } from '../core/accounts/account-list-input.ts';
import { getFrame } from '../core/portals/frame.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { accountsAddress, filterForm, quickFilters, shownFilters } from './account-filters.ts';
import { accountTable } from './account-table.ts';
import { signedInPage, type PageExchange } from './layout.ts';
import { nothing } from './nothing.ts';
import { pager } from './pager.ts';
import { newTabNote } from './records.ts';
import { textIn, type Text } from './text/text.ts';
import { dayOf } from './time.ts';

/** The accounts: found by words, filtered, ordered, page by page; each state of it has its address, and its CSV. */
export async function showAccounts(exchange: PageExchange): Promise<Reply> {
  const { web, me, query, language } = exchange;
  const [frame, answer] = await Promise.all([
    getFrame(web, me.actor.portal),
    getAccountList(web, me.actor.portal, Object.fromEntries(query)),
  ]);
  const text = textIn(language, frame.portal.timeZone);
  const title = text.t('accounts.title');
  const body =
    answer.state === 'listed'
      ? html`<header class="hero beside">
            <h1>${title}</h1>
            <p class="fine">
              ${text.t('accounts.asOf', { day: text.calendarDay(dayOf(answer.list.today)), known: text.dateTime(answer.list.knownAt) })}
            </p>
          </header>
          ${listCard(text, answer.list)}`
      : html`<header class="hero"><h1>${title}</h1></header>
          <section class="card" aria-labelledby="accounts-title">
            <h2 id="accounts-title">${text.t(`accounts.${answer.state}Title`)}</h2>
            <p class="empty">
              ${text.t(`accounts.${answer.state}`)} <a href="/">${text.t('accounts.toStart')}</a>
            </p>
          </section>`;
  return { kind: 'page', html: signedInPage(exchange, text, frame, { title, body, current: 'accounts' }) };
}

function listCard(text: Text, list: AccountList): Html {
  const { input, rows, totals, pages } = list;
  return html`<section class="card accounts" id="accounts" aria-labelledby="accounts-title">
    <h2 id="accounts-title" class="unseen">${text.t('accounts.list')}</h2>
    ${filterForm(text, list)} ${quickFilters(text, list)} ${shownFilters(text, list)} ${totalsOf(text, list)}
    ${
      totals.accounts === 0
        ? nothingFound(text)
        : html`<div class="accounts-scroll">${accountTable(text, list)}</div>
            <p class="fine">${text.t('accounts.healthNote', { version: list.healthVersion })}</p>
            ${newTabNote(text, rows)}`
    }
    ${pager(text, { page: input.page, pages }, (page) => accountsAddress({ ...input, page }))}
  </section>`;
}

function totalsOf(text: Text, list: AccountList): Html {
  const { totals, currency, input } = list;
  const fact = (name: string, value: Html | string, note: Html | string | null): Html =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
      ${note !== null && html`<dd class="note">${note}</dd>`}
    </div>`;
  const isFiltered = input.q !== '' || FILTERS.some((field) => input.filters[field].length > 0);
  const without = totals.accounts - totals.withValue;
  return html`<div class="totals">
    <dl class="facts">
      ${fact(text.t('accounts.count'), text.number(totals.accounts), text.t(isFiltered ? 'accounts.ofFilters' : 'accounts.ofAll'))}
      ${fact(
        text.t('accounts.value'),
        totals.annual === null ? nothing(text) : text.wholeMoney(totals.annual, currency),
        text.t('accounts.valueOf', { accounts: totals.withValue }),
      )}
      ${fact(text.t('accounts.without'), text.number(without), text.t('accounts.withoutNote'))}
      ${totals.rateless > 0 && fact(text.t('accounts.rateless'), text.number(totals.rateless), html`<a href="/problems?kind=missing_rate">${text.t('accounts.ratelessNote')}</a>`)}
    </dl>
    ${totals.accounts > 0 && html`<a class="button quiet small" href="${csvAddress(list)}">${text.t('accounts.csv')}</a>`}
  </div>`;
}

function csvAddress({ input }: AccountList): string {
  const query = accountListQuery({ ...input, page: 1 });
  return `/accounts.csv${query === '' ? '' : `?${query}`}`;
}

function nothingFound(text: Text): Html {
  return html`<div class="empty">
    <p>${text.t('accounts.notFound')}</p>
    <p><a href="/accounts">${text.t('accounts.clear')}</a></p>
  </div>`;
}
