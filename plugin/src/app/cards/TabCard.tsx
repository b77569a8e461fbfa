import { Flex, Tab, Tabs, hubspot } from '@hubspot/ui-extensions';
import type { AccountAnswer } from './answer.ts';
import { AccountLine } from './parts/AccountLine.tsx';
import { Actions } from './parts/Actions.tsx';
import { Contracts } from './parts/Contracts.tsx';
import { Headline } from './parts/Headline.tsx';
import { HealthDrivers } from './parts/HealthDrivers.tsx';
import { Loadable } from './parts/Loadable.tsx';
import { People } from './parts/People.tsx';
import { Sources } from './parts/Sources.tsx';
import { StatusNotice } from './parts/StatusNotice.tsx';
import { SurveyHistory } from './parts/SurveyHistory.tsx';
import { Tickets } from './parts/Tickets.tsx';
import { Timeline } from './parts/Timeline.tsx';
import type { Speech } from './speech.ts';

hubspot.extend<'crm.record.tab'>(() => <TabCard />);

/** What lies behind the figures: the parts of the score, histories, people, and the source of each figure. */
export function TabCard() {
  return (
    <Loadable>
      {(answer, speech, reload, isReloading) => (
        <History answer={answer} speech={speech} reload={reload} isReloading={isReloading} />
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

function History({ answer, speech, reload, isReloading }: Props) {
  const { card, links } = answer;
  const { tab } = speech.words;
  const shared = { card, speech, records: links.records };
  return (
    <Flex direction="column" gap="md">
      <AccountLine answer={answer} speech={speech} />
      <StatusNotice card={card} speech={speech} />
      <Headline card={card} speech={speech} />
      <Tabs defaultSelected="health">
        <Tab tabId="health" title={tab.health}>
          <HealthDrivers {...shared} />
        </Tab>
        <Tab tabId="surveys" title={tab.surveys}>
          <SurveyHistory {...shared} />
        </Tab>
        <Tab tabId="contracts" title={tab.contracts}>
          <Contracts {...shared} />
        </Tab>
        <Tab tabId="tickets" title={tab.tickets}>
          <Tickets {...shared} />
        </Tab>
        <Tab tabId="timeline" title={tab.timeline}>
          <Timeline {...shared} />
        </Tab>
        <Tab tabId="people" title={tab.people}>
          <People {...shared} />
        </Tab>
        <Tab tabId="sources" title={tab.sources}>
          <Sources {...shared} />
        </Tab>
      </Tabs>
      <Actions answer={answer} speech={speech} reload={reload} isReloading={isReloading} />
    </Flex>
  );
}
