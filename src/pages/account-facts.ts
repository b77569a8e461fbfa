import { html, type Html } from '../http/html.ts';
import { dayIn, originFold, type Origin, type Portrait, type Sourced } from './account-portrait.ts';
import { answerGroup, silence } from './account-people.ts';
import { changeOf, daysLeftBadge, healthBadge, tenure, unknown } from './account-words.ts';
import type { Text } from './text/text.ts';
import { dayOf } from './time.ts';

interface Fact {
  name: string;
  /** what one sees first */
  value: Html | string;
  /** what one reads next */
  notes: readonly (Html | string | null | false)[];
  origin: Origin | null;
  /** where another fact of the tile was read */
  also?: Sourced;
}

/** The facts that decide what to do next, in the order that never changes. */
export function factTiles(portrait: Portrait): Html {
  const facts = [renewal, value, tenureFact, health, survey, contact, tickets, invoices].map((fact) =>
    fact(portrait),
  );
  return html`<section aria-labelledby="facts">
    <h2 id="facts" class="unseen">${portrait.text.t('accountPage.facts')}</h2>
    <ul class="fact-tiles">
      ${facts.map((fact) => tile(fact))}
    </ul>
    ${originFold(portrait, portrait.text.t('accountPage.origin'), sourcesOf(portrait, facts))}
  </section>`;
}

function sourcesOf({ text, card }: Portrait, facts: readonly Fact[]): Sourced[] {
  const heading = (['status', 'owner', 'plan'] as const).map((field) => ({
    what: text.t(`accounts.field.${field}`),
    origin: card.sources[field],
  }));
  return [
    ...heading,
    ...facts.flatMap(({ name, origin, also }) => [
      { what: name, origin },
      ...(also === undefined ? [] : [also]),
    ]),
  ];
}

function tile(fact: Fact): Html {
  return html`<li class="fact-tile">
    <h3>${fact.name}</h3>
    <p class="fact-value digits">${fact.value}</p>
    ${fact.notes.map((note) => note !== null && note !== false && html`<p class="fact-note digits">${note}</p>`)}
  </li>`;
}

function renewal({ text, card }: Portrait): Fact {
  const {
    date,
    noticeDeadline,
    noticeDays,
    daysLeft,
    countsTo,
    band,
    autoRenew,
    runsOn,
    termMonths,
    isTermAssumed,
    source,
  } = card.renewal;
  const isCounted = daysLeft !== null && countsTo !== null && band !== null;
  return {
    name: text.t('accountPage.renewal'),
    value:
      date === null
        ? unknown(text.t(runsOn ? 'accountPage.runsOn' : 'accountPage.noRenewal'))
        : dayIn(text, date),
    notes: [
      isCounted && daysLeftBadge(text, { daysLeft, countsTo, band }, 'long'),
      date !== null &&
        (noticeDeadline === null
          ? text.t('accountPage.noNotice')
          : text.t('accountPage.noticeBy', { day: dayIn(text, noticeDeadline), days: noticeDays ?? 0 })),
      date !== null && renewsItself(text, autoRenew),
      date !== null && runsOn && text.t('accountPage.otherRunsOn'),
      termMonths !== null &&
        text.t(isTermAssumed ? 'accountPage.termAssumed' : 'accountPage.term', { months: termMonths }),
    ],
    origin: source,
    also: { what: text.t('accountPage.noticeDeadline'), origin: card.sources.notice },
  };
}

function renewsItself(text: Text, autoRenew: boolean | null): string {
  if (autoRenew === null) return text.t('accountPage.renewsUnknown');
  return text.t(autoRenew ? 'accountPage.renewsItself' : 'accountPage.endsItself');
}

function value({ text, card }: Portrait): Fact {
  const { annual, own, next, last, contracts, withoutRate, source } = card.value;
  return {
    name: text.t('accountPage.value'),
    value:
      annual === null
        ? unknown(noValue(text, card.value))
        : html`${text.money(annual.amount, annual.currency)}
            <span class="fact-unit">${text.t('accountPage.aYear')}</span>`,
    notes: [
      last !== null && text.t('accountPage.lastValue', { amount: text.money(last.amount, last.currency) }),
      own.length > 0 &&
        text.t('accountPage.own', { amounts: own.map((one) => text.money(one.amount, one.currency)) }),
      contracts > 0 && text.t('accountPage.contractsInForce', { contracts }),
      withoutRate > 0 && text.t('accountPage.withoutRate', { contracts: withoutRate }),
      next !== null &&
        text.t('accountPage.nextValue', {
          amount: text.money(next.annual.amount, next.annual.currency),
          day: dayIn(text, next.startsOn),
        }),
    ],
    origin: source,
  };
}

