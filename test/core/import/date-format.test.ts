import { Temporal } from 'temporal-polyfill';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createDateReader, dateFormatProblem } from '../../../src/core/import/date-format.ts';

const day = (text: string, ...formats: string[]): string | null => createDateReader(formats, 'UTC').day(text);
const moment = (text: string, format: string, zone = 'UTC'): string | null =>
  createDateReader([format], zone).moment(text);

it.each([
  ['31-01-2024', 'dd-MM-yyyy', '2024-01-31'],
  ['01/31/2024', 'MM/dd/yyyy', '2024-01-31'],
  ['1/3/2024', 'M/d/yyyy', '2024-01-03'],
  ['31.01.2024', 'dd.MM.yyyy', '2024-01-31'],
  ['20240131', 'yyyyMMdd', '2024-01-31'],
  ['3 Feb 2024', 'd MMM yyyy', '2024-02-03'],
  ['February 3, 2024', 'MMMM d, yyyy', '2024-02-03'],
  ['29-02-2024', 'dd-MM-yyyy', '2024-02-29'],
  ['2024-01-31', 'iso', '2024-01-31'],
  ['2024-01-31 23:59', 'iso', '2024-01-31'],
  ['2024-01-31T23:59:58.123Z', 'iso', '2024-01-31'],
  ['31-01-2024 18:00', 'dd-MM-yyyy HH:mm', '2024-01-31'],
])('reads %s by %s as the day %s', (text, format, expected) => {
  expect(day(text, format)).toBe(expected);
});

it.each([
  ['31-02-2024', 'dd-MM-yyyy'],
  ['29-02-2023', 'dd-MM-yyyy'],
  ['29-02-1900', 'dd-MM-yyyy'],
  ['31-04-2024', 'dd-MM-yyyy'],
  ['00-01-2024', 'dd-MM-yyyy'],
  ['01-13-2024', 'dd-MM-yyyy'],
  ['1-1-2024', 'dd-MM-yyyy'],
  ['01-01-24', 'dd-MM-yyyy'],
  ['01-01-0024', 'dd-MM-yyyy'],
  ['01/01/2024', 'dd-MM-yyyy'],
  ['01-01-2024 10:00', 'dd-MM-yyyy'],
  [' 01-01-2024', 'dd-MM-yyyy'],
  ['01-01-2024x', 'dd-MM-yyyy'],
  ['3 Foo 2024', 'd MMM yyyy'],
  ['2024-01-31 24:00', 'iso'],
  ['2024-01-31 10:60', 'iso'],
  ['31-01-2024 13:00 PM', 'dd-MM-yyyy hh:mm a'],
  ['', 'iso'],
])('refuses %s by %s', (text, format) => {
  expect(day(text, format)).toBeNull();
});

it('tries several formats in their order', () => {
  const formats = ['dd-MM-yyyy', 'dd-MM-yyyy HH:mm'];
  expect(day('05-03-2024', ...formats)).toBe('2024-03-05');
  expect(createDateReader(formats, 'UTC').moment('05-03-2024 07:30')).toBe('2024-03-05T07:30:00.000Z');
});

it.each([
  ['05/03/2024 03:30 PM', 'dd/MM/yyyy hh:mm a', 'UTC', '2024-03-05T15:30:00.000Z'],
  ['05/03/2024 12:05 AM', 'dd/MM/yyyy hh:mm a', 'UTC', '2024-03-05T00:05:00.000Z'],
  ['05/03/2024 12:05 PM', 'dd/MM/yyyy hh:mm a', 'UTC', '2024-03-05T12:05:00.000Z'],
  ['2024-03-05 09:30', 'yyyy-MM-dd HH:mm', 'Europe/Berlin', '2024-03-05T08:30:00.000Z'],
  ['2024-07-05 09:30', 'yyyy-MM-dd HH:mm', 'Europe/Berlin', '2024-07-05T07:30:00.000Z'],
  ['2024-07-05 09:30:15.25', 'yyyy-MM-dd HH:mm:ss.SSS', 'UTC', '2024-07-05T09:30:15.250Z'],
  ['2024-07-05T09:30-05:00', "yyyy-MM-dd'T'HH:mmX", 'Europe/Berlin', '2024-07-05T14:30:00.000Z'],
  ['2024-07-05T09:30:00Z', 'iso', 'Europe/Berlin', '2024-07-05T09:30:00.000Z'],
  // not on any clock in Berlin: the clocks went from 2 to 3
  ['2024-03-31 02:30', 'yyyy-MM-dd HH:mm', 'Europe/Berlin', '2024-03-31T01:30:00.000Z'],
])('reads %s by %s in %s as %s', (text, format, zone, expected) => {
  expect(moment(text, format, zone)).toBe(expected);
});

it('keeps a moment without a time as a day, and gives it the midnight of its zone only where an instant is asked', () => {
  const reader = createDateReader(['dd-MM-yyyy'], 'America/New_York');
  expect(reader.moment('05-03-2024')).toBe('2024-03-05');
  expect(reader.instant('05-03-2024')).toBe('2024-03-05T05:00:00.000Z');
});

it('takes the day of the reader’s zone where the text names another', () => {
  expect(createDateReader(['iso'], 'Europe/Berlin').day('2024-03-05T23:30:00Z')).toBe('2024-03-06');
  expect(createDateReader(['iso'], 'America/New_York').day('2024-03-05T03:30:00Z')).toBe('2024-03-04');
});

it.each([
  [['dd-MM-yy'], 'year of two digits'],
  [['d-M-y'], 'year of two digits'],
  [['DD-MM-yyyy'], '"DD", which means nothing'],
  [['MM-yyyy'], 'one year, one month and one day'],
  [['dd-MM-yyyy hh:mm'], 'hh and a together'],
  [['dd/MM/yyyy', 'MM/dd/yyyy'], 'read one text as two days'],
])('refuses the formats %s with a sentence', (formats, words) => {
  expect(dateFormatProblem(formats)).toContain(words);
});

it('agrees with the calendar on every day and every text that looks like one', () => {
  const reader = createDateReader(['dd-MM-yyyy'], 'UTC');
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 15 }),
      fc.integer({ min: 1900, max: 2399 }),
      (dayOfMonth, month, year) => {
        const two = (value: number): string => String(value).padStart(2, '0');
        const iso = `${year}-${two(month)}-${two(dayOfMonth)}`;
        expect(reader.day(`${two(dayOfMonth)}-${two(month)}-${year}`)).toBe(isDay(iso) ? iso : null);
      },
    ),
    { seed: 7, numRuns: 2000 },
  );
});

function isDay(iso: string): boolean {
  try {
    return Temporal.PlainDate.from(iso, { overflow: 'reject' }).toString() === iso;
  } catch {
    return false;
  }
}
