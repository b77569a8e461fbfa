import { expect, it } from 'vitest';
import { createDateReader } from '../../../src/core/import/date-format.ts';
import type { FieldType } from '../../../src/core/import/kinds.ts';
import { readerOf, type Refusal, type ValueRules } from '../../../src/core/import/values.ts';

const RULES: ValueRules = {
  dates: createDateReader(['iso'], 'UTC'),
  dateFormats: ['iso'],
  decimal: '.',
  thousands: null,
  trueValues: ['true', 'yes', '1'],
  falseValues: ['false', 'no', '0'],
};
const read = (type: FieldType, text: string, rules: Partial<ValueRules> = {}): string | Refusal =>
  readerOf(type, { ...RULES, ...rules })(text);
const reasonOf = (value: string | Refusal): string => (typeof value === 'string' ? value : value.reason);

it.each([
  ['833', '.', null, '833'],
  ['833.00', '.', null, '833'],
  ['0833.50', '.', null, '833.5'],
  ['-12.5', '.', null, '-12.5'],
  ['+7', '.', null, '7'],
  ['.5', '.', null, '0.5'],
  ['5.', '.', null, '5'],
  ['-0.00', '.', null, '0'],
  ['12,50', ',', null, '12.5'],
  ['1.234,56', ',', '.', '1234.56'],
  ['1,234,567.89', '.', ',', '1234567.89'],
  ["1'234.50", '.', "'", '1234.5'],
  ['1 234,50', ',', ' ', '1234.5'],
  ['1\u00a0234,50', ',', ' ', '1234.5'],
  ['1\u202f234\u202f567', ',', ' ', '1234567'],
  ['1234,5', ',', '.', '1234.5'],
  ['99999999999999999999.12', '.', null, '99999999999999999999.12'],
] as const)(
  'reads %s with the decimal sign %s and thousands %s as %s',
  (text, decimal, thousands, expected) => {
    expect(read('number', text, { decimal, thousands })).toBe(expected);
  },
);

it.each([
  ['12,50', '.', null],
  ['1,234', '.', null],
  ['1.234', ',', null],
  ['12,34,567', '.', ','],
  ['1,23', '.', ','],
  ['1e3', '.', null],
  ['€ 5', '.', null],
  ['5 %', '.', null],
  ['(5)', '.', null],
  ['5-', '.', null],
  ['--5', '.', null],
  ['.', '.', null],
  ['NaN', '.', null],
  ['٣', '.', null],
] as const)('refuses %s with the decimal sign %s and thousands %s', (text, decimal, thousands) => {
  expect(reasonOf(read('number', text, { decimal, thousands }))).toBe('bad_number');
});

it('asks for whole numbers where a part of one has no meaning, and for rates above 0', () => {
  expect(read('whole', '12.0')).toBe('12');
  expect(reasonOf(read('whole', '12.5'))).toBe('bad_number');
  expect(read('positive', '1.08')).toBe('1.08');
  expect(reasonOf(read('positive', '0'))).toBe('bad_number');
  expect(reasonOf(read('positive', '-1'))).toBe('bad_number');
});

it('reads yes and no by the file’s own words', () => {
  expect(read('yes_no', 'TRUE')).toBe('true');
  expect(read('yes_no', 'No')).toBe('false');
  expect(reasonOf(read('yes_no', 'ja'))).toBe('bad_yes_no');
  const rules = { trueValues: ['ja'], falseValues: ['nein'] };
  expect(read('yes_no', 'Ja', rules)).toBe('true');
  expect(reasonOf(read('yes_no', 'yes', rules))).toBe('bad_yes_no');
});

it('reads currencies and choices without regard to capital letters, and no others', () => {
  expect(read('currency', 'eur')).toBe('EUR');
  expect(reasonOf(read('currency', '€'))).toBe('bad_currency');
  expect(read(['NPS', 'CSAT'], 'nps')).toBe('NPS');
  expect(read(['NPS', 'CSAT'], 'stars')).toEqual({
    reason: 'bad_choice',
    detail: '"stars" is not one of NPS, CSAT; translate it under values',
  });
});

it('quotes a long foreign text short and on one line', () => {
  const refusal = read('number', `a\nb${'c'.repeat(200)}`);
  expect(typeof refusal === 'string' ? '' : refusal.detail).toMatch(/^"a bc{57}…" is no number/);
});
