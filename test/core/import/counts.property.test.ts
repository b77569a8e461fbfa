import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isAccountedFor } from '../../../src/core/import/result.ts';
import { importBench, type Section } from './import-bench.ts';

/** A cell as exports have them: mostly sound, sometimes missing, wrong or hostile. */
const cell = (...sound: string[]) =>
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...sound) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        ' ',
        '31-02-2024',
        'x',
        '1,5',
        '"',
        '"a\nb"',
        '"a""b"',
        '\ufffd',
        ',',
        ';',
        '\r\n',
        '\0',
        "'=1+1",
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  );
const row = fc
  .tuple(
    cell('C1', 'C2', 'C3', 'C4', 'C5'),
    cell('A1', 'A2', 'A3', 'A9'),
    cell('01-02-2024', '05-03-2024'),
    cell('10', '20.5'),
  )
  .map((cells) => cells.join(','));
const file = fc.record({
  header: fc.constantFrom('id,account,from,mrr', '\ufeffid,account,from,mrr'),
  rows: fc.array(
    fc.oneof(
      { weight: 9, arbitrary: row },
      { weight: 1, arbitrary: fc.constantFrom('', ',,,', 'C1,A1', 'a,b,c,d,e') },
    ),
    { maxLength: 30 },
  ),
  end: fc.constantFrom('\n', '\r\n'),
});
const ACCOUNTS: Section = { file: 'accounts.csv', kind: 'accounts', columns: { account_id: 'id' } };
const CONTRACTS: Section = {
  file: 'contracts.csv',
  kind: 'contracts',
  columns: { contract_id: 'id', account_id: 'account', start_date: 'from', mrr: 'mrr' },
  date_format: 'dd-MM-yyyy',
  skip_when: { mrr: ['x'] },
};

it('counts every row once, whatever a file holds; importing it again changes nothing; a newer file keeps what it lacks', async () => {
  const bench = await importBench();
  await bench.put('accounts.csv', 'id\nA1\nA2\nA3\n');
  await fc.assert(
    fc.asyncProperty(file, async ({ header, rows, end }) => {
      const before = (await bench.stored('contracts')).length;
      await bench.put('contracts.csv', [header, ...rows].join(end));
      const first = await bench.run([ACCOUNTS, CONTRACTS]);
      const [, counts] = first.files;
      if (counts === undefined) throw new Error('two files were read');
      expect(isAccountedFor(counts), JSON.stringify(counts)).toBe(true);
      expect(sum(counts.rejectedBy)).toBe(counts.rejected);
      expect(sum(counts.skippedBy)).toBe(counts.skipped);
      const stored = (await bench.stored('contracts')).length;
      expect(stored).toBe(before + counts.fresh);
      expect(counts.kept).toBeLessThanOrEqual(stored - counts.fresh - counts.changed - counts.unchanged);
      await bench.clock.advance(1000);
      const again = await bench.run([ACCOUNTS, CONTRACTS]);
      expect(again.total).toMatchObject({
        fresh: 0,
        changed: 0,
        unchanged: first.total.fresh + first.total.changed + first.total.unchanged,
        rejected: first.total.rejected,
        merged: first.total.merged,
      });
      await bench.clock.advance(1000);
    }),
    { seed: 11, numRuns: 40 },
  );
});

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}
