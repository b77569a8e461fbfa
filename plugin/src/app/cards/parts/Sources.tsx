import { Flex, Text } from '@hubspot/ui-extensions';
import type { Card, Source } from '../answer.ts';
import { firstFacts, laterFacts, silence } from '../facts.ts';
import type { Speech } from '../speech.ts';
import { DataTable } from './DataTable.tsx';
import { RecordLinks } from './RecordLinks.tsx';
import type { Shown } from './shown.ts';

interface Origin {
  key: string;
  fact: string;
  shown: string;
  source: Source | null;
}

/** Where each figure of the card comes from: the rule in words, the property, the records. */
export function Sources({ card, speech, records }: Shown) {
  const { words } = speech;
  const { columns, rule, property, none, computed, empty, intro } = words.sources;
  return (
    <Flex direction="column" gap="sm">
      <Text variant="microcopy">{intro}</Text>
      <DataTable
        rows={originsOf(card, speech)}
        keyOf={({ key }) => key}
        empty={empty}
        columns={[
          { title: columns.fact, cell: ({ fact }) => <Text>{fact}</Text> },
          { title: columns.shown, cell: ({ shown }) => <Text>{shown}</Text> },
          {
            title: columns.rule,
            cell: ({ source }) => <Text>{source === null ? none : rule(source.rule)}</Text>,
          },
          {
            title: columns.property,
            cell: ({ source }) => (
              <Text variant="microcopy">
                {source === null ? none : source.property === null ? computed : property(source.property)}
              </Text>
            ),
          },
          {
            title: columns.records,
            cell: ({ source }) => (
              <RecordLinks refs={source?.records ?? []} records={records} speech={speech} />
            ),
          },
        ]}
      />
    </Flex>
  );
}

function originsOf(card: Card, speech: Speech): Origin[] {
  const { words, format } = speech;
  const { facts } = words.sources;
  const { account, renewal, sources } = card;
  const origins: Record<string, Source | null> = {
    renewal: card.renewal.source,
    value: card.value.source,
    tenure: card.tenure.source,
    survey: sources.surveys,
    contact: card.lastContact?.source ?? null,
    tickets: sources.tickets,
    invoices: sources.invoices,
    next: card.nextStep?.source ?? null,
    owner: sources.owner,
  };
  const notice = {
    key: 'notice',
    fact: facts.notice,
    shown: renewal.noticeDeadline === null ? words.notKnown : format.day(renewal.noticeDeadline),
    source: sources.notice,
  };
  const silent = { key: 'silent', fact: facts.silent, shown: silence(card, words), source: sources.silent };
  const shownFacts = [...firstFacts(card, speech), ...laterFacts(card, speech)].flatMap(
    ({ key, label, value }) => {
      const origin = { key, fact: label, shown: value, source: origins[key] ?? null };
      if (key === 'renewal') return [origin, notice];
      return key === 'survey' ? [origin, silent] : [origin];
    },
  );
  const drivers = card.health.drivers.map((driver) => ({
    key: `health ${driver.measure}`,
    fact: `${words.fact.health}: ${words.health.measure(driver.measure)}`,
    shown: driver.value === null ? words.health.unmeasured : words.health.measured(driver),
    source: driver.source,
  }));
  return [
    { key: 'status', fact: facts.status, shown: words.status(account.status), source: sources.status },
    { key: 'plan', fact: facts.plan, shown: account.plan ?? words.notKnown, source: sources.plan },
    ...shownFacts,
    ...drivers,
  ];
}
