import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const MAIN = resolve(import.meta.dirname, '../../src/main.ts');

/** A worker process of its own, as `holdfast start --roles worker` runs it. */
export async function spawnWorker(
  env: Record<string, string>,
  args: readonly string[] = [],
): Promise<{ stop(): Promise<void> }> {
  const child = spawn(process.execPath, [MAIN, 'start', ...args], {
    env: { PATH: process.env['PATH'] ?? '', UV_THREADPOOL_SIZE: '16', ...env },
    cwd: env['DATA_DIR'],
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  await new Promise<void>((isUp, failed) => {
    child.stdout.on('data', (chunk) => {
      printed += String(chunk);
      if (printed.includes('The worker runs.')) isUp();
    });
    child.once('exit', (code) => failed(new Error(`the worker ended with ${code}: ${printed}`)));
  });
  return {
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
