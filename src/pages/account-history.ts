import type { CardDocument } from '../core/accounts/card-document.ts';
import { html, type Html } from '../http/html.ts';
import { answerGroup, answerWords } from './account-people.ts';
import { dayIn, readFrom, recordOfCard, type Portrait } from './account-portrait.ts';
import { badge, unknown, type Tone } from './account-words.ts';

type Contract = CardDocument['contracts'][number];
type Event = CardDocument['timeline'][number];

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
      ${recordOfCard(portrait, one.record, one.name)}
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
          ${ruleOf(text, one.rules['mrr']) ?? text.t('accountPage.rules')}<span class="unseen"
            >, ${one.name ?? one.record.id}</span
          >
        </summary>
        <dl>
          ${RULES.map((name) => {
            const rule = one.rules[name];
            return (
              rule !== undefined &&
              html`<dt>${text.t(`accountPage.rule.${name}`)}</dt>
                <dd>${readFrom(text, rule)}</dd>`
            );
          })}
        </dl>
      </details>
    </td>
  </tr>`;
}

function ruleOf(text: Portrait['text'], rule: string | undefined): Html | null {
  return rule === undefined ? null : readFrom(text, rule);
}

function term({ text }: Portrait, { start, lastDay, lastServedDay }: Contract): Html {
  const from = dayIn(text, start);
  const whole =
    lastDay === null
      ? text.t('accountPage.openEnd', { from })
      : text.t('why.fromTo', { from, to: dayIn(text, lastDay) });
  return html`${whole}${lastServedDay !== null && lastServedDay !== lastDay && html`<span class="under">${text.t('accountPage.servedUntil', { day: dayIn(text, lastServedDay) })}</span>`}`;
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

interface Told {
  event: Event;
  /** what the account was worth a year from then on, in the portal's currency; null where that is not known */
  after: number | null;
}

function eventRow({ text, portal }: Portrait, { event, after }: Told): Html {
  const { answer, change, day, kind } = event;
  const amount = after === null ? null : text.wholeMoney(after, change?.currency ?? portal.currency);
  const body =
    answer !== null
      ? html`${answerWords(text, answer)} ${answerGroup(text, answer)}
          <span class="under">${answer.contact ?? text.t('accountPage.nobody')}</span>`
      : html`<strong>${eventName(text, event)}</strong>
          ${change !== null && html`<span class="change" data-way="${change.amount < 0 ? 'down' : 'up'}">${text.signedMoney(change.amount, change.currency)}</span>`}
          ${amount !== null && html`<span class="under">${text.t(kind === 'renewal' ? 'accountPage.samePrice' : 'accountPage.after', { amount })}</span>`}`;
  return html`<li><span class="entry-day digits">${dayIn(text, day)}</span> <span>${body}</span></li>`;
}

function eventName(text: Portrait['text'], { kind, atRenewal }: Event): string {
  const what = text.find(`accountPage.event.${kind}`, kind);
  return atRenewal && kind !== 'renewal' ? text.t('accountPage.atRenewal', { what }) : what;
}

/** Counts back from today's value: what a change led to is today's value less all later changes. One that is not known ends the counting. */
function withValues({ timeline, value, asOf }: CardDocument): Told[] {
  let after: number | null = value.annual?.amount ?? (value.contracts === 0 ? 0 : null);
  return timeline.map((event) => {
    const isChange = event.answer === null;
    // What is signed for later is not in today's value.
    if (!isChange || event.day > asOf.today) return { event, after: null };
    const now = after;
    // Who renews at the same price is worth the same before and after.
    if (event.kind === 'renewal') return { event, after };
    after = after === null || event.change === null ? null : after - event.change.amount;
    return { event, after: now };
  });
}
