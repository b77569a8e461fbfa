// Starts the product by the README's own command on a clean clone, and waits for the first page with data. Ends with 0 when it came,
// printing how long it took after the install: a busy machine must not fail what is measured elsewhere (npm run bench).
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

const LONGEST_MS = 300_000;
/** What a person should wait for at most, once the packages are there. */
const GOAL_SECONDS = 30;
/** npm writes it at the end of an install. */
const INSTALLED = 'node_modules/.package-lock.json';

const command = /^\$ (npm start)\s+#/m.exec(readFileSync('README.md', 'utf8'))?.[1];
if (command === undefined) {
  process.stderr.write("README.md names no start command (a line '$ npm start ... # ...').\n");
  process.exit(1);
}
const port = await freePort();
const dataDir = mkdtempSync(join(tmpdir(), 'holdfast-ci-'));
const child = spawn('bash', ['-c', command], {
  detached: true, // a group of its own, so that all of it can be stopped
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, PORT: String(port), DATA_DIR: dataDir, LOG_LEVEL: 'error' },
});
const begin = Date.now();
child.stdout.on('data', (chunk) => process.stdout.write(chunk));
const ready = await waitUntilReady();
process.kill(-child.pid, 'SIGTERM');
await new Promise((resolve) => child.once('exit', resolve));
rmSync(dataDir, { recursive: true, force: true });
process.exit(ready ? 0 : 1);

async function waitUntilReady() {
  const end = Date.now() + LONGEST_MS;
  let installedAt = existsSync(INSTALLED) ? begin : null;
  while (Date.now() < end && child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (installedAt === null && existsSync(INSTALLED)) installedAt = Date.now();
    if (answer?.status === 200) {
      const tookMs = Date.now() - (installedAt ?? begin);
      process.stdout.write(
        `The first page with data was there ${(tookMs / 1000).toFixed(1)} s after the install (goal: ${GOAL_SECONDS} s).\n`,
      );
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  process.stderr.write(`${command} brought no page with data.\n`);
  return false;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address();
      server.close(() => resolve(free));
    });
  });
}
