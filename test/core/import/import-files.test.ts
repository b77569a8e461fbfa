import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeImport } from '../../../src/core/import/describe-import.ts';
import { rowsOf } from '../../warehouse/mirror.ts';
import { ACCOUNTS, importBench, onlyRow, reasons, type Section } from './import-bench.ts';

const CONTRACTS: Section = {
  file: 'contracts.csv',
  kind: 'contracts',
  columns: { contract_id: 'id', account_id: 'account', start_date: 'from', end_date: 'to', mrr: 'mrr' },
  date_format: 'dd-MM-yyyy',
};
const HEADER = 'id,account,from,to,mrr\n';
const HOUR = 3_600_000;

it('stores rows under their file’s name with canonical names and values, other columns beside them', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', 'id,name,Region\nA1, Alpha ,North\n');
  await bench.put(
    'contracts.csv',
    'id;account;from;to;mrr;renews;Sales rep;kind\nC1;A1;05-03-2024;;1.234,50;ja;Ann;Upsell\n',
  );
  await bench.run([
    ACCOUNTS,
    {
      ...CONTRACTS,
      columns: { ...(CONTRACTS['columns'] as object), auto_renew: 'renews', kind: 'kind' },
      constants: { currency: 'eur', is_trial: false },
      values: { kind: { Upsell: 'expansion' } },
      separator: ';',
      decimal: ',',
      thousands: '.',
      true_values: ['ja'],
      false_values: ['nein'],
    },
  ]);
  expect(await bench.stored('accounts')).toEqual([
    { id: 'accounts:A1', properties: { account_id: 'A1', name: 'Alpha', 'raw.Region': 'North' } },
  ]);
  expect(await bench.stored('contracts')).toEqual([
    {
      id: 'contracts:C1',
      properties: {
        account_id: 'A1',
        auto_renew: 'true',
        contract_id: 'C1',
        currency: 'EUR',
        is_trial: 'false',
        kind: 'expansion',
        mrr: '1234.5',
        start_date: '2024-03-05',
        'raw.Sales rep': 'Ann',
      },
    },
  ]);
});

it('rejects a row for every reason there is, with its line, and loads the rest', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', 'id,name\nA1,Alpha\n');
  const rows = [
    'C1,A1,01-02-2024,,10', // line 2: fine
    'C2,A1,31-02-2024,,10',
    'C3,A1,01-02-2024,,ten',
    ',A1,01-02-2024,,10',
    'C5,,01-02-2024,,10',
    'C6,A9,01-02-2024,,10',
    'C1,A1,01-02-2024,,11',
    'C8,A1,01-02-2024',
    'C9,A1,01-02-2024,,10,more',
    'C10,A1,01-02-2024,\xff,10',
    'C11,A1,01-03-2024,01-02-2024,10', // ends before it starts: a data problem, loaded
    'C1,A1,01-02-2024,,10.00', // line 13: the same again
    ',,,,',
    '',
    'C16,A1,01-02-2024,,10,"never closed',
    'C17,A1,01-02-2024,,10',
  ];
  await bench.put('contracts.csv', Buffer.from(HEADER + rows.join('\n'), 'latin1'));
  const result = await bench.run([CONTRACTS, ACCOUNTS]);
  expect(reasons(result)).toEqual([
    '3: bad date',
    '4: bad number',
    '5: missing id',
    '6: missing value',
    '7: unknown account',
    '8: the same id with other content',
    '9: wrong number of columns',
    '10: wrong number of columns',
    '11: a byte that is not of the encoding',
    '16: a quotation mark that is never closed',
  ]);
  expect(result.files.find(({ kind }) => kind === 'contracts')).toMatchObject({
    read: 15,
    fresh: 2,
    merged: 1,
    skipped: 2,
    rejected: 10,
    skippedBy: { 'blank line': 2 },
  });
  expect((await bench.stored('contracts')).map(({ id }) => id)).toEqual(['contracts:C1', 'contracts:C11']);
  expect(result.contradictions.find(({ check }) => check === 'contract_end_before_start')).toMatchObject({
    found: 1,
    of: 1,
    examples: ['contracts:C11'],
  });
});

