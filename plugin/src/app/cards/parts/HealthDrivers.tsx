import { Flex, Text } from '@hubspot/ui-extensions';
import { DataTable } from './DataTable.tsx';
import { HealthScore } from './HealthSummary.tsx';
import { RecordLinks } from './RecordLinks.tsx';
import type { Shown } from './shown.ts';

/** Every measure of the score: what it found, what it earned, what is missing, and the evidence. */
export function HealthDrivers({ card, speech, records }: Shown) {
  const { words, format } = speech;
  const { columns, measure, measured, unmeasured, scale, pointsOf, version, empty } = words.health;
  return (
    <Flex direction="column" gap="md">
      <HealthScore card={card} speech={speech} />
      <Text variant="microcopy">{version(card.health.version)}</Text>
      <DataTable
        rows={card.health.drivers}
        keyOf={(driver) => driver.measure}
        empty={empty}
        columns={[
          { title: columns.measure, cell: (driver) => <Text>{measure(driver.measure)}</Text> },
          {
            title: columns.measured,
            cell: (driver) => (
              <Flex direction="column" gap="flush">
                <Text>{driver.value === null ? unmeasured : measured(driver)}</Text>
                <Text variant="microcopy">{scale(driver)}</Text>
              </Flex>
            ),
          },
          {
            title: columns.earned,
            align: 'right',
            cell: (driver) => (
              <Text>{driver.value === null ? words.notKnown : pointsOf(driver.earned, driver.weight)}</Text>
            ),
          },
          {
            title: columns.missing,
            align: 'right',
            cell: (driver) => (
              <Text format={{ fontWeight: 'demibold' }}>
                {driver.value === null ? words.notKnown : format.points(driver.missing)}
              </Text>
            ),
          },
          {
            title: columns.evidence,
            cell: (driver) => (
              <Flex direction="column" gap="flush">
                <RecordLinks refs={driver.source?.records ?? []} records={records} speech={speech} />
                {driver.day !== null && <Text variant="microcopy">{format.day(driver.day)}</Text>}
              </Flex>
            ),
          },
        ]}
      />
    </Flex>
  );
}
