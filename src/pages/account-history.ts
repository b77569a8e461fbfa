import type { CardDocument } from '../core/accounts/card-document.ts';
import { html, type Html } from '../http/html.ts';
import { answerGroup, answerWords } from './account-people.ts';
import { dayIn, recordOfCard, type Portrait } from './account-portrait.ts';
import { badge, unknown, type Tone } from './account-words.ts';
import { dayOf } from './time.ts';

type Contract = CardDocument['contracts'][number];
type Event = CardDocument['timeline'][number];

const DAY_MS = 86_400_000;
const MOST_CONTRACTS = 20;
const MOST_EVENTS = 30;
const COLUMNS = ['record', 'term', 'annual', 'rules'] as const;
const RULES = ['start', 'end', 'mrr', 'service_end'] as const;
const STATE_TONES: Readonly<Record<Contract['state'], Tone>> = {
  in_force: 'well',
  paused: 'waiting',
  ended: null,
  future: null,
  trial: null,
};

/** The contracts, the newest first, with the rule that gave each value. */
export function contractsCard(portrait: Portrait): Html {
  const { text, card } = portrait;
  const { contracts } = card;
  return html`<section class="card" aria-labelledby="contracts">
    <h2 id="contracts">${text.t('accountPage.contracts')}</h2>
    ${
      contracts.length === 0
        ? html`<p class="empty">${text.t('accountPage.noContracts')}</p>`
        : html`<table class="stacks contract-rows" role="table" aria-labelledby="contracts">
            <thead role="rowgroup">
              <tr role="row">
                ${COLUMNS.map((column) => html`<th role="columnheader" scope="col" class="${column === 'annual' && 'amount'}">${text.t(`accountPage.contract.${column}`)}</th>`)}
              </tr>
            </thead>
            <tbody role="rowgroup">
              ${contracts.map((one) => contractRow(portrait, one))}
            </tbody>
          </table>`
    }
    ${contracts.length >= MOST_CONTRACTS && html`<p class="fine">${text.t('accountPage.mostContracts', { count: MOST_CONTRACTS })}</p>`}
  </section>`;
}

function contractRow(portrait: Portrait, one: Contract): Html {
  const { text } = portrait;
  const label = (column: (typeof COLUMNS)[number]): string => text.t(`accountPage.contract.${column}`);
  return html`<tr role="row">
    <td role="cell" class="account">
      ${recordOfCard(portrait, one.record)}
      <span class="under"
        >${badge(text.t(`accountPage.state.${one.state}`), STATE_TONES[one.state])}
        ${one.kind !== null && text.find(`accountPage.contractKind.${one.kind}`, one.kind)}</span
      >
    </td>
    <td role="cell" class="term" data-label="${label('term')}">${term(portrait, one)}</td>
    <td role="cell" class="digits amount" data-label="${label('annual')}">${annual(portrait, one)}</td>
    <td role="cell" class="rules" data-label="${label('rules')}">
      <details>
        <summary>
          ${one.rules['mrr'] ?? text.t('accountPage.rules')}<span class="unseen">, ${one.record.id}</span>
        </summary>
        <dl>
          ${RULES.map((name) => {
            const rule = one.rules[name];
            return (
              rule !== undefined &&
              html`<dt>${text.t(`accountPage.rule.${name}`)}</dt>
                <dd>${rule}</dd>`
            );
          })}
        </dl>
      </details>
    </td>
  </tr>`;
}

function term({ text }: Portrait, { start, end, servedTo }: Contract): Html {
  // Ends are kept as the first day after; people say the last day.
  const last = (day: string): string => text.calendarDay(new Date(dayOf(day).getTime() - DAY_MS));
  const from = dayIn(text, start);
  const whole =
    end === null ? text.t('accountPage.openEnd', { from }) : text.t('why.fromTo', { from, to: last(end) });
  return html`${whole}${servedTo !== null && servedTo !== end && html`<span class="under">${text.t('accountPage.servedUntil', { day: last(servedTo) })}</span>`}`;
}

function annual({ text }: Portrait, { annual: own, home }: Contract): Html {
  if (own === null) return unknown(text.t('nothing'));
  const amount = html`${text.money(own.amount, own.currency)}`;
  if (home === null) return html`${amount} <span class="under">${text.t('accountPage.noRate')}</span>`;
  return home.currency === own.currency
    ? amount
    : html`${amount} <span class="under">${text.money(home.amount, home.currency)}</span>`;
}

/** What happened, the newest first; beside each change what the account was worth a year from then on. */
export function timelineCard(portrait: Portrait): Html | null {
  const { text, card } = portrait;
  const events = withValues(card);
  if (events.length === 0) return null;
  return html`<section class="card tight" aria-labelledby="timeline">
    <h2 id="timeline">${text.t('accountPage.timeline')}</h2>
    <ol class="entries">
      ${events.map((one) => eventRow(portrait, one))}
    </ol>
    ${events.length >= MOST_EVENTS && html`<p class="fine">${text.t('accountPage.mostEvents', { count: MOST_EVENTS })}</p>`}
  </section>`;
}

function eventRow({ text }: Portrait, { event, after }: { event: Event; after: number | null }): Html {
  const { answer, change, day } = event;
  const body =
    answer !== null
      ? html`${answerWords(text, answer)} ${answerGroup(text, answer)}
          <span class="under">${answer.contact ?? text.t('accountPage.nobody')}</span>`
      : html`<strong>${text.find(`accountPage.event.${event.kind}`, event.kind)}</strong>
          ${change !== null && html`<span class="change" data-way="${change.amount < 0 ? 'down' : 'up'}">${text.signedMoney(change.amount, change.currency)}</span>`}
          ${change !== null && after !== null && html`<span class="under">${text.t('accountPage.after', { amount: text.wholeMoney(after, change.currency) })}</span>`}`;
  return html`<li><span class="entry-day digits">${dayIn(text, day)}</span> <span>${body}</span></li>`;
}

/** Counts back from today's value: what a change led to is today's value less all later changes. One that is not known ends the counting. */
function withValues({ timeline, value, asOf }: CardDocument): { event: Event; after: number | null }[] {
  let after: number | null = value.annual?.amount ?? (value.contracts === 0 ? 0 : null);
  return timeline.map((event) => {
    const isChange = event.answer === null;
    // What is signed for later is not in today's value.
    if (!isChange || event.day > asOf.today) return { event, after: null };
    const now = after;
    after = after === null || event.change === null ? null : after - event.change.amount;
    return { event, after: now };
  });
}
