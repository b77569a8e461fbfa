import { Flex, Link, Text } from '@hubspot/ui-extensions';
import type { RecordRef } from '../answer.ts';
import { recordAddress } from '../record-address.ts';
import type { Speech } from '../speech.ts';

interface Props {
  refs: readonly RecordRef[];
  records: string | null;
  speech: Speech;
}

/** The records that something was read from, each a link where HubSpot has a page for it. */
export function RecordLinks({ refs, records, speech }: Props) {
  if (refs.length === 0) return <Text variant="microcopy">{speech.words.health.noEvidence}</Text>;
  return (
    <Flex direction="column" gap="flush">
      {refs.map((ref) => (
        <RecordLink key={`${ref.type} ${ref.id}`} record={ref} records={records} speech={speech} />
      ))}
    </Flex>
  );
}

interface LinkProps {
  record: RecordRef;
  records: string | null;
  speech: Speech;
  /** what the record is called; its kind and number where it has no name */
  name?: string | null;
}

/** What fits a column; the whole stands in the tooltip. */
const NAME_WIDTH = 240;
const LONG_NAME = 32;

export function RecordLink({ record, records, speech, name }: LinkProps) {
  const url = recordAddress(records, record);
  const words = name ?? speech.words.record(record.type, record.id);
  const shown = url === null ? words : <Link href={{ url, external: true }}>{words}</Link>;
  if (words.length > LONG_NAME)
    return <Text truncate={{ tooltipText: words, maxWidth: NAME_WIDTH }}>{shown}</Text>;
  return url === null ? <Text>{words}</Text> : <>{shown}</>;
}
