import { Statistics, StatisticsItem, Text } from '@hubspot/ui-extensions';
import type { Card } from '../answer.ts';
import { firstFacts } from '../facts.ts';
import type { Speech } from '../speech.ts';

/** The figures that the histories below are read against. */
export function Headline({ card, speech }: { card: Card; speech: Speech }) {
  const { words, format } = speech;
  const { score, band } = card.health;
  const { date } = card.renewal;
  return (
    <Statistics>
      {firstFacts(card, speech).map(({ key, label, value, notes }) =>
        // A date is read faster than the sentence that the sidebar has room for.
        key === 'renewal' && date !== null ? (
          <StatisticsItem key={key} label={label} number={format.day(date)}>
            <Text variant="microcopy">{value}</Text>
          </StatisticsItem>
        ) : (
          <StatisticsItem key={key} label={label} number={value}>
            <Text variant="microcopy">{notes[0] ?? ''}</Text>
          </StatisticsItem>
        ),
      )}
      <StatisticsItem
        label={words.fact.health}
        number={score === null ? words.notKnown : words.health.of100(score)}
      >
        <Text variant="microcopy">{band === null ? '' : words.health.band(band)}</Text>
      </StatisticsItem>
    </Statistics>
  );
}
