import { en, type Catalogue } from './en.ts';

/** The languages there are. A new one is one more file and one more word here. */
const CATALOGUES: Readonly<Record<string, Catalogue>> = { en };
export const LANGUAGES = ['en'] as const;

type Values<Key extends keyof Catalogue> = Catalogue[Key] extends (values: infer Given) => string
  ? [Given]
  : [];

/** How a page speaks: one language, one time zone. */
export interface Text {
  language: string;
  timeZone: string;
  t<Key extends keyof Catalogue>(key: Key, ...values: Values<Key>): string;
  /** The words for a key that is made at run time; the fallback where the catalogue has none. */
  find(key: string, fallback: string): string;
  number(value: number): string;
  percent(share: number): string;
  /** With its sign, but for 0. */
  signed(value: number): string;
  /** An amount in a currency of any code; without one, as a bare number. */
  money(value: number, currency: string | null): string;
  /** The same without cents, for lists and sums. */
  wholeMoney(value: number, currency: string | null): string;
  /** A change of an amount, with its sign and without cents. */
  signedMoney(value: number, currency: string | null): string;
  date(at: Date): string;
  /** A day without a time, kept as its midnight in UTC: the same in every zone. */
  calendarDay(day: Date): string;
  dateTime(at: Date): string;
  /** "3 minutes ago" */
  ago(at: Date, now: Date): string;
}

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** The words of a language, and numbers and dates as they are written there, in a portal's time zone. */
export function textIn(language: string, timeZone: string | null): Text {
  const catalogue = CATALOGUES[language] ?? en;
  const zone = knownZone(timeZone);
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent' });
  const signed = new Intl.NumberFormat(language, { signDisplay: 'exceptZero', maximumFractionDigits: 2 });
  const date = new Intl.DateTimeFormat(language, { timeZone: zone, dateStyle: 'medium' });
  const calendarDay = new Intl.DateTimeFormat(language, { timeZone: 'UTC', dateStyle: 'medium' });
  const dateTime = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const text: Text = {
    language,
    timeZone: zone,
    t: (key, ...values) => {
      const words: unknown = catalogue[key];
      // The types tie each key to its values; the compiler cannot follow them through the union.
      return typeof words === 'function'
        ? String((words as (given: unknown) => unknown)(values[0]))
        : String(words);
    },
    find: (key, fallback) => {
      const words = Object.hasOwn(catalogue, key) ? catalogue[key as keyof Catalogue] : null;
      return typeof words === 'string' ? words : fallback;
    },
    number: (value) => number.format(value),
    percent: (share) => percent.format(share),
    signed: (value) => signed.format(value),
    money: (value, currency) => moneyFormat(language, currency).format(value),
    wholeMoney: (value, currency) => moneyFormat(language, currency).format(Math.round(value)),
    signedMoney: (value, currency) =>
      `${value > 0 ? '+' : ''}${moneyFormat(language, currency).format(Math.round(value))}`,
    date: (at) => date.format(at),
    calendarDay: (day) => calendarDay.format(day),
    dateTime: (at) => dateTime.format(at),
    ago: (at, now) => {
      const seconds = Math.max(0, Math.round((now.getTime() - at.getTime()) / 1000));
      if (seconds < MINUTE_S) return text.t('time.justNow');
      if (seconds < HOUR_S) return relative.format(-Math.floor(seconds / MINUTE_S), 'minute');
      if (seconds < DAY_S) return relative.format(-Math.floor(seconds / HOUR_S), 'hour');
      return relative.format(-Math.floor(seconds / DAY_S), 'day');
    },
  };
  return text;
}

// HubSpot names the zone; a name this Node does not know must not take the page down.
function knownZone(timeZone: string | null): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timeZone ?? 'UTC' }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

// A CRM may hold anything as a currency; what is no code of three letters must not take the page down.
function moneyFormat(language: string, currency: string | null): Intl.NumberFormat {
  return currency !== null && /^[A-Z]{3}$/i.test(currency)
    ? new Intl.NumberFormat(language, { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' })
    : new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
}
