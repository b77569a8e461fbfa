import type { Figure } from '../core/reports/report.ts';
import { html, type Html } from '../http/html.ts';
import { nothing } from './nothing.ts';
import type { Text } from './text/text.ts';
import { dayOf } from './time.ts';

/** Below so many, numerator, denominator and interval stand alone: no rate. */
export const SMALL_CELL = 20;

/** A figure's value, or why there is none. */
export function figureValue(text: Text, figure: Figure): Html {
  if (figure.value === null) return nothing(text);
  if (figure.n < SMALL_CELL) return html`<span class="note">${text.t('churn.small')}</span>`;
  return html`${rate(text, figure.id, figure.value)}`;
}

/** A share with one decimal; a ratio of two sums of money as a plain number. */
export function rate(text: Text, id: string, value: number): string {
  if (id === 'quick_ratio') return text.number(Math.round(value * 100) / 100);
  return new Intl.NumberFormat(text.language, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(value);
}

export function monthName(text: Text, month: string): string {
  return new Intl.DateTimeFormat(text.language, { timeZone: 'UTC', month: 'long', year: 'numeric' }).format(
    dayOf(month),
  );
}
