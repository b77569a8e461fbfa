import { expect, it } from 'vitest';
import { inputsThen } from '../../../src/core/accounts/inputs-then.ts';
import { csvRows, portalBench } from '../../support/portal-bench.ts';

const DAY_MS = 86_400_000;
const CONTRACTS = {
  version: 1,
  imports: {
    files: [
      { file: 'accounts.csv', kind: 'accounts', columns: { account_id: 'id', name: 'name' } },
      {
        file: 'contracts.csv',
        kind: 'contracts',
        columns: {
          contract_id: 'id',
          account_id: 'account',
          start_date: 'start',
          end_date: 'end',
          mrr: 'mrr',
        },
        recorded_at: 'recorded',
      },
    ],
  },
};
const ACCOUNTS = 'id,name\nA1,Alpha\n';
const contracts = (...rows: string[]): string => ['id,account,start,end,mrr,recorded', ...rows].join('\n');
const ids = (text: string | undefined): string[] =>
  csvRows(text ?? '').map((row) => row['contract_id'] ?? '');

it('what was known at a moment is the same after another import, whenever its rows were recorded', async () => {
  const bench = await portalBench();
  const first = contracts('C1,A1,2025-01-01,2026-12-31,100,2025-06-01T00:00:00Z');
  await bench.import({ 'accounts.csv': ACCOUNTS, 'contracts.csv': first }, CONTRACTS);
  await bench.clock.advance(2 * DAY_MS);
  const asked = new Date(bench.clock.now().getTime() - DAY_MS);
  const before = await bench.export(asked, 'import');
  expect(ids(before['contracts'])).toEqual(['import:contracts:C1']);
  await bench.clock.advance(DAY_MS);
  const second = contracts(
    'C1,A1,2025-01-01,2026-12-31,150,2026-03-01T12:00:00Z',
    'C2,A1,2025-02-01,2026-12-31,70,2025-07-01T00:00:00Z',
    'C3,A1,2025-02-01,2026-12-31,30,2026-03-02T00:00:00Z',
  );
  const result = await bench.import({ 'accounts.csv': ACCOUNTS, 'contracts.csv': second }, CONTRACTS);
  expect(result.total).toMatchObject({ fresh: 2, changed: 1 });
  expect(await bench.export(asked, 'import')).toEqual(before);
  expect(ids((await bench.export(undefined, 'import'))['contracts'])).toHaveLength(3);
});

it('rows that a first import knows from earlier are asked for at their own time, and not before it', async () => {
  const bench = await portalBench();
  await expect(bench.export('2025-06-02', 'main')).rejects.toThrow('Sync first: holdfast sync');
  const rows = contracts(
    'C1,A1,2025-01-01,2026-12-31,100,2025-06-01T00:00:00Z',
    'C2,A1,2025-02-01,2026-12-31,70,2025-07-01T00:00:00Z',
  );
  const ACCOUNTS_OF_THEN = {
    ...CONTRACTS,
    imports: {
      files: CONTRACTS.imports.files.map((file) =>
        file.kind === 'accounts' ? { ...file, recorded_at: 'recorded' } : file,
      ),
    },
  };
  await bench.import(
    { 'accounts.csv': 'id,name,recorded\nA1,Alpha,2025-06-01T00:00:00Z\n', 'contracts.csv': rows },
    ACCOUNTS_OF_THEN,
  );
  expect(ids((await bench.export('2025-06-15', 'import'))['contracts'])).toEqual(['import:contracts:C1']);
  expect(ids((await bench.export('2025-07-01T00:00:00Z', 'import'))['contracts'])).toHaveLength(2);
  await expect(bench.export('2025-05-01', 'import')).rejects.toThrow(
    'the first imported row was recorded on 2025-06-01 00:00 UTC',
  );
});

