import type { Money } from './answer.ts';

/** Numbers, days and money as they are written in the user's own locale. */
export interface Format {
  number: (value: number) => string;
  /** at most one digit behind the point: the points of a score */
  points: (value: number) => string;
  /** with its sign: "+4", "−9" */
  signed: (value: number) => string;
  /** without its sign, where the words say which way it goes */
  unsigned: (value: number) => string;
  /** of a share in points of a hundred */
  percent: (value: number) => string;
  money: (value: Money) => string;
  signedMoney: (value: Money) => string;
  /** of a calendar day, which is the same in every zone */
  day: (day: string) => string;
  moment: (at: string, timeZone: string) => string;
  list: (parts: readonly string[]) => string;
}

export function createFormat(locale: string): Format {
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
  const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero', maximumFractionDigits: 1 });
  const unsigned = new Intl.NumberFormat(locale, { signDisplay: 'never' });
  const percent = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'percent',
    maximumFractionDigits: 0,
  });
  const days = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', dateStyle: 'medium' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  return {
    number: (value) => number.format(value),
    points: (value) => points.format(value),
    signed: (value) => signed.format(value),
    unsigned: (value) => unsigned.format(value),
    percent: (value) => percent.format(value),
    money: (value) => money(locale, value, 'auto'),
    signedMoney: (value) => money(locale, value, 'exceptZero'),
    day: (day) => days.format(new Date(`${day}T00:00:00Z`)),
    moment: (at, timeZone) =>
      new Intl.DateTimeFormat(locale, {
        timeZone: knownZone(timeZone),
        dateStyle: 'medium',
        timeStyle: 'short',
      }).format(new Date(at)),
    list: (parts) => list.format(parts),
  };
}

/** The user's locale as Intl takes it; HubSpot writes `en-us` and `pt_BR` as well. English where there is none. */
export function knownLocale(...given: readonly (string | undefined)[]): string {
  for (const one of given) {
    try {
      const [locale] = Intl.getCanonicalLocales((one ?? '').replace('_', '-'));
      if (locale !== undefined) return locale;
    } catch {
      // no locale at all; the next one may be
    }
  }
  return 'en';
}

function money(locale: string, { amount, currency }: Money, signDisplay: 'auto' | 'exceptZero'): string {
  try {
    return new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      signDisplay,
      trailingZeroDisplay: 'stripIfInteger',
    }).format(amount);
  } catch {
    // A CRM may hold anything as a currency: what is no code is written behind the number as it stands.
    return `${new Intl.NumberFormat(locale, { signDisplay }).format(amount)} ${currency}`;
  }
}

function knownZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
