import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse';
import type { PortalId } from '../../src/core/actor.ts';
import { systemClock } from '../../src/core/clock.ts';
import { parseImportMapping } from '../../src/core/import/file-mapping.ts';
import { importFiles } from '../../src/core/import/import-files.ts';
import { silentLog } from '../../src/core/log.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';
import { median, round, type BenchRow } from './row.ts';

const ROWS = 200_000;
const ROUNDS = 3;
const FILE = 'contracts.csv';
const MAPPING = parseImportMapping({
  files: [
    {
      file: FILE,
      kind: 'contracts',
      columns: {
        contract_id: 'id',
        account_id: 'customer',
        start_date: 'from',
        end_date: 'to',
        mrr: 'monthly',
        currency: 'currency',
        line: 'plan',
      },
      date_format: 'dd/MM/yyyy',
      decimal: ',',
      separator: ';',
    },
  ],
});

/**
 * How many rows of a file of contracts an import brings into an empty portal a second: read, checked, told apart by their ids, stored as versions
 * and counted; beside csv-parse reading the same file and throwing its rows away.
 */
export async function measureImport(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  try {
    await writeRows(join(folder, FILE));
    const imported: number[] = [];
    const parsed: number[] = [];
    for (let n = 0; n < ROUNDS; n += 1) {
      parsed.push(await rowsPerSecond(() => parseOnly(join(folder, FILE))));
      imported.push(await importOnce(folder));
    }
    return [
      {
        name: 'import.rows_per_second',
        value: round(median(imported), 0),
        unit: 'rows/s',
        baseline: round(median(parsed), 0),
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function importOnce(folder: string): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  const warehouse = await openWarehouse({ dataDir, portal: 'import' as PortalId, log: silentLog });
  try {
    return await rowsPerSecond(async () => {
      const { total } = await importFiles(
        {
          warehouse,
          clock: systemClock,
          log: silentLog,
          dataDir,
          signal: new AbortController().signal,
          onProgress: () => {},
          failpoint: () => {},
        },
        { folder, mapping: MAPPING, timeZone: 'UTC' },
      );
      return total.fresh;
    });
  } finally {
    await warehouse.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function rowsPerSecond(work: () => Promise<number>): Promise<number> {
  const begin = performance.now();
  const rows = await work();
  if (rows !== ROWS) throw new Error(`${rows} rows were read, not ${ROWS}`);
  return rows / ((performance.now() - begin) / 1000);
}

async function parseOnly(file: string): Promise<number> {
  const rows = createReadStream(file).pipe(parse({ delimiter: ';', bom: true }));
  let count = -1; // the header
  rows.on('data', () => (count += 1));
  await once(rows, 'end');
  return count;
}

async function writeRows(file: string): Promise<void> {
  const stream = createWriteStream(file);
  stream.write('id;customer;from;to;monthly;currency;plan;seats;note\n');
  const two = (n: number): string => String(n).padStart(2, '0');
  for (let n = 0; n < ROWS; n += 1) {
    const month = two(1 + (n % 12));
    const line = `K-${n};C-${n % 40_000};${two(1 + (n % 28))}/${month}/2024;28/${month}/2025;${n % 5000},${two(n % 100)};EUR;Plan ${n % 4};${n % 300};"note; ${n}"\n`;
    if (!stream.write(line)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'close');
}
