import { Flex, Text } from '@hubspot/ui-extensions';
import type { Card, Source } from '../answer.ts';
import { firstFacts, laterFacts } from '../facts.ts';
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
  const { columns, rule, none, computed, empty, intro } = words.sources;
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
              <Text variant="microcopy">{source === null ? none : (source.property ?? computed)}</Text>
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
  const { words } = speech;
  const sources: Record<string, Source | null> = {
    renewal: card.renewal.source,
    value: card.value.source,
    tenure: card.tenure.source,
    contact: card.lastContact?.source ?? null,
    next: card.nextStep?.source ?? null,
  };
  const facts = [...firstFacts(card, speech), ...laterFacts(card, speech)].flatMap(({ key, label, value }) =>
    key in sources ? [{ key, fact: label, shown: value, source: sources[key] ?? null }] : [],
  );
  const drivers = card.health.drivers.map((driver) => ({
    key: `health ${driver.measure}`,
    fact: `${words.fact.health}: ${words.health.measure(driver.measure)}`,
    shown: driver.value === null ? words.health.unmeasured : words.health.measured(driver),
    source: driver.source,
  }));
  return [...facts, ...drivers];
}