it('writes the rejects beside the data, where no spreadsheet takes them for formulas', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', 'id,name,churn_flag\n"=cmd()",Alpha,perhaps\n');
  const result = await bench.run([
    { ...ACCOUNTS, columns: { account_id: 'id', name: 'name', churn_flag: 'churn_flag' } },
  ]);
  expect(result.rejectsFile).toBe(join(bench.dataDir, 'imports', '2026-03-01T12-00-00-000Z-rejects.csv'));
  expect(await readFile(result.rejectsFile ?? '', 'utf8')).toBe(
    'file,line,kind,id,field,reason,detail\r\n' +
      `accounts.csv,2,accounts,'=cmd(),churn_flag,neither yes nor no,"""perhaps"" is neither yes nor no; name it in true_values or false_values"\r\n`,
  );
  expect(result.keptFile).toBeNull();
});

it('changes nothing when the same files come again', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', 'id,name\nA1,Alpha\nA2,Beta\n');
  await bench.put('contracts.csv', `${HEADER}C1,A1,01-02-2024,,10\nC2,A2,01-02-2024,,20.50\n`);
  await bench.run([ACCOUNTS, CONTRACTS]);
  const before = await rowsOf(bench.warehouse, 'select * from objects order by object_type, id');
  await bench.clock.advance(HOUR);
  // written anew: a reader of another program, other decimals, other line ends
  await bench.put(
    'contracts.csv',
    `\ufeff${HEADER}C1,A1,01-02-2024,,10.00\nC2,A2,01-02-2024,,20.5\n`.replaceAll('\n', '\r\n'),
  );
  const { total } = await bench.run([ACCOUNTS, CONTRACTS]);
  expect(total).toMatchObject({ read: 4, fresh: 0, changed: 0, unchanged: 4 });
  expect(await rowsOf(bench.warehouse, 'select * from objects order by object_type, id')).toEqual(before);
  expect(await bench.versions()).toBe(4);
});

it('adds versions for edited rows alone, and keeps and lists rows that are gone', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', 'id,name\nA1,Alpha\nA2,Beta\nA3,Gamma\nA4,Delta\n');
  await bench.run([ACCOUNTS]);
  await bench.clock.advance(HOUR);
  await bench.put('accounts.csv', 'id,name\nA1,Alpha\nA2,Better\nA5,New\nA4\n');
  const result = await bench.run([ACCOUNTS]);
  // A4 is rejected this time, but it stands in the file without its id being readable: kept like A3
  expect(result.total).toMatchObject({ read: 4, fresh: 1, changed: 1, unchanged: 1, rejected: 1, kept: 2 });
  expect(await readFile(result.keptFile ?? '', 'utf8')).toBe(
    'file,kind,id\r\naccounts.csv,accounts,A3\r\naccounts.csv,accounts,A4\r\n',
  );
  expect(await rowsOf(bench.warehouse, 'select id, known_from, known_to from object_versions')).toEqual([
    { id: 'accounts:A2', known_from: '2026-03-01 12:00:00+00', known_to: '2026-03-01 13:00:00+00' },
  ]);
  expect((await bench.stored('accounts')).map(({ properties }) => properties['name'])).toEqual([
    'Alpha',
    'Better',
    'Gamma',
    'Delta',
    'New',
  ]);
  expect(describeImport(result)).toContain(
    `2 rows of earlier imports are kept, not in these files: ${result.keptFile}`,
  );
});

it('does not call a row gone that is in the file and rejected', async () => {
  const bench = await importBench();
  const dated: Section = {
    ...ACCOUNTS,
    columns: { account_id: 'id', name: 'name', created_date: 'since' },
  };
  await bench.put('accounts.csv', 'id,name,since\nA1,Alpha,2024-01-01\n');
  await bench.run([dated]);
  await bench.put('accounts.csv', 'id,name,since\nA1,Alpha,2024-13-01\n');
  expect((await bench.run([dated])).total).toMatchObject({ rejected: 1, kept: 0 });
});

it('loads a row whose id stood before in a row that could not be read', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', 'id,name,churn_flag\nA1,Alpha,perhaps\nA1,Alpha,yes\n');
  const columns = { account_id: 'id', name: 'name', churn_flag: 'churn_flag' };
  const { total } = await bench.run([{ ...ACCOUNTS, columns }]);
  expect(total).toMatchObject({ read: 2, fresh: 1, rejected: 1, merged: 0 });
});

