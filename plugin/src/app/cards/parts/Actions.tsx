import { Button, Flex, Link, LoadingButton, Text, useExtensionActions } from '@hubspot/ui-extensions';
import type { AccountAnswer } from '../answer.ts';
import { renewalBrief } from '../brief.ts';
import type { Speech } from '../speech.ts';

interface Props {
  answer: AccountAnswer;
  speech: Speech;
  reload: () => void;
  isReloading: boolean;
}

/** What can be done from here. */
export function Actions({ answer, speech, reload, isReloading }: Props) {
  const { addAlert, copyTextToClipboard } = useExtensionActions<'crm.record.tab'>();
  const { actions, published } = speech.words;
  const { links, data, card } = answer;

  const copy = async (): Promise<void> => {
    try {
      await copyTextToClipboard(renewalBrief(answer, speech));
      addAlert({ type: 'success', message: actions.copied });
    } catch {
      addAlert({ type: 'danger', message: actions.notCopied });
    }
  };

  return (
    <Flex direction="column" gap="sm">
      <Flex direction="row" gap="sm" wrap={true}>
        <Button variant="primary" size="sm" href={{ url: links.account, external: true }}>
          {actions.open}
        </Button>
        <LoadingButton variant="secondary" size="sm" loading={isReloading} onClick={reload}>
          {actions.reload}
        </LoadingButton>
        <Button variant="secondary" size="sm" onClick={() => void copy()}>
          {actions.copy}
        </Button>
      </Flex>
      <Link href={{ url: links.why, external: true }}>{actions.why}</Link>
      {/* The demo portal has a clock of its own: the real moment would contradict the day above. */}
      {!data.isDemo && <Text variant="microcopy">{published(data.publishedAt, card.asOf.timeZone)}</Text>}
    </Flex>
  );
}
