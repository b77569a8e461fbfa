import { Flex, Text } from '@hubspot/ui-extensions';
import { DataTable } from './DataTable.tsx';
import { RecordLink } from './RecordLinks.tsx';
import type { Shown } from './shown.ts';

/** The open tickets, as many as the answer holds. */
export function Tickets({ card, speech, records }: Shown) {
  const { words, format } = speech;
  const { columns, none, more } = words.tickets;
  const { list, open } = card.tickets;
  return (
    <Flex direction="column" gap="sm">
      <DataTable
        rows={list}
        keyOf={({ record }) => record.id}
        empty={none}
        columns={[
          {
            title: columns.ticket,
            cell: ({ record, subject }) => (
              <RecordLink record={record} records={records} speech={speech} name={subject} />
            ),
          },
          {
            title: columns.opened,
            cell: ({ openedOn }) => <Text>{openedOn === null ? words.notKnown : format.day(openedOn)}</Text>,
          },
          {
            title: columns.open,
            cell: ({ daysOpen }) => (
              <Text>{daysOpen === null ? words.notKnown : words.tenure.days(daysOpen)}</Text>
            ),
          },
          {
            title: columns.priority,
            cell: ({ priority }) => (
              <Text>{priority === null ? words.notKnown : words.tickets.priority(priority)}</Text>
            ),
          },
          { title: columns.stage, cell: ({ stage }) => <Text>{stage ?? words.notKnown}</Text> },
        ]}
      />
      {list.length < open && <Text variant="microcopy">{more(list.length, open)}</Text>}
    </Flex>
  );
}