it('knows a row from when it was recorded, and never changes what was known before', async () => {
  const bench = await importBench();
  const recorded: Section = { ...ACCOUNTS, recorded_at: 'modified' };
  const known = (): Promise<unknown> =>
    rowsOf(
      bench.warehouse,
      `select properties ->> 'name' as name, known_from, null as known_to from objects where id = 'accounts:A1'
       union all select properties ->> 'name', known_from, known_to::varchar from object_versions order by known_from`,
    );
  await bench.put(
    'accounts.csv',
    'id,name,modified\nA1,Alpha,2025-05-01 10:00\nA2,Beta,2027-01-01\nA3,Gamma,\n',
  );
  await bench.run([recorded]);
  expect(await rowsOf(bench.warehouse, 'select id, known_from from objects order by id')).toEqual([
    { id: 'accounts:A1', known_from: '2025-05-01 10:00:00+00' },
    { id: 'accounts:A2', known_from: '2026-03-01 12:00:00+00' }, // no row is known from the future
    { id: 'accounts:A3', known_from: '2026-03-01 12:00:00+00' },
  ]);
  await bench.clock.advance(HOUR);
  // corrected without a new date of recording: known from now on only
  await bench.put('accounts.csv', 'id,name,modified\nA1,Alfa,2025-05-01 10:00\n');
  await bench.run([recorded]);
  expect(await known()).toEqual([
    { name: 'Alpha', known_from: '2025-05-01 10:00:00+00', known_to: '2026-03-01 13:00:00+00' },
    { name: 'Alfa', known_from: '2026-03-01 13:00:00+00', known_to: null },
  ]);
  await bench.put('accounts.csv', 'id,name,modified\nA4,Delta,soon\n');
  expect(reasons(await bench.run([recorded]))).toEqual(['2: bad date']);
});

it('leaves out rows by rule, and counts them by it', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', 'id,name,state\nA1,Alpha,live\nA2,Beta,test\nA3,Gamma,\nA4,Delta,Test\n');
  const result = await bench.run([{ ...ACCOUNTS, skip_when: { state: ['test', ''] } }]);
  expect(result.files[0]).toMatchObject({
    read: 4,
    fresh: 2,
    skipped: 2,
    skippedBy: { 'state is "test" or empty': 2 },
  });
});

it('reads two kinds from one file', async () => {
  const bench = await importBench();
  await bench.put(
    'tickets.csv',
    'id,account,opened,closed,score\nT1,A1,2024-01-01,2024-01-02 10:00,4\nT2,A1,2024-01-03,,\n',
  );
  const result = await bench.run([
    {
      file: 'tickets.csv',
      kind: 'tickets',
      columns: {
        ticket_id: 'id',
        account_id: 'account',
        opened_at: 'opened',
        closed_at: 'closed',
        satisfaction: 'score',
      },
      time_zone: 'Europe/Berlin',
    },
    {
      file: 'tickets.csv',
      kind: 'responses',
      id: 'id',
      columns: { account_id: 'account', score: 'score', at: 'closed' },
      constants: { type: 'CSAT', min: 1, max: 5 },
      skip_when: { score: [''] },
      time_zone: 'Europe/Berlin',
      other_columns: 'leave',
    },
  ]);
  expect(result.total).toMatchObject({ read: 4, fresh: 3, skipped: 1 });
  expect(await onlyRow(bench, 'responses')).toEqual({
    account_id: 'A1',
    at: '2024-01-02T09:00:00.000Z',
    max: '5',
    min: '1',
    response_id: 'T1',
    score: '4',
    type: 'CSAT',
  });
  expect(result.notes).toEqual([expect.stringContaining('Nobody says which accounts there are')]);
});

it('takes rows without an id by their number, rates by what they are of, and several columns for one id', async () => {
  const bench = await importBench();
  await bench.put('purchases.csv', 'who,day,amount\nA1,2024-01-01,5\nA1,2024-01-01,5\n');
  await bench.put(
    'rates.csv',
    'from,to,date,rate\neur,usd,2024-01-01,1.10\nEUR,USD,2024-01-01,1.1\nEUR,USD,2024-02-01,1.2\n',
  );
  await bench.put('usage.csv', 'who,day,feature,n\nA|1,2024-01-01,x,1\nA,2024-01-01,1|x,1\n');
  await bench.run([
    {
      file: 'purchases.csv',
      kind: 'purchases',
      id: 'row',
      columns: { account_id: 'who', day: 'day', amount: 'amount' },
    },
    { file: 'rates.csv', kind: 'fx', columns: { from: 'from', to: 'to', date: 'date', rate: 'rate' } },
    {
      file: 'usage.csv',
      kind: 'usage',
      id: ['who', 'feature'],
      columns: { account_id: 'who', day: 'day', feature: 'feature', count: 'n' },
    },
  ]);
  const ids = async (kind: string): Promise<string[]> => (await bench.stored(kind)).map(({ id }) => id);
  expect(await ids('purchases')).toEqual(['purchases:1', 'purchases:2']);
  expect(await ids('fx')).toEqual(['rates:EUR|USD|2024-01-01', 'rates:EUR|USD|2024-02-01']);
  expect(await ids('usage')).toEqual(['usage:A\\|1|x', 'usage:A|1\\|x']);
});

