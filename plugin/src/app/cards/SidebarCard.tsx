import { Divider, Flex, hubspot } from '@hubspot/ui-extensions';
import type { AccountAnswer } from './answer.ts';
import { firstFacts, laterFacts } from './facts.ts';
import { Actions } from './parts/Actions.tsx';
import { AccountLine } from './parts/AccountLine.tsx';
import { FactList } from './parts/FactList.tsx';
import { HealthSummary } from './parts/HealthSummary.tsx';
import { Loadable } from './parts/Loadable.tsx';
import { StatusNotice } from './parts/StatusNotice.tsx';
import type { Speech } from './speech.ts';

hubspot.extend<'crm.record.sidebar'>(() => <SidebarCard />);

/** The company at a glance: facts and actions, in an order that never changes. */
export function SidebarCard() {
  return (
    <Loadable>
      {(answer, speech, reload, isReloading) => (
        <AtAGlance answer={answer} speech={speech} reload={reload} isReloading={isReloading} />
      )}
    </Loadable>
  );
}

interface Props {
  answer: AccountAnswer;
  speech: Speech;
  reload: () => void;
  isReloading: boolean;
}

function AtAGlance({ answer, speech, reload, isReloading }: Props) {
  const { card } = answer;
  return (
    <Flex direction="column" gap="md">
      <AccountLine answer={answer} speech={speech} />
      <StatusNotice card={card} speech={speech} />
      <FactList facts={firstFacts(card, speech)} speech={speech} />
      <Divider />
      <HealthSummary card={card} speech={speech} />
      <Divider />
      <FactList facts={laterFacts(card, speech)} speech={speech} />
      <Divider />
      <Actions answer={answer} speech={speech} reload={reload} isReloading={isReloading} />
    </Flex>
  );
}
