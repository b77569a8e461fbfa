import { html, type Html } from '../http/html.ts';
import type { Text } from './text/text.ts';

/** "3 minutes ago", with the exact time behind it; the page's script keeps it true. */
export function time(text: Text, at: Date, now: Date): Html {
  return html`<time datetime="${at.toISOString()}" title="${text.dateTime(at)}" data-ago
    >${text.ago(at, now)}</time
  >`;
}

/** A day, with the exact time behind it. */
export function day(text: Text, at: Date): Html {
  return html`<time datetime="${at.toISOString()}" title="${text.dateTime(at)}">${text.date(at)}</time>`;
}

/** How long something runs: 1:05, or 2:01:05 from an hour on. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const tail = String(s).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${tail}` : `${m}:${tail}`;
}

/** A calendar day of the portal, written 2026-01-31, as the midnight in UTC that `calendarDay` expects. */
export function dayOf(iso: string): Date {
  return new Date(`${iso}T00:00:00Z`);
}

/** How many whole months lie between two calendar days. */
export function wholeMonths(from: Date, to: Date): number {
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
  return to.getUTCDate() < from.getUTCDate() ? months - 1 : months;
}
