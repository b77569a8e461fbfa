import type { Draft } from './bundle.ts';
import { seatsOf } from './company-changes.ts';
import { dayText } from './days.ts';
import { termOn } from './life.ts';
import { USAGE_TYPE } from './shape.ts';

/** Use of the product, one record a month. */
export function buildUsage(draft: Draft): void {
  const { life, plan } = draft;
  for (const { month, createdAt, share, events } of plan.usage) {
    const mrr = (termOn(life, month) ?? life.terms.find((term) => term.start >= month))?.mrr ?? 0;
    const id = draft.add(USAGE_TYPE, {
      createdAt,
      properties: {
        usage_month: dayText(month),
        feature: 'all',
        active_users: Math.max(1, Math.round(seatsOf(mrr) * Math.min(1, 0.6 * share))),
        event_count: events,
      },
    });
    draft.link([USAGE_TYPE, id], ['companies', draft.id('companies', 0)], 711, 712);
  }
}
