import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { movementsOf, openBook } from './book.ts';

const MART = new URL('../../../analytics/marts/movements.sql', import.meta.url);

const COLUMNS = [
  ['account_id', 'VARCHAR'],
  ['day', 'DATE'],
  ['month', 'DATE'],
  ['kind', 'VARCHAR'],
  ['currency', 'VARCHAR'],
  ['amount', 'DECIMAL(18,4)'],
  ['home_amount', 'DECIMAL(18,4)'],
  ['opening', 'DECIMAL(18,4)'],
  ['closing', 'DECIMAL(18,4)'],
  ['contract_ids', 'VARCHAR[]'],
  ['is_lapse', 'BOOLEAN'],
];

it('has the columns of its contract, and each says what it is', async () => {
  const db = await openBook();
  await movementsOf(db, []);
  const text = readFileSync(MART, 'utf8');
  const reader = await db.runAndReadAll(`describe ${text.replace(/;\s*$/, '')}`);
  expect(reader.getRows().map((row) => row.slice(0, 2))).toEqual(COLUMNS);
  const documented = [...text.matchAll(/^-- @(\w+) .+$/gm)].map((match) => match[1]);
  expect(documented).toEqual(COLUMNS.map(([name]) => name));
  db.closeSync();
});

it('is empty for a book without contracts', async () => {
  const db = await openBook();
  expect(await movementsOf(db, [])).toEqual([]);
  db.closeSync();
});
