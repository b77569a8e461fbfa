import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '../../src/core/log.ts';
import { openPglite } from '../../src/store/pglite.ts';

const CHILD = new URL('../store/pglite-child.ts', import.meta.url);
const LONGEST_LIFE_MS = 250;

export interface KillOptions {
  rounds: number;
  firstSeed: number;
  say: (line: string) => void;
}

/**
 * A process that writes to the embedded store is killed at a moment that the seed names, round after round on one folder. Every
 * row it had acknowledged is there when the store is opened again, and none is there in part.
 */
export async function run({ rounds, firstSeed, say }: KillOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-pglite-kill-'));
  try {
    await prepare(folder);
    for (let seed = firstSeed; seed < firstSeed + rounds; seed += 1) {
      const acknowledged = await writeUntilKilled(folder, seed);
      const problem = await check(folder, seed, acknowledged);
      if (problem !== null) throw new Error(`seed ${seed}: ${problem}`);
      say(`seed ${seed}: killed after ${acknowledged} rows, all there`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function prepare(folder: string): Promise<void> {
  const store = await openPglite(folder, silentLog);
  await store.exec(`
    create table acknowledged (round integer, n integer, primary key (round, n));
    create table shadow (round integer, n integer, filler text);
  `);
  await store.close();
}

async function writeUntilKilled(folder: string, seed: number): Promise<number> {
  const child = fork(CHILD, [folder, String(seed)], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  let acknowledged = 0;
  const life = (seed * 7919) % LONGEST_LIFE_MS; // spread evenly over a run by a prime
  child.on('message', (message) => {
    if (message === 'open') setTimeout(() => child.kill('SIGKILL'), life);
    else acknowledged += 1;
  });
  const [, signal]: unknown[] = await ended;
  if (signal !== 'SIGKILL') throw new Error(`seed ${seed}: the writer ended by itself`);
  return acknowledged;
}

async function check(folder: string, seed: number, acknowledged: number): Promise<string | null> {
  const store = await openPglite(folder, silentLog);
  try {
    const [row] = await store.query<{ rows: number; highest: number | null; torn: number }>(
      `select count(*)::integer as rows, max(n) as highest,
         count(*) filter (where s.n is null or length(s.filler) <> 900)::integer as torn
       from acknowledged a left join shadow s using (round, n) where a.round = $1`,
      [seed],
    );
    if (row === undefined) return 'no answer';
    if (row.torn > 0) return `${row.torn} rows are there in part`;
    if (row.rows !== (row.highest ?? -1) + 1)
      return `rows are missing in between: ${row.rows} of ${row.highest}`;
    return row.rows < acknowledged ? `${acknowledged} rows were acknowledged, ${row.rows} are there` : null;
  } finally {
    await store.close();
  }
}
