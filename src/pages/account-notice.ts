import { html, type Html } from '../http/html.ts';
import { dayIn, type Portrait } from './account-portrait.ts';

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
  const { servedTo } = card.tenure;
  const { churnReason } = card.account;
  switch (status) {
    case 'former': {
      const ended =
        servedTo === null
          ? text.t('accountPage.notice.endUnknown')
          : text.t('accountPage.notice.ended', { day: dayIn(text, servedTo) });
      const why =
        churnReason === null
          ? text.t('accountPage.notice.noReason')
          : text.t('accountPage.notice.reason', { reason: churnReason });
      return `${ended} ${why}`;
    }
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
