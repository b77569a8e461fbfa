import { meanInterval } from '../../analytics/models/intervals/mean.ts';
import type { Interval } from '../../analytics/models/intervals/interval.ts';
import { newcombe } from '../../analytics/models/intervals/newcombe.ts';
import { ratioInterval } from '../../analytics/models/intervals/ratio.ts';
import { wilson } from '../../analytics/models/intervals/wilson.ts';
import { type Random, seededRandom } from '../../analytics/models/random.ts';
import { normalQuantile } from '../../analytics/models/special/normal.ts';
import { cumulativeIncidence } from '../../analytics/models/survival/aalen-johansen.ts';
import { hazardByInterval } from '../../analytics/models/survival/hazard.ts';
import { kaplanMeier } from '../../analytics/models/survival/kaplan-meier.ts';
import { renewalLifeTable } from '../../analytics/models/survival/life-table.ts';
import { logRank } from '../../analytics/models/survival/log-rank.ts';
import { medianSurvival } from '../../analytics/models/survival/median.ts';
import { pointAt } from '../../analytics/models/survival/point-at.ts';
import { restrictedMean } from '../../analytics/models/survival/restricted-mean.ts';
import type { Spell } from '../../analytics/models/survival/spell.ts';
import { weightedSurvival } from '../../analytics/models/survival/weighted.ts';

/** Churn by month of the simulated books: constant, so that every truth has a formula. */
const HAZARD = 0.05;
const OTHER_HAZARD = 0.02;
const RESAMPLES = 500;

/** Says of each interval whether it holds the truth of the book it was made from. */
const ESTIMATORS: Record<string, (random: Random, seed: number) => boolean> = {
  wilson: (random) => holds(wilson({ hits: hits(random, 80, 0.12), n: 80 }), 0.12),
  newcombe: (random) =>
    holds(newcombe({ hits: hits(random, 60, 0.3), n: 60 }, { hits: hits(random, 80, 0.2), n: 80 }), 0.1),
  mean: (random) =>
    holds(meanInterval(Array.from({ length: 15 }, () => 7 + 3 * normalQuantile(random.unit()))), 7),
  'ratio of sums': (random, seed) => {
    const rows = Array.from({ length: 200 }, () => {
      const denominator = money(random);
      return { denominator, numerator: random.unit() < 0.2 ? denominator : 0 };
    });
    return holds(ratioInterval(rows, { seed, resamples: RESAMPLES }), 0.2);
  },
  survival: (random) => {
    const curve = kaplanMeier(book(random, 150));
    return holds(pointAt(curve.points, 12)?.interval, Math.exp(-HAZARD * 12));
  },
  'survival from a later start': (random) => {
    const curve = kaplanMeier(book(random, 150, 4), { minimumAtRisk: 20 });
    const start = curve.start ?? NaN;
    return holds(pointAt(curve.points, start + 10)?.interval, Math.exp(-HAZARD * 10));
  },
  median: (random) => {
    const { low, high } = medianSurvival(kaplanMeier(book(random, 150)));
    const truth = Math.LN2 / HAZARD;
    return (low ?? -Infinity) <= truth && truth <= (high ?? Infinity);
  },
  'restricted mean': (random) =>
    holds(restrictedMean(kaplanMeier(book(random, 150)), 18)?.interval, -Math.expm1(-HAZARD * 18) / HAZARD),
  incidence: (random) => {
    const both = HAZARD + OTHER_HAZARD;
    const spells = book(random, 200, 0, both).map(({ event, ...spell }) => ({
      ...spell,
      cause: event ? (random.unit() < HAZARD / both ? 'voluntary' : 'involuntary') : null,
    }));
    const curves = cumulativeIncidence(spells);
    const point = pointAt(curves.points, 12);
    const truth = (HAZARD / both) * -Math.expm1(-both * 12);
    return holds(point?.byCause[curves.causes.indexOf('voluntary')]?.interval, truth);
  },
  'hazard of a month': (random) => {
    const months = hazardByInterval(book(random, 400), [0, 3, 6, 9, 12]);
    return holds(months[2]?.interval, -Math.expm1(-HAZARD * 3));
  },
  'life table': (random) => {
    const renewals = Array.from({ length: 120 }, () => renewalsOf(random)).flat();
    return holds(renewalLifeTable(renewals).rows[2]?.survivalInterval, 0.8 ** 3);
  },
  'weighted survival': (random, seed) => {
    const spells = book(random, 200).map((spell, k) => ({
      ...spell,
      account: `${k}`,
      weight: money(random),
    }));
    const { points } = weightedSurvival(spells, { seed, resamples: RESAMPLES, times: [12] });
    return holds(points[0]?.interval, Math.exp(-HAZARD * 12));
  },
  'log-rank without a difference': (random) => {
    const spells = book(random, 150).map((spell) => ({ ...spell, group: `${random.below(3)}` }));
    return (logRank(spells).test?.p ?? 1) > 0.05;
  },
};

