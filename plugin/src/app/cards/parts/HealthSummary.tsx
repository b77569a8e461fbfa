import { Box, Flex, Heading, ScoreCircle, StatusTag, Tag, Text } from '@hubspot/ui-extensions';
import type { Card, Driver } from '../answer.ts';
import { reasonsOf } from '../reasons.ts';
import type { Speech } from '../speech.ts';
import { HEALTH_TONE } from '../tones.ts';

/** The score, its band, how it moved, and the reasons that weigh most. */
export function HealthSummary({ card, speech }: { card: Card; speech: Speech }) {
  const { words } = speech;
  return (
    <Flex direction="column" gap="sm">
      <Heading>{words.fact.health}</Heading>
      <HealthScore card={card} speech={speech} />
      {card.health.score !== null && (
        <Text variant="microcopy">{words.health.versionShort(card.health.version)}</Text>
      )}
      {card.health.score !== null && <Reasons drivers={card.health.drivers} speech={speech} />}
    </Flex>
  );
}

/** The score with its band beside it; in words where there is none. */
export function HealthScore({ card, speech }: { card: Card; speech: Speech }) {
  const { health } = speech.words;
  const { score, band, change30, change90, coverage } = card.health;
  if (score === null) {
    const isScored = card.account.status === 'customer' || card.account.status === 'lapsed';
    return (
      <Flex direction="column" gap="flush">
        <Text format={{ fontWeight: 'demibold' }}>
          {isScored ? health.insufficient : health.onlyCustomers}
        </Text>
        {isScored && <Text variant="microcopy">{health.insufficientBody(coverage)}</Text>}
      </Flex>
    );
  }
  return (
    <Flex direction="row" gap="md" align="center">
      <Box flex="none">
        <ScoreCircle score={score} />
      </Box>
      <Box flex={1}>
        <Flex direction="column" gap="flush">
          {band !== null && <StatusTag variant={HEALTH_TONE[band]}>{health.band(band)}</StatusTag>}
          <Text variant="microcopy">{health.change30(change30)}</Text>
          <Text variant="microcopy">{health.change90(change90)}</Text>
          <Text variant="microcopy">{health.coverage(coverage)}</Text>
        </Flex>
      </Box>
    </Flex>
  );
}

function Reasons({ drivers, speech }: { drivers: readonly Driver[]; speech: Speech }) {
  const { words, format } = speech;
  const { down, up } = reasonsOf(drivers);
  return (
    <Flex direction="column" gap="sm">
      <Text variant="microcopy" format={{ fontWeight: 'demibold' }}>
        {words.health.down}
      </Text>
      {down.length === 0 && <Text>{words.health.nothingMissing}</Text>}
      {down.map((driver) => (
        <Reason
          key={driver.measure}
          points={format.signed(-driver.missing)}
          variant="error"
          reason={words.health.measured(driver)}
          note={words.health.missing(driver.missing, driver.weight)}
        />
      ))}
      {up !== null && (
        <Text variant="microcopy" format={{ fontWeight: 'demibold' }}>
          {words.health.up}
        </Text>
      )}
      {up !== null && (
        <Reason
          points={format.signed(up.earned)}
          variant="success"
          reason={words.health.measured(up)}
          note={words.health.earned(up.earned, up.weight)}
        />
      )}
    </Flex>
  );
}

interface ReasonProps {
  points: string;
  variant: 'error' | 'success';
  reason: string;
  note: string;
}

function Reason({ points, variant, reason, note }: ReasonProps) {
  return (
    <Flex direction="row" gap="sm" align="start">
      <Box flex="none">
        <Tag variant={variant}>{points}</Tag>
      </Box>
      <Box flex={1}>
        <Flex direction="column" gap="flush">
          <Text>{reason}</Text>
          <Text variant="microcopy">{note}</Text>
        </Flex>
      </Box>
    </Flex>
  );
}