function noValue(text: Text, { contracts, withoutRate }: Portrait['card']['value']): string {
  if (contracts === 0) return text.t('accountPage.nothingInForce');
  return text.t(withoutRate > 0 ? 'accountPage.noRate' : 'nothing');
}

function tenureFact({ text, card }: Portrait): Fact {
  const { days, since, firstSince, servedTo, lastDay, source } = card.tenure;
  const isCurrent = days !== null && since !== null;
  return {
    name: text.t('accountPage.tenure'),
    value: isCurrent
      ? tenure(text, dayOf(since), card.asOf.today, 'long')
      : unknown(text.t('accountPage.noTenure')),
    notes: [
      isCurrent && text.t('accountPage.since', { day: dayIn(text, since), days }),
      since !== null &&
        lastDay !== null &&
        text.t('accountPage.was', { from: dayIn(text, since), to: dayIn(text, lastDay) }),
      firstSince !== null &&
        (firstSince !== since || (!isCurrent && lastDay === null)) &&
        text.t('accountPage.firstSince', { day: dayIn(text, firstSince) }),
      !isCurrent &&
        lastDay === null &&
        servedTo !== null &&
        text.t('accountPage.servedTo', { day: dayIn(text, servedTo) }),
    ],
    origin: source,
  };
}

function health({ text, card }: Portrait): Fact {
  const { score, band, coverage, change30, change90 } = card.health;
  const change = (days: number, by: number | null): Html =>
    html`${text.t('accountPage.changeOver', { days })}
    ${by === null ? text.t('accountPage.noScoreThen') : changeOf(text, by, '')}`;
  return {
    name: text.t('accounts.field.health'),
    value:
      score === null || band === null
        ? unknown(text.t('accounts.none.health'))
        : html`${score} ${healthBadge(text, band)}`,
    notes: [
      card.health.drivers.length > 0 && text.t('accounts.coverage', { share: text.percent(coverage / 100) }),
      score !== null && html`${change(30, change30)} · ${change(90, change90)}`,
      card.health.drivers.length > 0 && html`<a href="#health">${text.t('accountPage.madeOf')}</a>`,
    ],
    origin: null,
  };
}

function survey({ text, card }: Portrait): Fact {
  const { answers } = card.surveys;
  const last = answers[0];
  return {
    name: text.t('accountPage.lastSurvey'),
    value:
      last === undefined
        ? unknown(text.t('accountPage.noAnswers'))
        : html`${last.type} ${last.score === null ? text.t('accountPage.noScore') : text.number(last.score)}
          ${answerGroup(text, last)}`,
    notes: [
      last !== undefined &&
        text.t('accountPage.answeredBy', {
          who: last.contact ?? text.t('accountPage.nobody'),
          day: dayIn(text, last.day),
        }),
      silence(text, card),
    ],
    origin: card.sources.surveys,
    also: { what: text.t('accountPage.silentTitle'), origin: card.sources.silent },
  };
}

function contact({ text, card }: Portrait): Fact {
  const { lastContact: last, nextStep: next } = card;
  return {
    name: text.t('accountPage.lastContact'),
    value:
      last === null
        ? unknown(text.t('accountPage.noContact'))
        : text.t('accounts.ago', { days: last.daysAgo }),
    notes: [
      last !== null && `${text.t(`accountPage.touch.${last.type}`)}, ${dayIn(text, last.day)}`,
      next === null
        ? text.t('accountPage.noNext')
        : text.t('accountPage.nextStep', {
            what: text.find(`accountPage.touch.${next.type}`, next.type),
            day: dayIn(text, next.day),
          }),
    ],
    origin: last === null ? null : last.source,
    also: { what: text.t('accountPage.next'), origin: next === null ? null : next.source },
  };
}

function tickets({ text, card }: Portrait): Fact {
  const { open, urgent, oldestDays } = card.tickets;
  return {
    name: text.t('accountPage.tickets'),
    value: text.number(open),
    notes: [
      urgent > 0 && text.t('accountPage.urgent', { tickets: urgent }),
      oldestDays !== null && text.t('accountPage.oldest', { days: oldestDays }),
    ],
    origin: card.sources.tickets,
  };
}

function invoices({ text, card }: Portrait): Fact {
  const bills = card.invoices;
  return {
    name: text.t('accountPage.invoices'),
    value: bills === null ? unknown(text.t('accountPage.noInvoices')) : text.number(bills.overdue),
    notes: [
      bills !== null &&
        bills.amounts.length > 0 &&
        bills.amounts.map((one) => text.money(one.amount, one.currency)).join(' + '),
      bills !== null &&
        bills.oldestDays !== null &&
        text.t('accountPage.oldestBill', { days: bills.oldestDays }),
    ],
    origin: card.sources.invoices,
  };
}
