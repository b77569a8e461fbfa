import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, removeFolder, startProduct } from '../support/product.ts';
import { signIn } from '../support/session.ts';
import { median, round, type BenchRow } from './row.ts';

const ROUNDS = 3;
const LONGEST_MS = 120_000;
const BARE = `import express from 'express';
const app = express();
app.get('/', (request, response) => response.send('hello'));
app.listen(Number(process.argv[1]), '127.0.0.1');`;

/** From the command to the first page with data: a new folder, a thousand companies; beside a bare Express that answers its first request. */
export async function measureStart(): Promise<BenchRow[]> {
  const whole: number[] = [];
  const bare: number[] = [];
  for (let n = 0; n < ROUNDS; n += 1) {
    bare.push(await startBare());
    whole.push(await startWhole());
  }
  return [{ name: 'start.seconds', value: round(median(whole)), unit: 's', baseline: round(median(bare)) }];
}

async function startWhole(): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-bench-'));
  const begin = performance.now();
  const product = await startProduct({ dataDir, env: { LOG_LEVEL: 'error' } });
  try {
    const { cookie } = await signIn(product);
    await until(async () => {
      const page = await fetch(`${product.url}/`, { headers: { cookie } });
      return (await page.text()).includes('<table');
    });
    return (performance.now() - begin) / 1000;
  } finally {
    await product.stop();
    await removeFolder(dataDir);
  }
}

async function startBare(): Promise<number> {
  const port = await freePort();
  const begin = performance.now();
  const child = spawn(process.execPath, ['--input-type=module', '-e', BARE, String(port)], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: 'ignore',
  });
  try {
    await until(async () => (await fetch(`http://127.0.0.1:${port}/`)).ok);
    return (performance.now() - begin) / 1000;
  } finally {
    child.kill('SIGKILL');
  }
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + LONGEST_MS;
  while (performance.now() < end) {
    if (await isTrue().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Nothing was there after ${LONGEST_MS / 1000} s.`);
}
