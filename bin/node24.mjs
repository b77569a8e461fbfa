// Plain JavaScript on purpose: this must run, or say one clear sentence, on whatever Node is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const WANTED_MAJOR = 24;
const OLDEST_MAJOR = 18;

/** Runs a TypeScript file of this project on Node 24, installing the packages first where they are missing. */
export function runOnNode24(script, args) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_MAJOR) {
    fail(
      `Holdfast needs Node ${OLDEST_MAJOR} or newer to start (this is ${process.version}); it brings Node ${WANTED_MAJOR} along by itself.`,
    );
  }
  installIfNeeded();
  // A process of its own: the size of the thread pool is read once, at the start, and with the default of
  // four a few DuckDB queries would block fs, dns and crypto.
  // The Node that npm has for macOS calls reading TypeScript experimental, once in every process.
  const child = spawn(node24(), ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
    stdio: 'inherit',
    env: { UV_THREADPOOL_SIZE: '16', ...process.env },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) =>
    fail(
      `Node ${WANTED_MAJOR} could not be started (${error.message}). Remove node_modules and run the command again.`,
    ),
  );
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
}

function installIfNeeded() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && sameLock(installed)) return;
  process.stderr.write('Installing the packages Holdfast needs (once, about a minute) ...\n');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-fund', '--no-audit', '--loglevel=error'];
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
    : spawnSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, {
        cwd: root,
        stdio: ['ignore', 'inherit', 'inherit'],
        shell: process.platform === 'win32',
      });
  if (done.status !== 0)
    fail('The packages could not be installed; see the message of npm above, then run the command again.');
}

// npm keeps a copy of the lockfile it installed; where the versions differ the tree is stale. A package for another machine is not in it.
function sameLock(installed) {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages ?? {};
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages ?? {};
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      (entry.optional === true && have[path] === undefined) ||
      have[path]?.version === entry.version,
  );
}

function node24() {
  const names = [
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    `node-bin-${process.platform}-${process.arch}`,
  ];
  for (const name of names) {
    const file = join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(file)) return file;
  }
  if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR) return process.execPath;
  return fail(
    `Holdfast runs on Node ${WANTED_MAJOR}, this is ${process.version}, and no packaged Node ${WANTED_MAJOR} was installed for ${process.platform} ${process.arch}. Install Node ${WANTED_MAJOR} and run the command again.`,
  );
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
