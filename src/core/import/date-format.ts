import { Temporal } from 'temporal-polyfill';

/** What a text says of a time. */
interface Written {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  millisecond: number;
  hasTime: boolean;
  /** minutes east of UTC; null where the text names no zone */
  offset: number | null;
}

/** Reads a text as a day and a moment; null where it does not fit the format to the letter. */
export interface DateReader {
  /** `YYYY-MM-DD`, in the reader's zone where the text names another one */
  day(text: string): string | null;
  /** an ISO moment in UTC; the day alone where no time is written */
  moment(text: string): string | null;
  /** an ISO moment in UTC, midnight of the zone where no time is written */
  instant(text: string): string | null;
}

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
const MINUTE_MS = 60_000;

/** A text as itself inside a pattern. */
export function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

type Part = (written: Written, text: string) => boolean;
const number =
  (set: (written: Written, value: number) => void, low: number, high: number): Part =>
  (written, text) => {
    const value = Number(text);
    set(written, value);
    return value >= low && value <= high;
  };
const year = number((written, value) => (written.year = value), 1900, 9999);
const month = number((written, value) => (written.month = value), 1, 12);
const day = number((written, value) => (written.day = value), 1, 31);
const hour = number((written, value) => setHour(written, value), 0, 23);
const halfDayHour = number((written, value) => setHour(written, value % 12), 1, 12);
const minute = number((written, value) => (written.minute = value), 0, 59);
const second = number((written, value) => (written.second = value), 0, 59);

function setHour(written: Written, value: number): void {
  written.hour += value;
  written.hasTime = true;
}
const millisecond: Part = (written, text) => {
  written.millisecond = Number(text.padEnd(3, '0').slice(0, 3));
  return true;
};
const halfDay: Part = (written, text) => {
  if (/^p/i.test(text)) written.hour += 12;
  return true;
};
const monthName: Part = (written, text) => {
  const name = text.toLowerCase();
  written.month = MONTHS.findIndex((full) => full === name || full.slice(0, 3) === name) + 1;
  return written.month > 0;
};
const zone: Part = (written, text) => {
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(text);
  written.offset =
    match === null ? 0 : (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0));
  return Math.abs(written.offset) <= 18 * 60;
};

const TOKENS: Readonly<Record<string, { pattern: string; part: Part }>> = {
  yyyy: { pattern: '\\d{4}', part: year },
  MM: { pattern: '\\d{2}', part: month },
  M: { pattern: '\\d{1,2}', part: month },
  MMM: { pattern: '[A-Za-z]{3}', part: monthName },
  MMMM: { pattern: '[A-Za-z]{3,9}', part: monthName },
  dd: { pattern: '\\d{2}', part: day },
  d: { pattern: '\\d{1,2}', part: day },
  HH: { pattern: '\\d{2}', part: hour },
  H: { pattern: '\\d{1,2}', part: hour },
  hh: { pattern: '\\d{2}', part: halfDayHour },
  h: { pattern: '\\d{1,2}', part: halfDayHour },
  mm: { pattern: '\\d{2}', part: minute },
  ss: { pattern: '\\d{2}', part: second },
  SSS: { pattern: '\\d{1,9}', part: millisecond },
  a: { pattern: '[AaPp]\\.?[Mm]\\.?', part: halfDay },
  X: { pattern: '[Zz]|[+-]\\d{2}:?(?:\\d{2})?', part: zone },
};
const ISO = ['yyyy-MM-dd', 'HH:mm', ':ss', '.SSS', 'X'] as const;

interface Format {
  pattern: RegExp;
  parts: readonly Part[];
  /** the order of year, month and day, to find two formats that read one text in two ways */
  order: string;
}

/** Says in one sentence what is wrong with a date format; null when it can be used. */
export function dateFormatProblem(formats: readonly string[]): string | null {
  for (const format of formats) {
    const problem = format === 'iso' ? null : formatProblem(format);
    if (problem !== null) return problem;
  }
  const shapes = new Map<string, string>();
  for (const format of formats) {
    const { pattern, order } = compile(format);
    const other = shapes.get(pattern.source);
    if (other !== undefined && other !== order)
      return `the date formats ${formats.join(' and ')} read one text as two days; keep one of them`;
    shapes.set(pattern.source, order);
  }
  return null;
}

function formatProblem(format: string): string | null {
  const tokens = tokensOf(format).filter((token) => !token.literal);
  const unknown = tokens.find(({ text }) => TOKENS[text] === undefined)?.text;
  if (unknown === 'yy' || unknown === 'y')
    return `the date format "${format}" has a year of two digits, which can be read two ways; export the file with four (yyyy)`;
  if (unknown !== undefined)
    return `the date format "${format}" has "${unknown}", which means nothing; write for example dd-MM-yyyy or yyyy-MM-dd HH:mm`;
  const order = orderOf(tokens);
  if (order.toLowerCase().split('').toSorted().join('') !== 'dmy')
    return `the date format "${format}" needs one year, one month and one day, for example dd-MM-yyyy`;
  const has = (letter: string): boolean => tokens.some(({ text }) => text.startsWith(letter));
  if (has('h') !== has('a'))
    return `the date format "${format}" needs hh and a together (03:30 PM), or HH alone (15:30)`;
  return null;
}

