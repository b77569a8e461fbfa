import { html, type Html } from '../http/html.ts';
import { dayIn, type Portrait } from './account-portrait.ts';
import { readable } from './account-words.ts';

/** Why most of the page is empty, for a company that is no customer today. The card in HubSpot says the same. */
export function accountNotice(portrait: Portrait): Html | null {
  const { text, card } = portrait;
  const { status } = card.account;
  if (status === 'customer') return null;
  const isUneasy = status === 'lapsed' || status === 'uncovered';
  return html`<p class="notice" data-tone="${isUneasy && 'waiting'}">
    <strong>${text.t(`accountPage.notice.${status}`)}.</strong> ${bodyOf(portrait, status)}
  </p>`;
}

type Status = Exclude<Portrait['card']['account']['status'], 'customer'>;

function bodyOf({ text, card }: Portrait, status: Status): string {
  switch (status) {
    case 'former':
      return formerBody(text, card);
    case 'future':
      return card.value.next === null
        ? text.t('accountPage.notice.startUnknown')
        : text.t('accountPage.notice.starts', { day: dayIn(text, card.value.next.startsOn) });
    case 'uncovered':
      return card.sources.status?.rule === 'imported_without_contract'
        ? text.t('why.status.unserved')
        : text.t('accountPage.notice.uncoveredBody');
    case 'lapsed':
    case 'trial':
    case 'free':
      return text.t(`accountPage.notice.${status}Body`);
  }
}

/** From when to when it was a customer, what it was worth at the end, and why it left. */
function formerBody(text: Portrait['text'], { account, tenure, value }: Portrait['card']): string {
  const { churnReason } = account;
  const last = value.last === null ? null : text.money(value.last.amount, value.last.currency);
  return [
    served(text, tenure),
    ...(last === null ? [] : [text.t('accountPage.notice.last', { amount: last })]),
    churnReason === null
      ? text.t('accountPage.notice.noReason')
      : text.t('accountPage.notice.reason', { reason: readable(churnReason) }),
  ].join(' ');
}

function served(text: Portrait['text'], { since, lastDay }: Portrait['card']['tenure']): string {
  if (lastDay === null) return text.t('accountPage.notice.endUnknown');
  const to = dayIn(text, lastDay);
  return since === null
    ? text.t('accountPage.notice.wasUntil', { to })
    : text.t('accountPage.notice.was', { from: dayIn(text, since), to });
}
