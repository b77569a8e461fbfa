import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvText } from '../../src/http/csv.ts';

const one = { value: (cell: string | number | boolean | null) => cell };
const body = (cell: string | number | boolean | null): string =>
  csvText(one, [cell]).replace(/^\uFEFFvalue\r\n/, '');

it('begins with a byte order mark and the names, and ends every line with CRLF', () => {
  const columns = { a: (row: number) => row, 'b, c': () => null };
  expect(csvText(columns, [1, 2])).toBe('\uFEFFa,"b, c"\r\n1,\r\n2,\r\n');
});

it('text that a spreadsheet would run gets an apostrophe, numbers stay numbers', () => {
  for (const first of ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']) {
    const [row] = parse(body(`${first}cmd|' /C calc'!A0`), { columns: false });
    expect(row, first).toEqual([`'${first}cmd|' /C calc'!A0`]);
  }
  expect([-12.5, 0, true, false, null].map(body)).toEqual([
    '-12.5\r\n',
    '0\r\n',
    'true\r\n',
    'false\r\n',
    '\r\n',
  ]);
  expect(body('-12.5')).toBe('-12.5\r\n');
  expect(body('-12.5x')).toBe("'-12.5x\r\n");
});

it('whatever text goes in comes out again, but for the apostrophe', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (cells) => {
      const columns = Object.fromEntries(cells.map((cell, n) => [`c${n}`, () => cell]));
      const [, read = []] = parse(csvText(columns, ['row']), { bom: true, columns: false });
      expect(read.map((cell, n) => (cells[n] === cell.slice(1) ? cell.slice(1) : cell))).toEqual(cells);
    }),
  );
});
