import { fork, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { z } from 'zod';
import type { PortalId } from '../../src/core/actor.ts';
import { silentLog } from '../../src/core/log.ts';
import { buildMarts } from '../../src/warehouse/build.ts';
import { snapshotFile } from '../../src/warehouse/paths.ts';
import { openWarehouse } from '../../src/warehouse/warehouse.ts';
import { demoInputs } from '../support/book.ts';
import { makeActivity, makeBook } from './generated-book.ts';
import { median, round, type BenchRow } from './row.ts';

const ACCOUNTS = 100_000;
/** of them are asked, each once, in each round */
const COLD = 25_000;
const WARM = 1000;
const WARM_TIMES = 20;
const ROUNDS = 3;
const CONNECTIONS = 16;
const SECRET = 'bench-secret';
const NOW = new Date('2026-03-01T12:00:00Z');
const NAME = 'current-2026-03-01T12-00-00-000Z.duckdb';
const CHILD = new URL('./card-child.ts', import.meta.url).pathname;

/**
 * Cards a second from a published file of a hundred thousand accounts, each account asked once and then a few again and again; beside a bare
 * Express route that verifies the same signature and sends the same bytes from memory. The client signs every request and shares the machine.
 */
export async function measureCard(): Promise<BenchRow[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  try {
    const bytes = await publishBook(dataDir);
    const real: Run = { cold: [], warm: [] };
    const bare: Run = { cold: [], warm: [] };
    for (let n = 0; n < ROUNDS; n += 1) {
      await measureOnce('bare', dataDir, n, bare);
      await measureOnce('real', dataDir, n, real);
    }
    const row = (name: string, value: readonly number[], baseline: readonly number[]): BenchRow => ({
      name,
      value: round(median(value), 0),
      unit: 'requests/s',
      baseline: round(median(baseline), 0),
    });
    return [
      row('card.requests_per_second', real.cold, bare.cold),
      row('card.warm_requests_per_second', real.warm, bare.warm),
      { name: 'card.payload_kb', value: round(bytes / 1024, 1), unit: 'KB', baseline: 40 },
    ];
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Run {
  cold: number[];
  warm: number[];
}

/** Answers the length of the longest card. */
async function publishBook(dataDir: string): Promise<number> {
  const portal = 'main' as PortalId;
  const warehouse = await openWarehouse({ dataDir, portal, log: silentLog, memoryLimit: '6GB' });
  const aside = join(dataDir, 'aside.duckdb');
  let longest = 0;
  try {
    await warehouse.write(async (db) => {
      await makeBook(db, ACCOUNTS);
      await makeActivity(db, ACCOUNTS);
    });
    await warehouse.alone((db) =>
      buildMarts(db, demoInputs(NOW), aside, async () => {
        const reader = await db.runAndReadAll('select max(strlen(document))::integer from cards');
        longest = Number(reader.value(0, 0));
      }),
    );
    await rename(aside, snapshotFile(dataDir, portal, NAME));
  } finally {
    await warehouse.close();
  }
  return longest;
}

async function measureOnce(mode: 'real' | 'bare', dataDir: string, round: number, run: Run): Promise<void> {
  const { child, port } = await startChild(mode, dataDir);
  try {
    // Every round asks other accounts; a step that is prime to their number visits all of them once.
    const account = (n: number): string => String(1_000_000_000 + (((round * COLD + n) * 7919) % ACCOUNTS));
    await load(port, WARM, (n) => account(COLD + n)); // the process warms up on others
    run.cold.push(await load(port, COLD, account));
    run.warm.push(await load(port, WARM * WARM_TIMES, (n) => account(n % WARM)));
  } finally {
    child.kill('SIGKILL');
  }
}

async function startChild(mode: string, dataDir: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(CHILD, [mode, dataDir, NAME, SECRET], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const { port } = await new Promise<{ port: number }>((resolve, reject) => {
    child.once('message', (message) => resolve(z.object({ port: z.number() }).parse(message)));
    child.once('exit', (code) => reject(new Error(`the card's server ended with ${code}`)));
  });
  return { child, port };
}

/** Asks for so many cards over a few connections; answers how many came a second. */
async function load(port: number, times: number, account: (n: number) => string): Promise<number> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS });
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < times; n = next++) {
      const path = `/api/card/accounts/${account(n)}?portalId=111&userId=7&userEmail=a%40b.example`;
      const timestamp = String(Date.now());
      const signature = createHmac('sha256', SECRET)
        .update(`GEThttp://localhost:3000${path}${timestamp}`)
        .digest('base64');
      const { statusCode, body } = await pool.request({
        path,
        method: 'GET',
        headers: { 'x-hubspot-request-timestamp': timestamp, 'x-hubspot-signature-v3': signature },
      });
      const text = await body.text();
      if (statusCode !== 200 || !text.startsWith('{"ok":true'))
        throw new Error(`the card answered ${statusCode}: ${text.slice(0, 200)}`);
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  const seconds = (performance.now() - begin) / 1000;
  await pool.close();
  return times / seconds;
}
