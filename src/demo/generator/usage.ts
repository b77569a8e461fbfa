import type { Draft } from './bundle.ts';
import { addMonths, DAY_MS, dayText } from './days.ts';
import { random } from './random.ts';
import { USAGE_TYPE } from './shape.ts';

/** Use of the product, one record a month; it fades before an account leaves. */
export function buildUsage(draft: Draft): void {
  const { life, seed, shape, today } = draft;
  const dice = random(seed, life.account, 9);
  const count = shape[USAGE_TYPE];
  const end = life.churn?.day ?? today;
  const thisMonth = new Date(end * DAY_MS);
  const month = Math.floor(Date.UTC(thisMonth.getUTCFullYear(), thisMonth.getUTCMonth(), 1) / DAY_MS);
  const level = Math.max(5, 400 * Math.exp(0.5 * life.health + 0.3 * dice.normal()));
  for (let k = 0; k < count; k += 1) {
    const monthsLeft = count - 1 - k;
    const fade = life.churn === null ? 1 : Math.min(1, 0.25 + 0.2 * monthsLeft);
    const start = addMonths(month, -monthsLeft);
    const id = draft.add(USAGE_TYPE, {
      createdAt: Math.min(addMonths(start, 1) * DAY_MS, draft.anchor),
      properties: {
        usage_month: dayText(start),
        feature: 'all',
        active_users: Math.round((level / 20) * fade * (0.85 + 0.3 * dice.next())),
        event_count: Math.round(level * fade * (0.85 + 0.3 * dice.next())),
      },
    });
    draft.link([USAGE_TYPE, id], ['companies', draft.id('companies', 0)], 711, 712);
  }
}