/**
 * Every interval of `analytics/models` on simulated books whose truth is known: it must hold the truth as often as it claims. 200 books (seeds 1
 * to 200) in full, where 179 to 198 is what chance leaves of 95 %; at least 6 of 10 in the short form.
 */
export async function run(options: {
  rounds: number;
  firstSeed: number;
  say: (line: string) => void;
}): Promise<void> {
  const [least, most] = allowed(options.rounds);
  const wrong: string[] = [];
  for (const [name, covers] of Object.entries(ESTIMATORS)) {
    let held = 0;
    for (let seed = options.firstSeed; seed < options.firstSeed + options.rounds; seed += 1)
      if (covers(seededRandom(seed), seed)) held += 1;
    options.say(`${name}: ${held} of ${options.rounds}`);
    if (held < least || held > most) wrong.push(`${name} held the truth ${held} times`);
  }
  if (wrong.length > 0)
    throw new Error(`of ${options.rounds}, ${least} to ${most} allowed: ${wrong.join('; ')}`);
}

/** The central 99.9 % of the binomial distribution of 95 %; few rounds only have to reach 60 %. */
export function allowed(rounds: number): [number, number] {
  if (rounds < 100) return [Math.ceil(0.6 * rounds), rounds];
  let below = 0;
  let probability = 0.05 ** rounds;
  let least = -1;
  for (let k = 0; k <= rounds; k += 1) {
    below += probability;
    if (least < 0 && below > 0.0005) least = k;
    if (below >= 0.9995) return [least, k];
    probability *= ((rounds - k) / (k + 1)) * (0.95 / 0.05);
  }
  return [least, rounds];
}

function holds(interval: Interval | null | undefined, truth: number): boolean {
  return interval !== null && interval !== undefined && interval.low <= truth && truth <= interval.high;
}

function hits(random: Random, n: number, p: number): number {
  return Array.from({ length: n }, () => random.unit()).filter((value) => value < p).length;
}

/** A few accounts hold much of the money. */
function money(random: Random): number {
  return Math.exp(0.7 * normalQuantile(random.unit()));
}

/** Spells seen from an age of their own on: half of them from `earliest`, the others from up to 12 months later; those that ended before are not there. */
function book(random: Random, size: number, earliest = 0, hazard = HAZARD): Spell[] {
  const spells: Spell[] = [];
  while (spells.length < size) {
    const entry = earliest + (random.below(2) === 0 && earliest === 0 ? 0 : 12 * random.unit());
    const life = -Math.log(1 - random.unit()) / hazard;
    const seenUntil = entry + 6 + 24 * random.unit();
    if (life > entry) spells.push({ entry, exit: Math.min(life, seenUntil), event: life <= seenUntil });
  }
  return spells;
}

/** The renewals of an account that is first seen at its first or second, of which each is lost with probability 0.2. */
function renewalsOf(random: Random): { number: number; renewed: boolean }[] {
  const renewals: { number: number; renewed: boolean }[] = [];
  const last = 1 + random.below(5);
  for (let number = 1 + random.below(2); number <= last; number += 1) {
    const renewed = random.unit() >= 0.2;
    renewals.push({ number, renewed });
    if (!renewed) break;
  }
  return renewals;
}
