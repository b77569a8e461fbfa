import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../src/core/errors.ts';
import { ImportMapping, parseImportMapping } from '../../../src/core/import/file-mapping.ts';
import { KIND_FIELDS, KINDS } from '../../../src/core/import/kinds.ts';
import { ACCOUNTS, importBench, type Section } from './import-bench.ts';

function messageOf(files: unknown): string {
  try {
    parseImportMapping({ files });
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  return 'it was accepted';
}

it.each<[string, Section, string]>([
  [
    'an unknown kind',
    { kind: 'customers' },
    'imports.files.0.kind: the kind "customers" is unknown; there are accounts, contracts',
  ],
  [
    'a field of another kind',
    { columns: { account_id: 'id', mrr: 'x' } },
    'accounts have no field mrr; they have account_id, name',
  ],
  ['a missing id', { columns: { name: 'name' } }, 'accounts need a column or a constant for account_id'],
  [
    'a missing way to tell rows apart',
    { kind: 'purchases', columns: { account_id: 'a', day: 'b', amount: 'c' } },
    'say with id which column identifies a row',
  ],
  ['a year of two digits', { date_format: 'dd.MM.yy' }, 'a year of two digits'],
  ['two formats that contradict', { date_format: ['dd/MM/yyyy', 'MM/dd/yyyy'] }, 'read one text as two days'],
  ['an unknown encoding', { encoding: 'utf-9' }, 'is no encoding we know'],
  ['letters for bytes', { encoding: 'base64' }, 'is no encoding we know'],
  ['an unknown zone', { time_zone: 'Mars/Base' }, 'is no time zone'],
  ['a long separator', { separator: ';;' }, 'imports.files.0.separator'],
  ['thousands like decimals', { thousands: '.' }, 'must differ from the decimal sign'],
  ['a file outside', { file: '../secret.csv' }, 'must lie inside the folder'],
  ['an unknown setting', { colums: {} }, 'colums'],
])('refuses %s with a sentence', (_name, change, words) => {
  expect(messageOf([{ ...ACCOUNTS, ...change }])).toContain(words);
});

it('refuses one file twice as one kind, but for sections of two names', () => {
  expect(messageOf([ACCOUNTS, ACCOUNTS])).toContain('accounts.csv is read as accounts twice');
  expect(parseImportMapping({ files: [ACCOUNTS, { ...ACCOUNTS, name: 'second' }] }).files).toHaveLength(2);
});

it('has a JSON Schema in which every setting is described', () => {
  const schema = z.toJSONSchema(ImportMapping, { io: 'input', target: 'draft-2020-12' });
  const text = JSON.stringify(schema);
  const { properties } = z
    .object({
      properties: z.object({
        files: z.object({
          items: z.object({
            properties: z.record(z.string(), z.object({ description: z.string().min(10) })),
          }),
        }),
      }),
    })
    .parse(schema).properties.files.items;
  expect(Object.keys(properties)).toContain('skip_when');
  expect(text).toContain('"contracts"');
});

it('every kind fills its first id field, and needs only fields that it has', () => {
  for (const kind of KINDS) {
    const { fields, id, mapped, needed } = KIND_FIELDS[kind];
    for (const field of [...id, ...mapped.flat(), ...needed])
      expect(Object.keys(fields), kind).toContain(field);
  }
});

it('the worked examples are mappings', async () => {
  for (const name of ['ravenstack', 'cdnow']) {
    const file = new URL(`../../../docs/examples/${name}.mapping.json`, import.meta.url);
    const { imports } = JSON.parse(await readFile(file, 'utf8')) as { imports: unknown };
    expect(parseImportMapping(imports).files.length).toBeGreaterThan(0);
  }
});

it.each<[string, string, Section, string]>([
  [
    'a file that is not there',
    'x',
    { file: 'acounts.csv' },
    'names the file acounts.csv, which is not in the folder; there is accounts.csv.',
  ],
  [
    'a column that is not there',
    'id,title\n1,a\n',
    {},
    'accounts.csv has no column name; its columns are id, title.',
  ],
  [
    'a column to skip by that is not there',
    'id,name\n',
    { skip_when: { State: ['x'] } },
    'has no column State',
  ],
  [
    'another separator',
    'id;name\n1;a\n',
    {},
    'The columns of accounts.csv are separated by ";", not by ",": set its separator in the mapping.',
  ],
  [
    'another encoding',
    Buffer.from('id,name\n', 'utf16le').toString('latin1'),
    {},
    'accounts.csv is not utf-8: set its encoding in the mapping, for example utf-16le.',
  ],
  ['two columns of one name', 'id,name,name\n', {}, 'accounts.csv has two columns name'],
  [
    'a constant that cannot be',
    'id,name\n',
    { constants: { churn_flag: 'perhaps' } },
    'The constant churn_flag of accounts.csv cannot be used: "perhaps" is neither yes nor no',
  ],
])('refuses %s before anything is loaded', async (_name, content, change, words) => {
  const bench = await importBench();
  await bench.put('first.csv', 'id,name\n1,a\n');
  await bench.put('accounts.csv', Buffer.from(content, 'latin1'));
  const run = bench.run([
    { ...ACCOUNTS, file: 'first.csv' },
    { ...ACCOUNTS, ...change },
  ]);
  await expect(run).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringContaining(
      words.replace('there is accounts.csv.', 'there is accounts.csv, first.csv.'),
    ) as string,
  });
  expect(await bench.versions()).toBe(0);
});

it('refuses a folder that is not there', async () => {
  const bench = await importBench();
  await expect(bench.run([ACCOUNTS], '/nowhere/at/all')).rejects.toMatchObject({
    code: 'invalid',
    message: 'There is no folder /nowhere/at/all. Name the folder with the CSV files.',
  });
});

it('says all that does not fit at once', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', 'id;name\n');
  const run = bench.run([ACCOUNTS, { ...ACCOUNTS, file: 'more.csv' }]);
  await expect(run).rejects.toThrow(/separated by[\s\S]*more\.csv[\s\S]*Nothing was imported\./);
});
