import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

export interface CommandResult {
  code: number | null;
  out: string;
  err: string;
}

/** Runs `holdfast <args>` to its end, as a person would, with only the settings that are given. */
export async function runCommand(
  args: readonly string[],
  env: Record<string, string>,
  options: { cwd?: string } = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [resolve(ROOT, 'src/main.ts'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', UV_THREADPOOL_SIZE: '16', ...env },
    cwd: options.cwd ?? env['DATA_DIR'] ?? ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (err += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}
