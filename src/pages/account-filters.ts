import type { AccountList, Choice } from '../core/accounts/account-list.ts';
import {
  ACCOUNT_SORTS,
  accountListQuery,
  FILTERS,
  filterName,
  FIRST_WAY,
  type AccountListInput,
  type Filter,
} from '../core/accounts/account-list-input.ts';
import { HEALTH_BANDS, RENEWAL_BANDS } from '../core/accounts/card-document.ts';
import { html, type Html } from '../http/html.ts';
import type { Text } from './text/text.ts';

/** Where the list stands in a given state. */
export function accountsAddress(input: AccountListInput): string {
  const query = accountListQuery(input);
  return `/accounts${query === '' ? '' : `?${query}`}`;
}

/** What is asked for many times a day, in one click: how near the renewal is, and how well it stands. */
export function quickFilters(text: Text, list: AccountList): Html {
  return html`<div class="quicks">
    ${quickFilter(text, list, 'band', RENEWAL_BANDS)}
    ${quickFilter(text, list, 'health', HEALTH_BANDS.toReversed())}
  </div>`;
}

function quickFilter(text: Text, list: AccountList, field: Filter, values: readonly string[]): Html {
  const { input, choices } = list;
  const chosen = input.filters[field];
  const link = (value: string): Html => {
    const isOn = chosen.includes(value);
    const next = isOn ? chosen.filter((one) => one !== value) : [...chosen, value];
    const accounts = choices[field].find((one) => one.value === value)?.accounts ?? 0;
    const to = accountsAddress(withFilter(input, field, next));
    return html`<li>
      <a class="quick" href="${to}" data-value="${value}" ${isOn && html` aria-current="true"`}
        >${choiceName(text, field, { value, label: null })}
        <span class="quick-count digits">${text.number(accounts)}</span></a
      >
    </li>`;
  };
  return html`<nav
    class="quick-row"
    aria-label="${text.t('accounts.quick', { field: text.t(`accounts.field.${field}`) })}"
  >
    <span class="quick-name" aria-hidden="true">${text.t(`accounts.field.${field}`)}</span>
    <ul>
      ${values.map(link)}
    </ul>
  </nav>`;
}

/** The search, and every filter in a fold; it works without scripts, so each value has a name of its own. */
export function filterForm(text: Text, list: AccountList): Html {
  const { input } = list;
  const count = FILTERS.reduce((sum, field) => sum + input.filters[field].length, 0);
  return html`<form class="search" method="get" action="/accounts" role="search">
    <label class="field field-wide"
      ><span class="unseen">${text.t('accounts.search')}</span
      ><input
        type="search"
        name="q"
        value="${input.q}"
        maxlength="100"
        placeholder="${text.t('accounts.searchHint')}"
        autocomplete="off"
        spellcheck="false"
    /></label>
    ${orderFields(text, input)}
    <button class="button quiet" type="submit">${text.t('accounts.show')}</button>
    <details class="filters">
      <summary>${text.t('accounts.filters', { count })}</summary>
      <div class="filter-fields">${FILTERS.map((field) => fieldSet(text, list, field))}</div>
      <button class="button" type="submit">${text.t('accounts.apply')}</button>
    </details>
  </form>`;
}

// A phone has no heads of columns to order by. Without a way of its own each column begins as its head does.
function orderFields(text: Text, { sort, way }: AccountListInput): Html {
  const ways = ['', 'up', 'down'] as const;
  const chosen = way === FIRST_WAY[sort] ? '' : way;
  return html`<label class="field"
      ><span>${text.t('accounts.sort')}</span>
      <select name="sort">
        ${ACCOUNT_SORTS.map((one) => html`<option value="${one}" ${one === sort && html` selected`}>${text.t(`accounts.column.${one}`)}</option>`)}
      </select></label
    ><label class="field"
      ><span>${text.t('accounts.way')}</span>
      <select name="way">
        ${ways.map((one) => html`<option value="${one}" ${one === chosen && html` selected`}>${text.t(one === '' ? 'accounts.way.usual' : `accounts.way.${one}`)}</option>`)}
      </select></label
    >`;
}

function fieldSet(text: Text, { input, choices }: AccountList, field: Filter): Html {
  const chosen = input.filters[field];
  const known = choices[field];
  // The portal's own values may be any number.
  const isLong = field === 'owner' || field === 'plan' || field === 'segment';
  // What is asked for and no account has stays on, so that it can be taken off.
  const gone = chosen
    .filter((value) => known.every((one) => one.value !== value))
    .map((value) => ({ value, label: null, accounts: 0 }));
  return html`<fieldset class="field">
    <legend>${text.t(`accounts.field.${field}`)}</legend>
    <div class="filter-choices${isLong && ' filter-long'}">
      ${[...inOrder(field, known), ...gone].map(
        (choice) =>
          html`<label class="choice"
            ><input
              type="checkbox"
              name="${filterName(field, choice.value)}"
              value="1"
              ${chosen.includes(choice.value) && html` checked`}
            /><span
              >${choiceName(text, field, choice)}
              <span class="fine digits">${text.number(choice.accounts)}</span></span
            ></label
          >`,
      )}
    </div>
  </fieldset>`;
}

// Bands stand in the order of their meaning, everything else in that of its words.
function inOrder(field: Filter, choices: readonly Choice[]): readonly Choice[] {
  const order: readonly string[] = field === 'band' ? RENEWAL_BANDS : field === 'health' ? HEALTH_BANDS : [];
  const place = ({ value }: Choice): number => (order.includes(value) ? order.indexOf(value) : order.length);
  return choices.toSorted((a, b) => place(a) - place(b));
}

/** Every filter that is on, each with the way back. */
export function shownFilters(text: Text, list: AccountList): Html | null {
  const { input, choices } = list;
  const words =
    input.q === '' ? [] : [{ words: `“${input.q}”`, to: accountsAddress({ ...input, q: '', page: 1 }) }];
  const shown = [
    ...words,
    ...FILTERS.flatMap((field) =>
      input.filters[field].map((value) => {
        const choice = choices[field].find((one) => one.value === value) ?? { value, label: null };
        return {
          words: `${text.t(`accounts.field.${field}`)}: ${choiceName(text, field, choice)}`,
          to: accountsAddress(
            withFilter(
              input,
              field,
              input.filters[field].filter((one) => one !== value),
            ),
          ),
        };
      }),
    ),
  ];
  if (shown.length === 0) return null;
  return html`<ul class="chips" aria-label="${text.t('accounts.shownFilters')}">
    ${shown.map(
      (one) =>
        html`<li>
          <a class="chip" href="${one.to}"
            ><span class="unseen">${text.t('accounts.remove')} </span>${one.words}<span aria-hidden="true">
              ×</span
            ></a
          >
        </li>`,
    )}
    <li><a class="chip-all" href="/accounts">${text.t('accounts.clear')}</a></li>
  </ul>`;
}

function withFilter(input: AccountListInput, field: Filter, values: string[]): AccountListInput {
  return { ...input, page: 1, filters: { ...input.filters, [field]: values.toSorted() } };
}

function choiceName(text: Text, field: Filter, { value, label }: Pick<Choice, 'value' | 'label'>): string {
  if (value === '') return text.t(`accounts.none.${field}`);
  if (field === 'status') return text.find(`accounts.status.${value}`, value);
  if (field === 'band') return text.find(`accounts.band.${value}`, value);
  if (field === 'health') return text.find(`accounts.health.${value}`, value);
  return label ?? value;
}
