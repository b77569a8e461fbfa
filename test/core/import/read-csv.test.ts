import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { readCsv, type CsvBreak, type CsvRow } from '../../../src/core/import/read-csv.ts';
import { temporaryFolder } from '../../support/folder.ts';

async function read(
  content: string | Buffer,
  options: { separator?: string; encoding?: string } = {},
): Promise<{ rows: CsvRow[]; end: CsvBreak | null }> {
  const path = join(await temporaryFolder(), 'file.csv');
  await writeFile(path, content);
  const reader = readCsv(path, { separator: ',', encoding: 'utf-8', ...options });
  const rows: CsvRow[] = [];
  for (;;) {
    const next = await reader.next();
    if (next.done === true) return { rows, end: next.value };
    rows.push(next.value);
  }
}

const TEXT = 'id,name\r\n1,Łódź & Café €\r\n2,日本\r\n';
const WEST = 'id,name\r\n1,Café €\r\n2,Zürich\r\n';
const fields = (text: string): string[][] =>
  text
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));

it.each([
  ['utf-8', Buffer.from(TEXT)],
  ['utf-8', Buffer.from(`\ufeff${TEXT}`)],
  ['utf-8 with BOM', Buffer.from(`\ufeff${TEXT}`)],
  ['UTF8', Buffer.from(TEXT)],
  ['utf-16le', iconv.encode(TEXT, 'utf-16le')],
  ['utf-16le', iconv.encode(TEXT, 'utf-16le', { addBOM: true })],
  ['utf-16be', iconv.encode(TEXT, 'utf-16be', { addBOM: true })],
  ['utf-16', iconv.encode(TEXT, 'utf-16le', { addBOM: true })],
])('reads %s, with and without a mark at the beginning', async (encoding, content) => {
  expect((await read(content, { encoding })).rows.map((row) => row.fields)).toEqual(fields(TEXT));
});

it.each(['windows-1252', 'iso-8859-15', 'windows-1250'])('reads %s', async (encoding) => {
  const content = iconv.encode(WEST, encoding);
  expect((await read(content, { encoding })).rows.map((row) => row.fields)).toEqual(fields(WEST));
});

it('keeps letters whole that a piece of the file cuts in two', async () => {
  const long = Array.from({ length: 60_000 }, (_, row) => `${row},日本語€`).join('\n');
  for (const encoding of ['utf-8', 'utf-16le']) {
    const { rows } = await read(iconv.encode(long, encoding), { encoding });
    expect(rows).toHaveLength(60_000);
    expect(rows.every((row) => row.fields[1] === '日本語€')).toBe(true);
  }
});

it.each([',', ';', '\t', '|'])('reads columns separated by %j', async (separator) => {
  const { rows } = await read(`a${separator}b\n"1${separator}5"${separator}2\n`, { separator });
  expect(rows.map((row) => row.fields)).toEqual([
    ['a', 'b'],
    [`1${separator}5`, '2'],
  ]);
});

it.each(['\n', '\r\n'])(
  'says in which line a row begins, over quoted newlines and blank lines, with %j',
  async (end) => {
    const lines = ['a,b', '1,"two', 'lines"', '', '2,x', '"3', '', '4",y'];
    const { rows } = await read(lines.join(end));
    expect(rows.map(({ fields: [first], line }) => [first, line])).toEqual([
      ['a', 1],
      ['1', 2],
      ['', 4],
      ['2', 5],
      [`3${end}${end}4`, 6],
    ]);
  },
);

it('takes quotation marks inside a field as they are', async () => {
  const { rows, end } = await read('a,b\n1,5" pipe\n2,"said ""no"""\n3,end\n');
  expect(rows.map((row) => row.fields[1])).toEqual(['b', '5" pipe', 'said "no"', 'end']);
  expect(end).toBeNull();
});

it('gives every row before a quotation mark that is never closed, and says where it ends', async () => {
  const { rows, end } = await read('a,b\n1,x\n2,y\n3,"open\n4,z\n');
  expect(rows.map((row) => row.fields[0])).toEqual(['a', '1', '2']);
  expect(end).toEqual({ line: 4 });
});

it('does not take a row of many megabytes into memory, and reads nothing behind it', async () => {
  const before = Array.from({ length: 5_000 }, (_, row) => `${row},x`).join('\n');
  const { rows, end } = await read(`a,b\n${before}\n9,"${'text\n'.repeat(2_000_000)}"\n10,x\n11,y\n`);
  expect(rows).toHaveLength(5_001);
  expect(end).toEqual({ line: 5_002 });
});

it('reads an empty file, and one that is only a header, as just that', async () => {
  expect((await read('')).rows).toEqual([]);
  expect((await read('\ufeff')).rows).toEqual([]);
  expect((await read('a,b')).rows).toEqual([{ fields: ['a', 'b'], line: 1 }]);
});
