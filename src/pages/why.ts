import { whyAccount, type Match, type Why } from '../core/accounts/why.ts';
import { AppError } from '../core/errors.ts';
import { getFrame } from '../core/portals/frame.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { accountAddress } from './account-table.ts';
import { signedInPage, type PageExchange } from './layout.ts';
import { newTabNote, recordLink, whyAddress } from './records.ts';
import { textIn, type Text } from './text/text.ts';

type Candidate = Why['candidates'][number];

const MATCH_COLUMNS = ['company', 'domain', 'decision'] as const;
const COLUMNS = ['record', 'term', 'value', 'verdict'] as const;
const MOST_SHOWN = 500;
const DAY_MS = 86_400_000;

/** What was asked and what there is to say to it. */
type Answer =
  | { state: 'unasked' }
  | { state: 'unknown'; sentence: string }
  | { state: 'several'; matches: Match[]; total: number }
  | { state: 'known'; why: Why };

/** Why a company is counted, or is not: what each rule decided about it and about its records. */
export async function showWhy(exchange: PageExchange): Promise<Reply> {
  const { web, me, query, language } = exchange;
  const asked = (query.get('company') ?? '').trim();
  const [frame, answer] = await Promise.all([getFrame(web, me.actor.portal), answerTo(exchange, asked)]);
  const text = textIn(language, frame.portal.timeZone);
  const heading = answer.state === 'known' ? nameOf(text, answer.why) : text.t('why.title');
  const body = html`<header class="hero">
      ${answer.state === 'known' && html`<p class="eyebrow">${text.t('why.title')}</p>`}
      <h1>${heading}</h1>
      ${answer.state !== 'known' && html`<p class="lead">${text.t('why.lead')}</p>`}
      ${answer.state === 'known' && answer.why.status !== null && html`<p><a href="${accountAddress(answer.why.companyId)}">${text.t('why.toAccount')}</a></p>`}
    </header>
    ${answer.state === 'known' && html`${decisionCard(text, answer.why)} ${recordsCard(text, answer.why)}`}
    ${answer.state === 'several' && matchesCard(text, asked, answer)} ${companyForm(text, asked, answer)}`;
  const title = answer.state === 'known' ? text.t('why.titleOf', { name: heading }) : heading;
  return {
    kind: 'page',
    status: answer.state === 'unknown' ? 404 : 200,
    html: signedInPage(exchange, text, frame, { title, body, current: 'why' }),
  };
}

async function answerTo({ web, me }: PageExchange, asked: string): Promise<Answer> {
  if (asked === '') return { state: 'unasked' };
  try {
    const answer = await whyAccount(web, me.actor.portal, asked);
    return answer.kind === 'one'
      ? { state: 'known', why: answer.why }
      : { state: 'several', matches: answer.matches, total: answer.total };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_found') throw error;
    return { state: 'unknown', sentence: error.message };
  }
}

function nameOf(text: Text, { name, companyId }: Why): string {
  return name ?? text.t('why.nameless', { id: companyId });
}

function companyForm(text: Text, asked: string, answer: Answer): Html {
  const isUnknown = answer.state === 'unknown';
  return html`<section class="card" aria-labelledby="ask">
    <h2 id="ask">${text.t(answer.state === 'known' ? 'why.askAnother' : 'why.ask')}</h2>
    <form class="stack" method="get" action="/why">
      <div class="field">
        <label for="company">${text.t('why.company')}</label>
        <span class="fine" id="company-hint">${text.t('why.companyHint')}</span>
        <input
          id="company"
          name="company"
          value="${answer.state === 'known' ? '' : asked}"
          maxlength="100"
          autocomplete="off"
          spellcheck="false"
          required
          aria-describedby="company-hint${isUnknown && ' company-error'}"
          ${isUnknown && html` aria-invalid="true"`}
        />
        ${isUnknown && html`<p class="field-error" id="company-error">${answer.sentence}</p>`}
      </div>
      <div class="actions"><button class="button" type="submit">${text.t('why.button')}</button></div>
    </form>
  </section>`;
}