function orderOf(tokens: readonly { text: string }[]): string {
  return tokens
    .map(({ text }) => text.charAt(0))
    .filter((letter) => /[yMd]/.test(letter))
    .join('');
}

function tokensOf(format: string): { text: string; literal: boolean }[] {
  return [...format.matchAll(/'([^']*)'|([A-Za-z])\2*|[^A-Za-z']+/g)].map(([all, quoted, letter]) => ({
    text: quoted ?? all,
    literal: letter === undefined,
  }));
}

function compile(format: string): Format {
  if (format === 'iso') return compileIso();
  const tokens = tokensOf(format);
  const parts = tokens.flatMap(({ text, literal }) => (literal ? [] : [tokenOf(text).part]));
  const source = tokens.map(({ text, literal }) =>
    literal ? escapePattern(text) : `(${tokenOf(text).pattern})`,
  );
  return {
    pattern: new RegExp(`^${source.join('')}$`),
    parts,
    order: orderOf(tokens.filter((token) => !token.literal)),
  };
}

function compileIso(): Format {
  const [date, time, seconds, fraction, offset] = ISO.map((format) => compilePart(format));
  const pattern = `^${date?.source}(?:[T ]${time?.source}(?:${seconds?.source}(?:${fraction?.source})?)?(?:${offset?.source})?)?$`;
  return {
    pattern: new RegExp(pattern),
    parts: [date, time, seconds, fraction, offset].flatMap((one) => one?.parts ?? []),
    order: 'yMd',
  };
}

function compilePart(format: string): { source: string; parts: readonly Part[] } {
  const { pattern, parts } = compile(format);
  return { source: pattern.source.slice(1, -1), parts };
}

function tokenOf(text: string): { pattern: string; part: Part } {
  const token = TOKENS[text];
  if (token === undefined) throw new RangeError(`${text} is no part of a date`);
  return token;
}

/** A reader of texts in one of the formats; days and moments without a zone are of `timeZone`. The formats must be sound. */
export function createDateReader(formats: readonly string[], timeZone: string): DateReader {
  const compiled = formats.map(compile);
  const read = (text: string): Written | null => {
    for (const format of compiled) {
      const written = match(format, text);
      if (written !== null) return written;
    }
    return null;
  };
  const toUtc = createZone(timeZone);
  const instant = (written: Written): string => new Date(toUtc(written)).toISOString();
  return {
    day: (text) => {
      const written = read(text);
      if (written === null) return null;
      return written.offset === null ? isoDay(written) : dayInZone(toUtc(written), timeZone);
    },
    moment: (text) => {
      const written = read(text);
      if (written === null) return null;
      return written.hasTime ? instant(written) : isoDay(written);
    },
    instant: (text) => {
      const written = read(text);
      return written === null ? null : instant(written);
    },
  };
}

function match(format: Format, text: string): Written | null {
  const found = format.pattern.exec(text);
  if (found === null) return null;
  const written: Written = {
    year: 0,
    month: 0,
    day: 0,
    hour: 0,
    minute: 0,
    second: 0,
    millisecond: 0,
    hasTime: false,
    offset: null,
  };
  for (const [index, part] of format.parts.entries()) {
    const piece = found[index + 1];
    if (piece !== undefined && !part(written, piece)) return null;
  }
  return written.day <= daysOf(written.year, written.month) ? written : null;
}

function daysOf(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isoDay({ year, month, day }: Written): string {
  return `${year}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`;
}

function dayInZone(ms: number, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

const KNOWN_MINUTES = 50_000;

// Asking for a zone's offset costs more than all else of a row, and times repeat: answers are kept, by the minute.
function createZone(timeZone: string): (written: Written) => number {
  const offsets = new Map<number, number>();
  return ({ year, month, day, hour, minute, second, millisecond, offset }) => {
    const wall = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
    if (offset !== null) return wall - offset * MINUTE_MS;
    if (timeZone === 'UTC') return wall;
    const key = Math.floor(wall / MINUTE_MS);
    const known = offsets.get(key);
    if (known !== undefined) return wall - known;
    const plain = new Temporal.PlainDateTime(year, month, day, hour, minute);
    const utc = plain.toZonedDateTime(timeZone).epochMilliseconds;
    const found = key * MINUTE_MS - utc;
    if (offsets.size >= KNOWN_MINUTES) offsets.clear();
    offsets.set(key, found);
    return wall - found;
  };
}
