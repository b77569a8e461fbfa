import { Flex, StatusTag, Text } from '@hubspot/ui-extensions';
import type { Contract } from '../answer.ts';
import { CONTRACT_TONE } from '../tones.ts';
import { DataTable } from './DataTable.tsx';
import { RecordLink } from './RecordLinks.tsx';
import type { Shown } from './shown.ts';

/** Every contract with its term and value, and which rule gave each of them. */
export function Contracts({ card, speech, records }: Shown) {
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
          cell: ({ record, kind }) => (
            <Flex direction="column" gap="flush">
              <RecordLink record={record} records={records} speech={speech} />
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
          cell: ({ start, end, servedTo }) => (
            <Flex direction="column" gap="flush">
              <Text>{words.contracts.begins(start)}</Text>
              <Text>{end === null ? words.contracts.runsOn : words.contracts.ends(end)}</Text>
              {servedTo !== null && servedTo !== end && (
                <Text variant="microcopy">{words.contracts.served(servedTo)}</Text>
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
        {
          title: columns.rules,
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
