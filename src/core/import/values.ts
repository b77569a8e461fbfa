import { escapePattern, type DateReader } from './date-format.ts';
import type { FieldType } from './kinds.ts';

/** Why a row cannot be loaded. */
export const REJECT_REASONS = {
  wrong_columns: 'wrong number of columns',
  unclosed_quote: 'a quotation mark that is never closed',
  unreadable_text: 'a byte that is not of the encoding',
  missing_id: 'missing id',
  missing_value: 'missing value',
  bad_date: 'bad date',
  bad_number: 'bad number',
  bad_yes_no: 'neither yes nor no',
  bad_currency: 'bad currency',
  bad_choice: 'a value that the field does not have',
  unknown_account: 'unknown account',
  unknown_contract: 'unknown contract',
  duplicate_id: 'the same id with other content',
} as const;
export type RejectReason = keyof typeof REJECT_REASONS;

/** A text that cannot be read, and a sentence that says what to do. */
export interface Refusal {
  reason: RejectReason;
  detail: string;
}

/** Brings a text into the stored form of its field. */
export type ValueReader = (text: string) => string | Refusal;

export interface ValueRules {
  dates: DateReader;
  dateFormats: readonly string[];
  decimal: '.' | ',';
  thousands: string | null;
  trueValues: readonly string[];
  falseValues: readonly string[];
}

/** The reader of a field's texts by the rules of its file. It is never given an empty text. */
export function readerOf(type: FieldType, rules: ValueRules): ValueReader {
  if (typeof type !== 'string') return choiceReader(type);
  switch (type) {
    case 'text':
      return (text) => text;
    case 'day':
      return dateReader(rules, (text) => rules.dates.day(text));
    case 'moment':
      return dateReader(rules, (text) => rules.dates.moment(text));
    case 'number':
      return numberReader(rules, () => null);
    case 'whole':
      return numberReader(rules, (value) => (value.includes('.') ? 'a whole number' : null));
    case 'positive':
      return numberReader(rules, (value) => (value === '0' || value.startsWith('-') ? 'above 0' : null));
    case 'yes_no':
      return yesNoReader(rules);
    case 'currency':
      return (text) =>
        /^[a-z]{3}$/i.test(text)
          ? text.toUpperCase()
          : refuse('bad_currency', `${quote(text)} is no currency of three letters such as EUR`);
  }
}

function dateReader(rules: ValueRules, read: (text: string) => string | null): ValueReader {
  const formats = rules.dateFormats.join(' or ');
  return (text) => read(text) ?? refuse('bad_date', `${quote(text)} is no date of the format ${formats}`);
}

function numberReader(rules: ValueRules, check: (value: string) => string | null): ValueReader {
  const pattern = numberPattern(rules);
  const digits = rules.thousands === null ? '' : ` and ${quote(rules.thousands)} between thousands`;
  return (given) => {
    // Exports separate thousands by spaces that do not break.
    const text = rules.thousands === ' ' ? given.replaceAll(/[\u00a0\u202f]/g, ' ') : given;
    if (!pattern.test(text))
      return refuse(
        'bad_number',
        `${quote(text)} is no number with the decimal sign ${quote(rules.decimal)}${digits}`,
      );
    const value = plainNumber(text, rules);
    const problem = check(value);
    return problem === null ? value : refuse('bad_number', `${quote(text)} must be ${problem}`);
  };
}

// Strict about thousands: "1,234" in a file with the decimal sign "." may as well be 1.234, so the mapping has to say.
function numberPattern({ decimal, thousands }: ValueRules): RegExp {
  const grouped = thousands === null ? '' : `|\\d{1,3}(?:${escapePattern(thousands)}\\d{3})+`;
  const sign = escapePattern(decimal);
  return new RegExp(`^[+-]?(?:(?:\\d+${grouped})(?:${sign}\\d*)?|${sign}\\d+)$`);
}

// One form for one number, so that 833 and 833.00 are no change.
function plainNumber(text: string, { decimal, thousands }: ValueRules): string {
  const plain = thousands === null ? text : text.replaceAll(thousands, '');
  const [whole = '', fraction = ''] = plain.replace(/^[+-]/, '').split(decimal);
  const left = whole.replace(/^0+(?=\d)/, '') || '0';
  const right = fraction.replace(/0+$/, '');
  const value = right === '' ? left : `${left}.${right}`;
  return text.startsWith('-') && value !== '0' ? `-${value}` : value;
}

function yesNoReader({ trueValues, falseValues }: ValueRules): ValueReader {
  const known = new Map<string, string>([
    ...trueValues.map((value) => [value.toLowerCase(), 'true'] as const),
    ...falseValues.map((value) => [value.toLowerCase(), 'false'] as const),
  ]);
  return (text) =>
    known.get(text.toLowerCase()) ??
    refuse('bad_yes_no', `${quote(text)} is neither yes nor no; name it in true_values or false_values`);
}

function choiceReader(choices: readonly string[]): ValueReader {
  const known = new Map(choices.map((choice) => [choice.toLowerCase(), choice]));
  return (text) =>
    known.get(text.toLowerCase()) ??
    refuse('bad_choice', `${quote(text)} is not one of ${choices.join(', ')}; translate it under values`);
}

function refuse(reason: RejectReason, detail: string): Refusal {
  return { reason, detail };
}

const LONGEST_QUOTE = 60;

/** A foreign text inside a sentence: shortened, on one line. */
export function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return `"${line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line}"`;
}
