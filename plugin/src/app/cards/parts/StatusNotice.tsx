import { Alert } from '@hubspot/ui-extensions';
import type { Card } from '../answer.ts';
import type { Speech } from '../speech.ts';

/** Why most of a card is empty, for a company that is no customer today. */
export function StatusNotice({ card, speech }: { card: Card; speech: Speech }) {
  const { notice } = speech.words;
  const { status } = card.account;
  switch (status) {
    case 'customer':
      return null;
    case 'lapsed':
      return (
        <Alert title={notice.lapsed} variant="warning">
          {notice.lapsedBody}
        </Alert>
      );
    case 'former':
      return (
        <Alert title={notice.former} variant="info">
          {formerBody(card, speech)}
        </Alert>
      );
    case 'future':
      return (
        <Alert title={notice.future} variant="info">
          {notice.futureBody(card.value.next?.startsOn ?? null)}
        </Alert>
      );
    case 'trial':
      return (
        <Alert title={notice.trial} variant="info">
          {notice.trialBody}
        </Alert>
      );
    case 'free':
      return (
        <Alert title={notice.free} variant="info">
          {notice.freeBody}
        </Alert>
      );
    case 'uncovered':
      return (
        <Alert title={notice.uncovered} variant="warning">
          {card.sources.status?.rule === 'imported_without_contract'
            ? notice.importedBody
            : notice.uncoveredBody}
        </Alert>
      );
  }
}

/** From when to when it was a customer, what it was worth at the end, and why it left. */
function formerBody({ account, tenure, value }: Card, { words, format }: Speech): string {
  const { notice } = words;
  return [
    notice.formerBody(tenure.since, tenure.lastDay),
    ...(value.last === null ? [] : [notice.last(format.money(value.last))]),
    account.churnReason === null ? notice.noReason : notice.reason(account.churnReason),
  ].join(' ');
}