function matchesCard(
  text: Text,
  asked: string,
  { matches, total }: { matches: readonly Match[]; total: number },
): Html {
  return html`<section class="card" aria-labelledby="matches">
    <div class="companies-head">
      <h2 id="matches">${text.t('why.matches', { total, words: asked })}</h2>
      ${total > matches.length && html`<p class="fine">${text.t('why.most', { count: matches.length })}</p>`}
    </div>
    <table class="stacks" role="table" aria-labelledby="matches">
      <thead role="rowgroup">
        <tr role="row">
          ${MATCH_COLUMNS.map((column) => html`<th role="columnheader" scope="col">${text.t(`why.match.${column}`)}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${matches.map((match) => matchRow(text, match))}
      </tbody>
    </table>
  </section>`;
}

function matchRow(text: Text, match: Match): Html {
  const decision = decisionOf({ ...match, isExcluded: match.is_excluded, isUnpaid: false });
  return html`<tr role="row">
    <td role="cell" class="company">
      <a class="company-name" href="${whyAddress(match.company_id)}"
        >${match.name ?? html`<span class="nameless">${text.t('why.nameless', { id: match.company_id })}</span>`}</a
      >
      ${match.name !== null && html`<span class="domain">${match.company_id}</span>`}
    </td>
    <td role="cell" data-label="${text.t('why.match.domain')}">${match.domain ?? text.t('why.nothing')}</td>
    <td role="cell" data-label="${text.t('why.match.decision')}">
      <span class="badge" data-tone="${toneOf(match)}">${text.t(`why.badge.${decision}`)}</span>
    </td>
  </tr>`;
}

function decisionCard(text: Text, why: Why): Html {
  const decision = decisionOf({
    ...why,
    isUnpaid: why.status === 'uncovered' && why.contractSource !== null,
  });
  const fact = (name: string, value: Html | string): Html =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  const stage = why.lifecycleStage;
  const value = why.homeMrr === null ? text.t('why.nothing') : text.money(why.homeMrr, why.currency);
  return html`<section class="card" aria-labelledby="decision">
    <h2 id="decision">${text.t('why.decision')}</h2>
    <p class="lead decided">
      <span class="badge" data-tone="${toneOf(why)}">${text.t(`why.badge.${decision}`)}</span>
      ${text.t(`why.status.${decision}`)} ${whatBecame(text, why)}
    </p>
    <dl class="facts">
      ${fact(text.t('why.source'), sourceName(text, why.contractSource))} ${fact(text.t('why.value'), value)}
      ${fact(text.t('why.stage'), stage === null ? text.t('why.nothing') : text.find(`stage.${stage}`, stage))}
      ${why.accountType !== null && fact(text.t('why.type'), why.accountType)}
      ${fact(text.t('why.record'), recordLink(text, { type: why.state === 'imported' ? 'imported' : 'companies', id: why.companyId, hubspotUrl: why.hubspotUrl }))}
    </dl>
  </section>`;
}

/** Where it went and when, after the sentence that says that it did. */
function whatBecame(text: Text, { mergedInto, endedAt, state }: Why): Html | null {
  if (mergedInto !== null)
    return html`${text.t('why.mergedInto')}
      <a href="${whyAddress(mergedInto.id)}"
        >${mergedInto.name ?? text.t('why.nameless', { id: mergedInto.id })}</a
      >.`;
  if (endedAt === null || state === 'live') return null;
  return html`${text.t('why.since', { day: text.date(endedAt) })}`;
}

interface Decided {
  state: Why['state'];
  status: Why['status'];
  isExcluded: boolean;
  /** it has contracts, but none that is paid */
  isUnpaid: boolean;
}

function decisionOf({ state, status, isExcluded, isUnpaid }: Decided) {
  if (state === 'merged' || state === 'archived' || state === 'gone') return state;
  if (isExcluded) return 'excluded';
  if (status === null) return 'none';
  if (status !== 'uncovered') return status;
  if (isUnpaid) return 'unpaid';
  // Only an imported account has a place without anybody calling it a customer.
  return state === 'imported' ? 'unserved' : 'uncovered';
}

function toneOf({ status }: { status: Why['status'] }): 'well' | 'waiting' | null {
  if (status === 'customer') return 'well';
  return status === 'lapsed' || status === 'uncovered' ? 'waiting' : null;
}

function sourceName(text: Text, source: string | null): string {
  return source === null ? text.t('why.noSource') : text.find(`source.${source}`, source);
}

function recordsCard(text: Text, { candidates }: Why): Html {
  const counted = candidates.filter((one) => one.verdict === 'counted').length;
  return html`<section class="card" aria-labelledby="records">
    <div class="companies-head">
      <h2 id="records">${text.t('why.records')}</h2>
      ${candidates.length > 0 && html`<p class="fine">${text.t('why.counted', { counted, all: candidates.length })}</p>`}
    </div>
    ${candidates.length === 0 ? html`<p class="empty">${text.t('why.noRecords')}</p>` : html`${recordTable(text, candidates)} ${newTabNote(text, candidates)}`}
    ${candidates.length >= MOST_SHOWN && html`<p class="fine">${text.t('why.most', { count: MOST_SHOWN })}</p>`}
  </section>`;
}

function recordTable(text: Text, candidates: readonly Candidate[]): Html {
  return html`<table class="stacks verdicts" role="table" aria-labelledby="records">
    <thead role="rowgroup">
      <tr role="row">
        ${COLUMNS.map((column) => html`<th role="columnheader" scope="col" ${column === 'value' && html` class="amount"`}>${text.t(`why.${column}`)}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${candidates.map((one) => recordRow(text, one))}
    </tbody>
  </table>`;
}

function recordRow(text: Text, one: Candidate): Html {
  const isCounted = one.verdict === 'counted';
  return html`<tr role="row">
    <td role="cell" class="account">
      ${recordLink(text, { type: one.source, id: one.source_id, hubspotUrl: one.hubspotUrl })}
    </td>
    <td role="cell" class="term digits" data-label="${text.t('why.term')}">${term(text, one)}</td>
    <td role="cell" class="digits amount" data-label="${text.t('why.value')}">
      ${one.mrr === null ? text.t('why.nothing') : text.money(one.mrr, one.currency)}
    </td>
    <td role="cell" class="wide verdict">
      <span class="badge" data-tone="${isCounted && 'well'}"
        >${text.t(isCounted ? 'why.in' : 'why.out')}</span
      >
      ${text.t(`why.verdict.${one.verdict}`)}
    </td>
  </tr>`;
}

function term(text: Text, { start_date: start, end_date: end }: Candidate): string {
  const from = start === null ? null : text.calendarDay(start);
  // Ends are kept as the first day after; people say the last day.
  const to = end === null ? null : text.calendarDay(new Date(end.getTime() - DAY_MS));
  if (from === null) return to === null ? text.t('why.nothing') : text.t('why.until', { to });
  return to === null ? text.t('why.from', { from }) : text.t('why.fromTo', { from, to });
}
