import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it, onTestFinished } from 'vitest';
import { openDocuments, type Documents } from '../../src/warehouse/documents.ts';

const COUNT = 100;

async function documentsOf(count: number): Promise<{ documents: Documents; drop: () => Promise<void> }> {
  const instance = await DuckDBInstance.create();
  onTestFinished(() => instance.closeSync());
  const db = await instance.connect();
  await db.run('create table cards (account_id varchar, document varchar)');
  await db.run(
    `insert into cards select range, '{"n":' || range || ',"name":"Zoë\\x41"}' from range(${count})`,
  );
  await db.run('create unique index cards_account_id on cards(account_id)');
  const documents = openDocuments(instance);
  onTestFinished(() => documents.close());
  return { documents, drop: async () => void (await db.run('drop table cards')) };
}

const textOf = (document: Buffer | null): string | null => document?.toString() ?? null;

it('many that are asked for at once each get their own, and null where there is none', async () => {
  const { documents } = await documentsOf(COUNT);
  const keys = Array.from({ length: COUNT + 10 }, (_, n) => String(n));
  const found = await Promise.all(keys.map((key) => documents.find(key)));
  expect(found.map(textOf)).toEqual(
    keys.map((key, n) => (n < COUNT ? `{"n":${key},"name":"Zoë\\x41"}` : null)),
  );
});

it('the same one asked for twice at once is given twice', async () => {
  const { documents } = await documentsOf(3);
  const [a, b, c] = await Promise.all([documents.find('1'), documents.find('2'), documents.find('2')]);
  expect([a, b, c].map(textOf)).toEqual([
    '{"n":1,"name":"Zoë\\x41"}',
    '{"n":2,"name":"Zoë\\x41"}',
    '{"n":2,"name":"Zoë\\x41"}',
  ]);
});

it('a lookup that fails is told to everybody who waits for it, and the next one is tried afresh', async () => {
  const { documents, drop } = await documentsOf(5);
  expect(await documents.find('1')).not.toBeNull();
  await drop();
  const answers = await Promise.allSettled(['1', '2', '3'].map((key) => documents.find(key)));
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  await expect(documents.find('4')).rejects.toThrow(/cards/);
});
