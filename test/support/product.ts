import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = resolve(import.meta.dirname, '../..');

/** The product as a person starts it: its own processes, a folder and a port of its own. */
export interface RunningProduct {
  url: string;
  /** the one-time sign-in address it printed */
  signInUrl: string;
  dataDir: string;
  child: ChildProcess;
  /** everything it printed so far */
  output(): string;
  /** SIGTERM, then waits; answers the exit code */
  stop(): Promise<number | null>;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** Starts the product and waits until it prints its sign-in address; rejects with what it printed when it ends before. */
export async function startProduct(
  options: { args?: readonly string[]; env?: Record<string, string>; dataDir?: string } = {},
): Promise<RunningProduct> {
  const port = await freePort();
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'holdfast-product-')));
  await mkdir(dataDir, { recursive: true });
  const child = spawn(process.execPath, [join(ROOT, 'src/main.ts'), 'start', ...(options.args ?? [])], {
    env: {
      PATH: process.env['PATH'] ?? '',
      UV_THREADPOOL_SIZE: '16',
      PORT: String(port),
      DATA_DIR: dataDir,
      ...options.env,
    },
    cwd: dataDir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const signIn = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      printed += `${line}\n`;
      const address = /(https?:\/\/\S+\/signin\/\S+)/.exec(line)?.[1];
      if (address !== undefined) signIn.resolve(address);
    });
  }
  child.once('error', signIn.reject);
  child.once('exit', (code) => signIn.reject(new Error(`The product ended with ${code}:\n${printed}`)));
  const signInUrl = await signIn.promise;
  return {
    url: `http://localhost:${port}`,
    signInUrl,
    dataDir,
    child,
    output: () => printed,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      await once(child, 'exit');
      return child.exitCode;
    },
  };
}

/** Removes a product's folder. */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}
