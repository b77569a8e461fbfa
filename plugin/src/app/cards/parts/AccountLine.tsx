import { Flex, StatusTag, Tag, Text } from '@hubspot/ui-extensions';
import type { AccountAnswer } from '../answer.ts';
import type { Speech } from '../speech.ts';
import { STATUS_TONE } from '../tones.ts';

/** What the account is today, and of which day. */
export function AccountLine({ answer, speech }: { answer: AccountAnswer; speech: Speech }) {
  const { card, data } = answer;
  const { words } = speech;
  const { status, plan } = card.account;
  return (
    <Flex direction="column" gap="xs">
      <Flex direction="row" gap="sm" align="center" wrap={true}>
        <StatusTag variant={STATUS_TONE[status]}>{words.status(status)}</StatusTag>
        {plan !== null && <Text inline={true}>{words.plan(plan)}</Text>}
        {data.isDemo && <Tag variant="info">{words.demo}</Tag>}
      </Flex>
      <Text variant="microcopy">{words.asOf(card)}</Text>
    </Flex>
  );
}
