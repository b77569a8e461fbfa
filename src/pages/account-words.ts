import type { AccountRow } from '../core/accounts/account-list.ts';
import { html, type Html } from '../http/html.ts';
import { nothing } from './nothing.ts';
import type { Text } from './text/text.ts';
import { dayOf, wholeMonths } from './time.ts';

type Band = NonNullable<AccountRow['band']>;
type HealthBand = NonNullable<AccountRow['health_band']>;
export type Tone = 'well' | 'waiting' | 'ill' | null;

const BAND_TONES: Readonly<Record<Band, Tone>> = {
  past_due: 'ill',
  within_30: 'ill',
  within_90: 'waiting',
  within_180: null,
  later: null,
};
const HEALTH_TONES: Readonly<Record<HealthBand, Tone>> = { good: 'well', watch: 'waiting', risk: 'ill' };

export function badge(words: string, tone: Tone): Html {
  return html`<span class="badge" data-tone="${tone}">${words}</span>`;
}

/** How long there is until the renewal or, where one is known, until the last day for notice: the colour is the band's. */
export function daysLeftBadge(
  text: Text,
  { daysLeft, countsTo, band }: { daysLeft: number; countsTo: 'notice' | 'renewal'; band: Band },
  room: 'short' | 'long',
): Html {
  return badge(text.t(`accounts.left.${countsTo}.${room}`, { days: daysLeft }), BAND_TONES[band]);
}

export function healthBadge(text: Text, band: HealthBand): Html {
  return badge(text.t(`accounts.health.${band}`), HEALTH_TONES[band]);
}

/** Who is no customer says so beside the name; that somebody is one needs no word. */
export function statusBadge(text: Text, status: AccountRow['status']): Html | null {
  if (status === 'customer') return null;
  return badge(
    text.t(`accounts.status.${status}`),
    status === 'lapsed' || status === 'uncovered' ? 'waiting' : null,
  );
}

/** What is not known, or is not there, where there is room to say so. */
export function unknown(words: string): Html {
  return html`<span class="soft">${words}</span>`;
}

/** A word of the CRM that has no words of ours: `budget_cut` is read as "Budget cut". The card reads it so too. */
export function readable(word: string): string {
  const words = word.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A change with its sign; a fall and a rise differ in colour as well. */
export function changeOf(text: Text, change: number | null, words: string): Html {
  if (change === null) return nothing(text, words);
  return html`<span class="change" data-way="${change < 0 && 'down'}${change > 0 && 'up'}"
    >${text.signed(change)}</span
  >`;
}

/** "2 y 10 m" in a table, "2 years 10 months" where there is room. */
export function tenure(text: Text, since: Date, today: string, room: 'short' | 'long'): string {
  const months = wholeMonths(since, dayOf(today));
  return text.t(`accounts.tenure.${room}`, {
    years: Math.floor(months / 12),
    months: months % 12,
    days: Math.round((dayOf(today).getTime() - since.getTime()) / 86_400_000),
  });
}