it('does not take one account from two files, but from two files that follow each other', async () => {
  const bench = await importBench();
  await bench.put('2024.csv', 'id,name\nA1,Alpha\n');
  await bench.put('2025.csv', 'id,name\nA1,Alpha\nA2,Beta\n');
  const of = (file: string, name?: string): Section => ({
    ...ACCOUNTS,
    file,
    ...(name === undefined ? {} : { name }),
  });
  const both = await bench.run([of('2024.csv'), of('2025.csv')]);
  expect(both.rejects).toMatchObject([
    { file: '2025.csv', line: 2, reason: 'the same id with other content' },
  ]);
  const other = await importBench();
  await other.put('2024.csv', 'id,name\nA1,Alpha\n');
  await other.put('2025.csv', 'id,name\nA1,Alpha\nA2,Beta\n');
  await other.run([of('2024.csv', 'accounts')]);
  expect((await other.run([of('2025.csv', 'accounts')])).total).toMatchObject({
    fresh: 1,
    unchanged: 1,
    rejected: 0,
  });
});

it('knows the accounts and contracts of earlier imports, and HubSpot’s companies', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', 'id,name\nA1,Alpha\n');
  await bench.run([ACCOUNTS]);
  await bench.warehouse.write((db) =>
    db
      .run(`insert into objects values ('companies', '77', now(), now(), now(), false, null, '{}', 'x')`)
      .then(() => {}),
  );
  await bench.put(
    'contracts.csv',
    `${HEADER}C1,A1,01-02-2024,,10\nC2,77,01-02-2024,,10\nC3,78,01-02-2024,,10\n`,
  );
  expect(reasons(await bench.run([CONTRACTS]))).toEqual(['4: unknown account']);
  await bench.put('usage.csv', 'id,contract,day\nU1,C1,2024-03-01\nU2,C9,2024-03-01\nU3,,2024-03-01\n');
  const usage: Section = {
    file: 'usage.csv',
    kind: 'usage',
    columns: { usage_id: 'id', contract_id: 'contract', day: 'day' },
  };
  expect(reasons(await bench.run([usage]))).toEqual(['3: unknown contract', '4: missing value']);
});

it('takes an empty file, and a file that is only a header, for what they are', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', '');
  await bench.put('contracts.csv', HEADER.trim());
  const { total, rejectsFile } = await bench.run([ACCOUNTS, CONTRACTS]);
  expect(total).toMatchObject({ read: 0, fresh: 0, rejected: 0 });
  expect(rejectsFile).toBeNull();
  expect(await readdir(bench.dataDir)).not.toContain('imports');
});

it('names the files of the folder that no section reads', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', 'id,name\n');
  await bench.put('more/notes.csv', 'x\n');
  expect((await bench.run([ACCOUNTS])).notes).toEqual([
    'The mapping does not name more/notes.csv; it was not read.',
  ]);
});

it('loads a file of several batches whole, and ends at once when it is told to', async () => {
  const bench = await importBench();
  const rows = Array.from({ length: 120_001 }, (_, row) => `A${row},Name ${row}`);
  await bench.put('accounts.csv', `id,name\n${rows.join('\n')}\n`);
  const stop = new AbortController();
  stop.abort(new Error('stopped'));
  const { signal } = bench.ctx;
  bench.ctx.signal = stop.signal;
  await expect(bench.run([ACCOUNTS])).rejects.toThrow('stopped');
  bench.ctx.signal = signal;
  expect((await bench.run([ACCOUNTS])).total).toMatchObject({ read: 120_001, fresh: 120_001 });
  expect((await bench.run([ACCOUNTS])).total).toMatchObject({ unchanged: 120_001, changed: 0 });
  expect(await readdir(join(bench.warehouse.folder, 'segments'))).toEqual([]);
});
