import { Accordion, Flex, StatusTag, Text } from '@hubspot/ui-extensions';
import type { Contract } from '../answer.ts';
import { CONTRACT_TONE } from '../tones.ts';
import { DataTable } from './DataTable.tsx';
import { RecordLink } from './RecordLinks.tsx';
import type { Shown } from './shown.ts';

/** Every contract with its term and value; which rule gave each of them is folded away below. */
export function Contracts(shown: Shown) {
  return (
    <Flex direction="column" gap="sm">
      <Terms {...shown} />
      {shown.card.contracts.length > 0 && (
        <Accordion title={shown.speech.words.contracts.rules}>
          <Readings {...shown} />
        </Accordion>
      )}
    </Flex>
  );
}

function Terms({ card, speech, records }: Shown) {
  const { words, format } = speech;
  const { columns } = words.contracts;
  return (
    <DataTable
      rows={card.contracts}
      keyOf={({ record }) => `${record.type} ${record.id}`}
      empty={words.contracts.empty}
      columns={[
        {
          title: columns.record,
          cell: ({ record, name, kind }) => (
            <Flex direction="column" gap="flush">
              <RecordLink record={record} records={records} speech={speech} name={name} />
              <Text variant="microcopy">
                {kind === null ? words.contracts.noKind : words.contracts.kind(kind)}
              </Text>
            </Flex>
          ),
        },
        {
          title: columns.state,
          cell: ({ state }) => (
            <StatusTag variant={CONTRACT_TONE[state]}>{words.contracts.state(state)}</StatusTag>
          ),
        },
        {
          title: columns.term,
          cell: ({ start, lastDay, lastServedDay }) => (
            <Flex direction="column" gap="flush">
              <Text>
                {lastDay === null ? words.contracts.openEnd(start) : words.contracts.term(start, lastDay)}
              </Text>
              {lastServedDay !== null && lastServedDay !== lastDay && (
                <Text variant="microcopy">{words.contracts.served(lastServedDay)}</Text>
              )}
            </Flex>
          ),
        },
        {
          title: columns.annual,
          align: 'right',
          cell: ({ annual, home }) => (
            <Flex direction="column" gap="flush" align="end">
              <Text>{annual === null ? words.notKnown : format.money(annual)}</Text>
              {annual !== null && annual.currency !== home?.currency && (
                <Text variant="microcopy">
                  {home === null ? words.contracts.noRate : words.contracts.home(format.money(home))}
                </Text>
              )}
            </Flex>
          ),
        },
      ]}
    />
  );
}

function Readings({ card, speech, records }: Shown) {
  const { contracts } = speech.words;
  return (
    <DataTable
      rows={card.contracts}
      keyOf={({ record }) => `${record.type} ${record.id}`}
      empty={contracts.empty}
      columns={[
        {
          title: contracts.columns.record,
          cell: ({ record, name }) => (
            <RecordLink record={record} records={records} speech={speech} name={name} />
          ),
        },
        {
          title: contracts.columns.rules,
          cell: (contract) => <Rules contract={contract} speech={speech} />,
        },
      ]}
    />
  );
}

function Rules({ contract, speech }: { contract: Contract; speech: Shown['speech'] }) {
  const { contracts } = speech.words;
  const rules = Object.entries(contract.rules);
  if (rules.length === 0) return <Text variant="microcopy">{contracts.noRules}</Text>;
  return (
    <Flex direction="column" gap="flush">
      {rules.map(([part, rule]) => (
        <Text key={part} variant="microcopy">
          {contracts.rule(part, rule)}
        </Text>
      ))}
    </Flex>
  );
}
