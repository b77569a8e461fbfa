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
  name?: string;
}

export function RecordLink({ record, records, speech, name }: LinkProps) {
  const url = recordAddress(records, record);
  const words = name ?? speech.words.record(record.type, record.id);
  return url === null ? <Text>{words}</Text> : <Link href={{ url, external: true }}>{words}</Link>;
}