it('a day is the portal’s, in the zone that was known then; what lies ahead is refused', async () => {
  const bench = await portalBench({ accounts: 5 });
  bench.source.timeZone = 'America/New_York';
  await bench.sync();
  await bench.clock.advance(4 * DAY_MS);
  bench.source.timeZone = 'Pacific/Auckland';
  await bench.sync();
  await bench.clock.advance(DAY_MS + 5 * 3_600_000); // 15:00 on the 6th, which is 04:00 on the 7th in Auckland
  const warehouse = await bench.ctx.warehouse(bench.portal);
  const knownAt = async (asked: string): Promise<string> => {
    const { knownAt: at, today } = await inputsThen(bench.ctx, bench.portal, warehouse, asked);
    return `${at.toISOString()}, today ${today}`;
  };
  expect(await knownAt('2026-03-03')).toBe('2026-03-04T04:59:59.999Z, today 2026-03-03');
  expect(await knownAt('2026-03-06')).toBe('2026-03-06T10:59:59.999Z, today 2026-03-06');
  // of today it is known what is known now
  expect(await knownAt('2026-03-07')).toMatch(/^2026-03-06T15:0.*, today 2026-03-07$/);
  await expect(knownAt('2026-03-08')).rejects.toThrow('2026-03-08 lies ahead');
  await expect(knownAt('2026-03-06T18:00:00Z')).rejects.toThrow('lies ahead');
  await expect(knownAt('2026-02-30')).rejects.toThrow('must be a day or a moment');
  await expect(knownAt('2026-03-03T10:00')).rejects.toThrow('must be a day or a moment');
  await expect(knownAt('2026-02-20')).rejects.toThrow('Holdfast began watching on 2026-03-01 10:0');
});

it('the zone, the currency and our app of then compute the answer of then', async () => {
  const bench = await portalBench({ accounts: 12, hubspotAppId: '4711' });
  bench.fake.state.create('notes', { hs_timestamp: '2026-03-01T23:30:00Z', hs_object_source_id: '4711' });
  await bench.sync();
  const asked = bench.clock.now();
  const before = await bench.export(asked);
  const notes = (text: string | undefined): unknown[] =>
    csvRows(text ?? '').filter((row) => row['by_us'] === 'true');
  expect(notes(before['touches'])).toMatchObject([{ type: 'note', day: '2026-03-02' }]);
  await bench.clock.advance(DAY_MS);
  bench.source.timeZone = 'America/New_York';
  bench.source.companyCurrency = 'EUR';
  bench.ctx.hubspotAppId = '1';
  await bench.sync();
  expect(await bench.export(asked)).toEqual(before);
  const after = await bench.export();
  expect(notes(after['touches'])).toEqual([]);
  expect(after['contracts']).not.toBe(before['contracts']);
});

it('rows of files reach the companies of HubSpot, through merges too', async () => {
  const bench = await portalBench({ accounts: 8 });
  await bench.sync();
  const [kept, gone] = [...bench.fake.state.all('companies')];
  const document = {
    version: 1,
    imports: {
      files: [
        {
          file: 'contracts.csv',
          kind: 'contracts',
          columns: {
            contract_id: 'id',
            account_id: 'account',
            start_date: 'start',
            end_date: 'end',
            mrr: 'mrr',
          },
        },
        {
          file: 'touches.csv',
          kind: 'touches',
          columns: { touch_id: 'id', account_id: 'account', at: 'at', type: 'type' },
        },
      ],
    },
  };
  const files = {
    'contracts.csv': `id,account,start,end,mrr\nC1,${gone?.id},2026-01-01,2026-12-31,100\n`,
    'touches.csv': `id,account,at,type\nT1,${gone?.id},2026-02-01T10:00:00Z,call\nT2,0,2026-02-01T10:00:00Z,call\n`,
  };
  const result = await bench.import(files, document, 'main');
  expect(result.total).toMatchObject({ fresh: 2, rejected: 1 });
  const accountsOf = async (): Promise<unknown[]> => {
    const { touches, candidates } = await bench.export();
    return [
      csvRows(candidates ?? '').find((row) => row['source'] === 'import')?.['account_id'],
      csvRows(touches ?? '').find((row) => row['source'] === 'import')?.['account_id'],
    ];
  };
  expect(await accountsOf()).toEqual([gone?.id, gone?.id]);
  await bench.clock.advance(DAY_MS);
  bench.fake.state.merge('companies', kept?.id ?? '', gone?.id ?? '');
  await bench.sync();
  expect(await accountsOf()).toEqual([kept?.id, kept?.id]);
  // The file of old still names the company that was merged away.
  await bench.clock.advance(DAY_MS);
  expect((await bench.import(files, document, 'main')).total).toMatchObject({ unchanged: 2, rejected: 1 });
});
