import type { AccountAnswer } from './answer.ts';
import { firstFacts, laterFacts, type Fact } from './facts.ts';
import { reasonsOf } from './reasons.ts';
import type { Speech } from './speech.ts';

/** The account in plain text, for a mail or for the notes of a meeting: the same facts in the same words as the card. */
export function renewalBrief({ card, links, data }: AccountAnswer, speech: Speech): string {
  const { words } = speech;
  const { account } = card;
  const status = [words.status(account.status), ...(account.plan === null ? [] : [words.plan(account.plan)])];
  const lines = [
    words.brief.title(account.name ?? words.nameless, card.asOf.today),
    ...(data.isDemo ? [words.brief.invented] : []),
    words.brief.line(words.brief.status, status),
    ...firstFacts(card, speech).map(line),
    ...health(),
    ...laterFacts(card, speech).map(line),
    words.brief.line(words.brief.people, people()),
    words.brief.page(links.account),
  ];
  return lines.join('\n');

  function line({ label, value, tag, notes }: Fact): string {
    return words.brief.line(label, [value, ...(tag === undefined ? [] : [tag.words]), ...notes]);
  }

  function health(): string[] {
    const { score, band, change30, change90, coverage, drivers, version } = card.health;
    if (score === null) {
      const isScored = account.status === 'customer' || account.status === 'lapsed';
      const why = isScored ? words.health.insufficient : words.health.onlyCustomers;
      return [words.brief.line(words.fact.health, [why])];
    }
    const parts = [
      words.health.of100(score),
      ...(band === null ? [] : [words.health.band(band)]),
      words.health.change30(change30),
      words.health.change90(change90),
      words.health.coverage(coverage),
      words.health.versionShort(version),
    ];
    const reasons = reasonsOf(drivers).down.map((driver) =>
      words.brief.missing(words.health.measured(driver), words.health.missing(driver.missing, driver.weight)),
    );
    return [words.brief.line(words.fact.health, parts), ...reasons];
  }

  function people(): string[] {
    const here = card.people.filter((person) => !person.hasLeft);
    if (here.length === 0) return [words.notKnown];
    return here.map((person) => `${person.name ?? words.nobody} (${words.people.role(person.role)})`);
  }
}
