import { Text } from '@hubspot/ui-extensions';
import type { TimelineEntry } from '../answer.ts';
import type { Speech } from '../speech.ts';
import { DataTable } from './DataTable.tsx';
import type { Shown } from './shown.ts';

/** What happened with the account, the newest first. */
export function Timeline({ card, speech }: Shown) {
  const { words, format } = speech;
  const { columns, empty, noChange, samePrice } = words.timeline;
  const rows = card.timeline.map((entry, n) => ({ ...entry, n }));
  return (
    <DataTable
      rows={rows}
      keyOf={({ day, kind, n }) => `${day} ${kind} ${n}`}
      empty={empty}
      columns={[
        { title: columns.day, cell: ({ day }) => <Text>{format.day(day)}</Text> },
        { title: columns.what, cell: (entry) => <Text>{whatHappened(entry, speech)}</Text> },
        {
          title: columns.change,
          align: 'right',
          // An answer moves no value: a word would be read as a movement of nothing.
          cell: ({ kind, change, answer }) =>
            change === null && answer !== null ? null : (
              <Text>
                {change !== null ? format.signedMoney(change) : kind === 'renewal' ? samePrice : noChange}
              </Text>
            ),
        },
      ]}
    />
  );
}

function whatHappened({ kind, atRenewal, answer }: TimelineEntry, { words }: Speech): string {
  if (answer === null) return words.timeline.movement(kind, atRenewal);
  return words.timeline.answered(words.survey.answer(answer), answer.contact ?? words.nobody);
}
