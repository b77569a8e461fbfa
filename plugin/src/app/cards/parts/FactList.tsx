import { DescriptionList, DescriptionListItem, Flex, StatusTag, Text } from '@hubspot/ui-extensions';
import type { Fact } from '../facts.ts';
import type { Speech } from '../speech.ts';

/** Facts one below the other: the figure, its band, and small what belongs to it. */
export function FactList({ facts, speech }: { facts: readonly Fact[]; speech: Speech }) {
  return (
    <DescriptionList direction="column">
      {facts.map(({ key, label, value, tag, notes }) => (
        <DescriptionListItem key={key} label={label}>
          <Flex direction="column" gap="flush">
            <Flex direction="row" gap="sm" align="center" wrap={true}>
              <Text format={{ fontWeight: 'demibold' }}>{value}</Text>
              {tag !== undefined && <StatusTag variant={tag.tone}>{tag.words}</StatusTag>}
            </Flex>
            {notes.length > 0 && <Text variant="microcopy">{speech.words.joined(notes)}</Text>}
          </Flex>
        </DescriptionListItem>
      ))}
    </DescriptionList>
  );
}
