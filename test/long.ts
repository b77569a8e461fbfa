/**
 * `npm run test:long -- --only NAME [--from SEED] [--rounds N]`: one drill in full. Without --only it lists the names. `npm test` runs the
 * same drills in their short form.
 */
import { readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const FOLDER = new URL('./long-cases/', import.meta.url);
const ROUNDS = 50;
/** Drills whose rounds are something: weeks of a year, histories of some minutes or of some seconds each. */
const FULL: Record<string, number> = {
  'known-replay': 53,
  'known-fresh': 30,
  'sync-model': 1000,
  'interval-coverage': 200,
};

const Drill = z.object({
  run: z.custom<
    (options: { rounds: number; firstSeed: number; say(line: string): void }) => Promise<unknown>
  >((value) => typeof value === 'function'),
});

const names = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''));
const { values } = parseArgs({
  options: { only: { type: 'string' }, from: { type: 'string' }, rounds: { type: 'string' } },
});
if (values.only === undefined || !names.includes(values.only)) {
  process.stdout.write(`Give --only and one of: ${names.join(', ')}\n`);
  process.exit(values.only === undefined ? 0 : 1);
}
const drill = Drill.parse(await import(new URL(`${values.only}.ts`, FOLDER).href));
const rounds = Number(values.rounds ?? FULL[values.only] ?? ROUNDS);
const firstSeed = Number(values.from ?? 1);
const begin = performance.now();
const done = await drill.run({ rounds, firstSeed, say: (line) => void process.stdout.write(`${line}\n`) });
process.stdout.write(
  `${values.only}: ${typeof done === 'number' ? done : rounds} rounds from seed ${firstSeed} in ${((performance.now() - begin) / 1000).toFixed(0)} s, no difference\n`,
);
