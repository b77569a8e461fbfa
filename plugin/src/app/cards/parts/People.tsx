import { StatusTag, Text } from '@hubspot/ui-extensions';
import { DataTable } from './DataTable.tsx';
import { RecordLink } from './RecordLinks.tsx';
import type { Shown } from './shown.ts';

/** Who decides and who uses it, and who of them is no longer there. */
export function People({ card, speech, records }: Shown) {
  const { words } = speech;
  const { columns, empty, role, noTitle, left, here } = words.people;
  return (
    <DataTable
      rows={card.people}
      keyOf={({ id }) => id}
      empty={empty}
      columns={[
        {
          title: columns.name,
          cell: ({ id, name }) => (
            <RecordLink
              record={{ type: 'contacts', id }}
              records={records}
              speech={speech}
              name={name ?? words.nobody}
            />
          ),
        },
        { title: columns.title, cell: ({ title }) => <Text>{title ?? noTitle}</Text> },
        { title: columns.role, cell: (person) => <Text>{role(person.role)}</Text> },
        {
          title: columns.state,
          cell: ({ hasLeft }) => (
            <StatusTag variant={hasLeft ? 'warning' : 'success'}>{hasLeft ? left : here}</StatusTag>
          ),
        },
      ]}
    />
  );
}
