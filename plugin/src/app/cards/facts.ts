import type { Card } from './answer.ts';
import type { Speech } from './speech.ts';
import { RENEWAL_TONE, type Tone } from './tones.ts';

/** One fact as it is shown: what it is, the figure, and what stands small beside it. */
export interface Fact {
  key: string;
  label: string;
  value: string;
  tag?: { tone: Tone; words: string };
  notes: string[];
}

const MOST_SILENT = 2;

/** What an account manager looks for first, in the order that never changes. */
export function firstFacts(card: Card, speech: Speech): Fact[] {
  return [renewal(card, speech), value(card, speech), tenure(card, speech)];
}

/** What stands below the health, in the order that never changes. */
export function laterFacts(card: Card, speech: Speech): Fact[] {
  return [
    survey(card, speech),
    contact(card, speech),
    tickets(card, speech),
    invoices(card, speech),
    nextStep(card, speech),
    owner(card, speech),
  ];
}

function renewal({ renewal, account }: Card, { words, format }: Speech): Fact {
  const { date, daysLeft, band, countsTo, noticeDeadline, autoRenew } = renewal;
  const fact = { key: 'renewal', label: words.fact.renewal };
  if (date === null && renewal.runsOn) return { ...fact, value: words.renewal.runsOn, notes: [] };
  if (date === null) {
    const value = account.status === 'customer' ? words.renewal.unknown : words.renewal.none;
    return { ...fact, value, notes: [] };
  }
  const isToNotice = countsTo === 'notice';
  const counted = daysLeft === null ? null : isToNotice ? words.renewal.notice : words.renewal.renewal;
  const end =
    autoRenew === null ? words.renewal.autoUnknown : autoRenew ? words.renewal.auto : words.renewal.manual;
  return {
    ...fact,
    value: counted === null || daysLeft === null ? format.day(date) : counted(daysLeft),
    ...(band === null ? {} : { tag: { tone: RENEWAL_TONE[band], words: words.renewal.band(band) } }),
    notes: [
      noticeDeadline === null ? words.renewal.noNotice : words.renewal.noticeBy(noticeDeadline),
      end(date),
      ...(renewal.isTermAssumed ? [words.renewal.assumed] : []),
      ...(renewal.runsOn ? [words.renewal.anotherRunsOn] : []),
    ],
  };
}

function value({ value, account }: Card, { words, format }: Speech): Fact {
  const notes = [];
  if (value.own.length > 0) notes.push(words.value.own(words.listOf(value.own.map(format.money))));
  if (value.contracts > 0) notes.push(words.value.contracts(value.contracts));
  if (value.withoutRate > 0) notes.push(words.value.withoutRate(value.withoutRate));
  if (value.next !== null) notes.push(words.value.next(format.money(value.next.annual), value.next.startsOn));
  if (value.last !== null) notes.push(words.value.last(format.money(value.last)));
  const isCustomer = account.status === 'customer';
  const unknown = isCustomer || value.contracts > 0 ? words.notKnown : words.value.none;
  const shown = value.annual === null ? unknown : words.value.yearly(format.money(value.annual));
  return { key: 'value', label: words.fact.value, value: shown, notes };
}

function tenure({ tenure, account, asOf }: Card, { words }: Speech): Fact {
  const { days, since, firstSince, servedTo, lastDay } = tenure;
  const notes = [];
  if (since !== null && lastDay !== null) notes.push(words.tenure.was(since, lastDay));
  else if (since !== null)
    notes.push(days === null ? words.tenure.wasSince(since) : words.tenure.since(since));
  if (firstSince !== null && firstSince !== since) {
    const first = firstSince > asOf.today ? words.tenure.firstFrom : words.tenure.first;
    notes.push(first(firstSince));
  }
  if (servedTo !== null && days === null && lastDay === null) notes.push(words.tenure.served(servedTo));
  const none = account.status === 'customer' ? words.notKnown : words.tenure.notToday;
  const value = days === null ? none : words.tenure.days(days);
  return { key: 'tenure', label: words.fact.tenure, value, notes };
}

function survey({ surveys }: Card, { words }: Speech): Fact {
  const [latest] = surveys.answers;
  const notes = [];
  if (latest !== undefined) {
    notes.push(words.survey.by(latest.contact ?? words.nobody, latest.day));
    if (latest.hasWords) notes.push(words.survey.words);
  }
  notes.push(silence({ surveys }, words));
  return {
    key: 'survey',
    label: words.fact.survey,
    value: latest === undefined ? words.survey.none : words.survey.answer(latest),
    ...(latest === undefined || latest.group === null
      ? {}
      : { tag: { tone: GROUP_TONE[latest.group], words: words.survey.group(latest.group) } }),
    notes,
  };
}

/** Who was asked and has not answered, in one sentence. */
export function silence({ surveys }: Pick<Card, 'surveys'>, words: Speech['words']): string {
  if (surveys.silent === null) return words.survey.silentUnknown;
  if (surveys.silent.length === 0)
    return surveys.total === 0 ? words.survey.nobodyAsked : words.survey.allAnswered;
  const named = surveys.silent.slice(0, MOST_SILENT);
  const rest = surveys.silent.slice(MOST_SILENT);
  const parts = named.map((one) => words.survey.askedOn(one.contact ?? words.nobody, one.askedOn));
  if (rest.length > 0) parts.push(words.survey.andMore(rest.length));
  return words.survey.silent(words.listOf(parts));
}

const GROUP_TONE = { promoter: 'success', passive: 'default', detractor: 'danger' } as const;

function contact({ lastContact }: Card, { words, format }: Speech): Fact {
  const label = words.fact.contact;
  if (lastContact === null) return { key: 'contact', label, value: words.contact.none, notes: [] };
  const { type, daysAgo, day } = lastContact;
  return { key: 'contact', label, value: words.contact.ago(type, daysAgo), notes: [format.day(day)] };
}

function tickets({ tickets }: Card, { words }: Speech): Fact {
  const label = words.fact.tickets;
  if (tickets.open === 0) return { key: 'tickets', label, value: words.tickets.none, notes: [] };
  const { open, urgent, oldestDays } = tickets;
  const note = oldestDays === null ? words.tickets.oldestUnknown : words.tickets.oldest(oldestDays);
  return { key: 'tickets', label, value: words.tickets.open(open, urgent), notes: [note] };
}

function invoices({ invoices }: Card, { words, format }: Speech): Fact {
  const label = words.fact.invoices;
  if (invoices === null) return { key: 'invoices', label, value: words.invoices.unknown, notes: [] };
  if (invoices.overdue === 0) return { key: 'invoices', label, value: words.invoices.none, notes: [] };
  const amounts = invoices.amounts.length === 0 ? null : words.listOf(invoices.amounts.map(format.money));
  return {
    key: 'invoices',
    label,
    value: words.invoices.overdue(invoices.overdue, amounts),
    notes: invoices.oldestDays === null ? [] : [words.invoices.oldest(invoices.oldestDays)],
  };
}

function nextStep({ nextStep }: Card, { words, format }: Speech): Fact {
  const label = words.fact.next;
  if (nextStep === null) return { key: 'next', label, value: words.next.none, notes: [] };
  const { type, inDays, day } = nextStep;
  return { key: 'next', label, value: words.next.in(type, inDays), notes: [format.day(day)] };
}

function owner({ account }: Card, { words }: Speech): Fact {
  const { owner } = account;
  const named = owner === null ? words.owner.none : (owner.name ?? words.owner.nameless(owner.id));
  return { key: 'owner', label: words.fact.owner, value: named, notes: [] };
}
