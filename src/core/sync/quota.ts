import type { SyncContext } from './context.ts';

/** The customer's other apps need the daily quota too: with less than half of it left nothing large is read again unasked. */
export function isQuotaAmple({ hubspot }: Pick<SyncContext, 'hubspot'>): boolean {
  const { dailyLimit, dailyRemaining } = hubspot.usage();
  return dailyLimit === null || dailyRemaining === null || dailyRemaining >= dailyLimit / 2;
}
