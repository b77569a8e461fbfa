import type { ReactNode } from 'react';
import {
  Button,
  EmptyState,
  ErrorState,
  Flex,
  Link,
  LoadingSpinner,
  Text,
  useExtensionContext,
} from '@hubspot/ui-extensions';
import type { AccountAnswer } from '../answer.ts';
import type { Fault } from '../read-answer.ts';
import { speechFor, type Speech } from '../speech.ts';
import { useAccount } from '../use-account.ts';
import type { Words } from '../words-en.ts';

interface Props {
  children: (answer: AccountAnswer, speech: Speech, reload: () => void, isReloading: boolean) => ReactNode;
}

/** Waits for the account, and says what is the matter when there is none. */
export function Loadable({ children }: Props) {
  const { user } = useExtensionContext<'crm.record.tab'>();
  const { loaded, reload } = useAccount();
  const speech = speechFor(user);
  const { words } = speech;
  switch (loaded.state) {
    case 'loading':
      return <LoadingSpinner label={words.loading} showLabel={true} layout="centered" />;
    case 'ready':
      return <>{children(loaded.answer, speech, reload, loaded.isReloading)}</>;
    case 'refused':
      return (
        <EmptyState
          title={loaded.isReady ? words.refused : words.notReady}
          layout="vertical"
          imageName={loaded.isReady ? 'companies' : 'building'}
          imageWidth={120}
        >
          <Flex direction="column" gap="sm" align="center">
            <Text>{loaded.message}</Text>
            {loaded.more !== null && <Link href={{ url: loaded.more, external: true }}>{words.more}</Link>}
            <Button size="sm" onClick={reload}>
              {words.retry}
            </Button>
          </Flex>
        </EmptyState>
      );
    case 'failed':
      return (
        <ErrorState title={words.failed.title} type="error">
          <Flex direction="column" gap="sm" align="center">
            <Text>{sentenceOf(loaded.fault, words)}</Text>
            <Button size="sm" onClick={reload}>
              {words.retry}
            </Button>
          </Flex>
        </ErrorState>
      );
  }
}

function sentenceOf(fault: Fault, { failed }: Words): string {
  return fault.kind === 'status' ? failed.status(fault.status) : failed[fault.kind];
}
