import { Flex, Heading, Text } from '@hubspot/ui-extensions';
import { DataTable } from './DataTable.tsx';
import { RecordLink } from './RecordLinks.tsx';
import type { Shown } from './shown.ts';

/** Who answered what and when, and who was asked and did not answer. */
export function SurveyHistory(shown: Shown) {
  const { card, speech } = shown;
  const { words, format } = speech;
  const { answers, total } = card.surveys;
  const { columns } = words.survey;
  return (
    <Flex direction="column" gap="md">
      <Heading>{words.survey.title}</Heading>
      <DataTable
        rows={answers}
        keyOf={(answer) => answer.id}
        empty={words.survey.none}
        columns={[
          { title: columns.day, cell: (answer) => <Text>{format.day(answer.day)}</Text> },
          { title: columns.answer, cell: (answer) => <Text>{words.survey.answer(answer)}</Text> },
          { title: columns.group, cell: (answer) => <Text>{words.survey.group(answer.group)}</Text> },
          {
            title: columns.who,
            cell: (answer) => <Person {...shown} id={answer.contactId} name={answer.contact} />,
          },
          {
            title: columns.words,
            cell: (answer) => <Text>{answer.hasWords ? words.survey.words : words.survey.noWords}</Text>,
          },
        ]}
      />
      {answers.length < total && <Text variant="microcopy">{words.survey.total(answers.length, total)}</Text>}
      <Heading>{words.survey.silentTitle}</Heading>
      <Silent {...shown} />
    </Flex>
  );
}

function Silent(shown: Shown) {
  const { words, format } = shown.speech;
  const { silent, total } = shown.card.surveys;
  if (silent === null) return <Text>{words.survey.silentUnknown}</Text>;
  return (
    <DataTable
      rows={silent}
      keyOf={(one) => one.contactId}
      empty={total === 0 ? words.survey.nobodyAsked : words.survey.allAnswered}
      columns={[
        {
          title: words.survey.columns.who,
          cell: (one) => <Person {...shown} id={one.contactId} name={one.contact} />,
        },
        { title: words.survey.columns.asked, cell: (one) => <Text>{format.day(one.askedOn)}</Text> },
      ]}
    />
  );
}

function Person({ speech, records, id, name }: Shown & { id: string | null; name: string | null }) {
  const shown = name ?? speech.words.nobody;
  if (id === null) return <Text>{shown}</Text>;
  return <RecordLink record={{ type: 'contacts', id }} records={records} speech={speech} name={shown} />;
}
