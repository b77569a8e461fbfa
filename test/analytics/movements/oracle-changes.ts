import type { Rules } from './book.ts';
import type { Units } from './oracle-units.ts';

/** What an account pays, by currency: in it, at home (null without a rate), and as the account nets it. */
export type Values = Map<string, { mrr: Units; home: Units | null; worth: Units }>;

interface Change {
  currency: string;
  amount: Units;
  home: Units | null;
  revaluation: Units;
  weight: Units;
}

/** The lines of a customer who stays one: what switched currency, what is more, what is less. */
export function changeLines(
  before: Values,
  after: Values,
  rules: Rules,
  isMixed: boolean,
): { kind: string; currency: string; amount: Units; home: Units | null }[] {
  const changes = [...after.keys()].map((currency) => changeOf(currency, before, after, rules, isMixed));
  const gained = changes.reduce((sum, { weight }) => (weight > 0n ? sum + weight : sum), 0n);
  const lost = changes.reduce((sum, { weight }) => (weight < 0n ? sum - weight : sum), 0n);
  const both = gained < lost ? gained : lost;
  return changes.flatMap(({ currency, amount, home, revaluation, weight }) => {
    const side = weight > 0n ? gained : lost;
    const part = (value: Units): Units => (weight === 0n ? 0n : (value * both) / side);
    const switched = part(amount);
    const homeSwitched = home === null ? 0n : part(home - revaluation);
    return [
      {
        kind: amount > 0n ? 'expansion' : 'contraction',
        currency,
        amount: amount - switched,
        home: home === null ? null : home - revaluation - homeSwitched,
      },
      {
        kind: 'currency',
        currency,
        amount: switched,
        home: home === null ? null : homeSwitched + revaluation,
      },
    ];
  });
}

function changeOf(currency: string, before: Values, after: Values, rules: Rules, isMixed: boolean): Change {
  const none = { mrr: 0n, home: 0n, worth: 0n };
  const old = before.get(currency) ?? none;
  const now = after.get(currency) ?? none;
  const amount = now.mrr - old.mrr;
  const home = now.home === null || old.home === null ? null : now.home - old.home;
  const revaluation = home === null ? 0n : revaluationOf(amount, home, old.mrr, old.home ?? 0n, rules);
  const weight = amount === 0n ? 0n : isMixed ? now.worth - old.worth - revaluation : amount;
  return { currency, amount, home, revaluation, weight };
}

/** The part of a change at home that the rate before does not explain; below half a cent it is rounding. */
function revaluationOf(amount: Units, home: Units, oldMrr: Units, oldHome: Units, rules: Rules): Units {
  if (amount === 0n) return home;
  if (rules.fixed_fx === 'settings_date' || oldMrr <= 0n || oldHome <= 0n) return 0n;
  const rest = home - (amount * oldHome) / oldMrr;
  return rest >= 50n || rest <= -50n ? rest : 0n;
}
