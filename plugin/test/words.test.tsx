import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  ACCOUNT_STATES,
  CONTRACT_STATES,
  HEALTH_BANDS,
  HEALTH_MEASURES,
  RENEWAL_BANDS,
} from '../../src/core/accounts/card-document.ts';
import { en as pages } from '../../src/pages/text/en.ts';
import { speechFor } from '../src/app/cards/speech.ts';

/** One word for one thing: what the cards and the pages both name, they name alike. */
const { words } = speechFor({ locale: 'en' });
const page: Readonly<Record<string, unknown>> = pages;

function each(names: readonly string[], prefix: string, said: (name: string) => string): [string, string][] {
  return names.map((name) => [`${prefix}${name}`, said(name)]);
}

/** The names of the pages' words that begin so. */
function named(prefix: string): string[] {
  return Object.keys(pages)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length));
}

const { fact, tab, contracts, sources, notice, record, people } = words;
const pairs: [string, string][] = [
  ...ACCOUNT_STATES.map((one): [string, string] => [`accounts.status.${one}`, words.status(one)]),
  ...RENEWAL_BANDS.map((one): [string, string] => [`accounts.band.${one}`, words.renewal.band(one)]),
  ...HEALTH_BANDS.map((one): [string, string] => [`accounts.health.${one}`, words.health.band(one)]),
  ...HEALTH_MEASURES.map((one): [string, string] => [
    `accountPage.measure.${one}`,
    words.health.measure(one),
  ]),
  ...CONTRACT_STATES.map((one): [string, string] => [`accountPage.state.${one}`, contracts.state(one)]),
  ...(['promoter', 'passive', 'detractor'] as const).map((one): [string, string] => [
    `accountPage.group.${one}`,
    words.survey.group(one),
  ]),
  ...each(named('accountPage.contractKind.'), 'accountPage.contractKind.', contracts.kind),
  ...each(named('accountPage.event.'), 'accountPage.event.', (kind) => words.timeline.movement(kind, false)),
  ...each(named('accountPage.priority.'), 'accountPage.priority.', (one) =>
    words.tickets.priority(one.toUpperCase()),
  ),
  ...each(named('accountPage.role.'), 'accountPage.role.', people.role),
  ...each(named('rule.'), 'rule.', sources.rule),
  ...each(named('contractRule.'), 'contractRule.', sources.property),
  ...each(named('accountPage.touch.'), 'accountPage.touch.', (type) =>
    words.contact.ago(type, 0).replace(', today', ''),
  ),
  ...each(
    ['companies', 'deals', 'line_items', 'subscriptions', 'contacts', 'tickets', 'invoices', 'meetings'],
    'record.',
    (type) => record(type, '').trim(),
  ),
  ...(['former', 'lapsed', 'future', 'trial', 'free', 'uncovered'] as const).map((one): [string, string] => [
    `accountPage.notice.${one}`,
    notice[one],
  ]),
  ...(['lapsedBody', 'trialBody', 'freeBody', 'uncoveredBody', 'noReason'] as const).map(
    (one): [string, string] => [`accountPage.notice.${one}`, notice[one]],
  ),
  ['accounts.column.value', fact.value],
  ['accounts.column.tenure', fact.tenure],
  ['accounts.column.renewal', fact.renewal],
  ['accounts.column.health', fact.health],
  ['accounts.column.contact', fact.contact],
  ['accounts.column.tickets', fact.tickets],
  ['accounts.column.owner', fact.owner],
  ['accounts.none.owner', words.owner.none],
  ['accounts.value', fact.value],
  ['accounts.field.status', sources.facts.status],
  ['accounts.field.plan', sources.facts.plan],
  ['accountPage.renewal', fact.renewal],
  ['accountPage.value', fact.value],
  ['accountPage.tenure', fact.tenure],
  ['accountPage.lastSurvey', fact.survey],
  ['accountPage.lastContact', fact.contact],
  ['accountPage.tickets', fact.tickets],
  ['accountPage.invoices', fact.invoices],
  ['accountPage.next', fact.next],
  ['accountPage.noticeDeadline', sources.facts.notice],
  ['accountPage.silentTitle', sources.facts.silent],
  ['accountPage.silentTitle', words.survey.silentTitle],
  ['accountPage.nothingInForce', words.value.none],
  ['accountPage.noRate', contracts.noRate],
  ['accountPage.runsOn', words.renewal.runsOn],
  ['accountPage.otherRunsOn', words.renewal.anotherRunsOn],
  ['accountPage.noNotice', words.renewal.noNotice],
  ['accountPage.noTenure', words.tenure.notToday],
  ['accountPage.noAnswers', words.survey.none],
  ['accountPage.nobodyAsked', words.survey.nobodyAsked],
  ['accountPage.askedUnknown', words.survey.silentUnknown],
  ['accountPage.noContact', words.contact.none],
  ['accountPage.noContracts', contracts.empty],
  ['accountPage.surveys', tab.surveys],
  ['accountPage.contracts', tab.contracts],
  ['accountPage.tickets', tab.tickets],
  ['accountPage.timeline', tab.timeline],
  ['accountPage.people', tab.people],
  ['accountPage.contract.record', contracts.columns.record],
  ['accountPage.contract.term', contracts.columns.term],
  ['accountPage.contract.annual', contracts.columns.annual],
  ['accountPage.contract.rules', contracts.columns.rules],
  ['accountPage.contract.rules', contracts.rules],
  ['accountPage.why', words.actions.why],
];

describe('the cards and the pages', () => {
  it.each(pairs)('%s', (key, said) => {
    expect(said).toBe(page[key]);
  });

  it('and the documented columns of the files use one word for the value of contracts', () => {
    const docs = readFileSync(new URL('../../docs/account-list.md', import.meta.url), 'utf8');
    expect(docs).toContain('`contract_value`');
    for (const text of [
      docs,
      JSON.stringify(pages),
      readFileSync(new URL('../src/app/cards/words-en.ts', import.meta.url), 'utf8'),
    ])
      expect(text).not.toMatch(/annual[ _]value/i);
  });
});
