/**
 * `npm run bench -- [--json] [--only GROUP]`: measures beside a baseline and asserts nothing.
 * GROUP is the part of a name before the dot; sync-limited and sync-large are its halves. With --json, one array of `{name, value, unit, baseline}` rows is all that
 * goes to the standard output.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { BenchRow } from './row.ts';

const GROUPS: Record<string, () => Promise<BenchRow[]>> = {
  load: async () => (await import('./load.ts')).measureLoad(),
  start: async () => (await import('./start.ts')).measureStart(),
  marts: async () => (await import('./marts.ts')).measureMarts(),
  card: async () => [
    ...(await (await import('./card.ts')).measureCard()),
    ...(await (await import('./card-bundle.ts')).measureCardBundle()),
  ],
  import: async () => (await import('./import.ts')).measureImport(),
  'sync-limited': async () => (await import('./sync.ts')).measureLimited(),
  'sync-large': async () => (await import('./sync.ts')).measureLarge(),
  churn: async () => (await import('./churn.ts')).measureChurn(),
  history: async () => (await import('./history.ts')).measureHistory(),
};

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const { only } = values;
const wanted = Object.entries(GROUPS).filter(
  ([name]) => only === undefined || name === only || name.startsWith(`${only}-`),
);
if (wanted.length === 0) {
  process.stderr.write(`There is no group ${only}; the groups are ${Object.keys(GROUPS).join(', ')}.\n`);
  process.exit(1);
}
const rows: BenchRow[] = [];
for (const [name, measure] of wanted) {
  process.stderr.write(`measuring ${name} ...\n`);
  rows.push(...(await measure()));
}
if (values.json === true) {
  process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
} else {
  process.stdout.write(`${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}\n`);
  for (const { name, value, unit, baseline } of rows) {
    process.stdout.write(
      `${name.padEnd(32)} ${String(value).padStart(12)} ${unit.padEnd(10)} baseline ${baseline ?? '-'}\n`,
    );
  }
}
