import { readMappingFile } from '../core/accounts/mapping-file.ts';
import { systemClock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { issueSetupLink } from '../core/people/sign-in.ts';
import { getSyncFacts } from '../core/portals/overview.ts';
import type { Log } from '../core/log.ts';
import { loadConfig, type Config } from '../config.ts';
import { enqueueSync, prepareQueues } from '../jobs/queue.ts';
import { installHttpAgent } from '../hubspot/agent.ts';
import { superviseChild } from '../process/children.ts';
import { createClosers, type Closers } from '../process/closers.ts';
import { serveControl } from '../process/control.ts';
import { holdDataDir, prepareDataDir } from '../process/data-dir.ts';
import { openLog } from '../process/log.ts';
import { loadSecretKey } from '../process/secret-key.ts';
import { openStore } from '../store/open.ts';
import { closeQueue, openQueue } from '../store/queue.ts';
import { serveStore } from '../store/remote.ts';
import { controlHandlers } from './control-handlers.ts';
import { startDemo } from './demo-child.ts';
import type { DemoPlace } from './demo-time.ts';
import { describeResult, followDemo, followSync } from './follow-sync.ts';
import { openContext, portalOf } from './open-context.ts';
import type { RunningParts } from './running-parts.ts';
import { startWeb } from './start-web.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { startWorker } from './worker.ts';

/** The same signal again after this long means: at once. */
const IMPATIENT_MS = 3000;

export interface StartOptions {
  roles?: string;
  accounts?: string;
  seed?: string;
  weeks?: string;
}

/** Runs the product until it is told to stop. */
export async function runStart(options: StartOptions): Promise<void> {
  const config = loadConfig({ roles: options.roles });
  if (config.mappingFile !== null) await readMappingFile(config.mappingFile);
  const terminal = openTerminal({ quiet: false });
  for (const note of config.notes) terminal.say(`Note: ${note}`);
  const { log, close: closeLog } = openLog({
    level: config.logLevel,
    role: config.roles.join('+'),
    folder: process.stdout.isTTY ? `${config.dataDir}/logs` : null,
  });
  const closers = createClosers(log);
  closers.push('log', closeLog);
  const stopped = Promise.withResolvers<string>();
  // Kept for good: a terminal and the process above us may both send the same signal, and the second must not end us half-way.
  let askedAt = 0;
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      const now = performance.now();
      if (askedAt > 0 && now - askedAt > IMPATIENT_MS) process.exit(130);
      if (askedAt === 0) askedAt = now;
      stopped.resolve(signal);
    });
  }
  process.on('uncaughtException', (error) => {
    log.error('a fault nobody caught; the product stops and should be started again', { error });
    stopped.resolve('fault');
    process.exitCode = 1;
  });
  try {
    const parts = await openParts(config, options, log, closers);
    await startRoles(parts, terminal);
    const signal = await stopped.promise;
    log.info('stopping', { signal });
    terminal.endProgress();
    terminal.say('Stopping; what runs is brought to a safe place.');
  } finally {
    await closers.closeAll();
  }
}

// Opened from the inside out, and closed in reverse: what others stand on comes first.
async function openParts(
  config: Config,
  options: StartOptions,
  log: Log,
  closers: Closers,
): Promise<RunningParts> {
  const works = config.roles.includes('worker');
  const isSharedStore = config.databaseUrl !== null;
  await prepareDataDir(config.dataDir);
  const hold = works || !isSharedStore ? await holdDataDir(config.dataDir, 'start') : null;
  if (hold !== null) closers.push('data folder', () => hold.release());
  const secretKey = await loadSecretKey(config.secretKey, config.dataDir);
  // The demo's HubSpot comes up while the store opens.
  const demo = works && config.hubspot.mode === 'demo' ? await startDemo(config.dataDir, options, log) : null;
  if (demo !== null) closers.push('demo HubSpot', () => demo.stop());
  const store = await openStore({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log });
  closers.push('operational store', () => store.close());
  const portal = await portalOf(store, config);
  const boss = await openQueue(store, { databaseUrl: config.databaseUrl, log, works: false });
  closers.push('job queue', () => closeQueue(boss));
  await prepareQueues(boss);
  return { config, store, boss, portal, secretKey, hold, demo, log, closers };
}

async function startRoles(parts: RunningParts, terminal: Terminal): Promise<void> {
  const { config, store, portal, log, hold, closers } = parts;
  installHttpAgent();
  if (hold !== null) {
    const context = openContext({ ...parts, holder: 'web', demoUrl: parts.demo?.url ?? null, demo: null });
    const control = await serveControl(
      hold.facts.secret,
      controlHandlers(parts, () => context.hubspot(portal)),
      log,
    );
    closers.push('command port', () => control.close());
    await hold.announce(control.port);
  }
  if (!config.roles.includes('web')) {
    await startWorker({
      ...parts,
      holder: `worker-${process.pid}-${Date.now()}`,
    });
    terminal.say('The worker runs. Pages are served by a process with the role web.');
    return;
  }
  const startedAt = systemClock.now();
  await startWeb(parts);
  if (config.roles.includes('worker')) superviseWorker(parts);
  const token = await issueSetupLink({ store, clock: systemClock }, portal, { keepOlder: true });
  terminal.say(
    [
      parts.demo === null
        ? 'Holdfast runs.'
        : `Holdfast runs with the demo portal: ${parts.demo.accounts.toLocaleString('en')} invented companies, nothing of yours.`,
      `Open this address; it signs you in once, within an hour: ${config.publicUrl}/signin/${token}`,
      'Another one: npx holdfast link. Stop: Ctrl-C.',
    ].join('\n'),
  );
  if (process.stderr.isTTY) void showFirstSync(parts, terminal, startedAt);
}

function superviseWorker({ config, store, demo, log, closers }: RunningParts): void {
  const worker = superviseChild({
    name: 'worker',
    args: ['worker', ...(demo === null ? [] : demoArgs(demo))],
    log,
    onSpawn: (child) => {
      if (config.databaseUrl === null) serveStore(store, child, log);
    },
  });
  worker.ready.catch((error: unknown) => log.error('the worker refused to start', { error }));
  closers.push('worker', () => worker.stop());
}

function demoArgs({ url, begins, anchor }: DemoPlace): string[] {
  return [
    `--demo-url=${url}`,
    `--demo-begins=${begins.toISOString()}`,
    `--demo-anchor=${anchor.toISOString()}`,
  ];
}

async function showFirstSync(parts: RunningParts, terminal: Terminal, since: Date): Promise<void> {
  const { store, portal, log, boss } = parts;
  try {
    if ((await getSyncFacts({ store }, portal)).syncedAt !== null) return;
    await enqueueSync(boss, portal);
    const result = await followSync(store, portal, since, terminal.progress, new AbortController().signal);
    terminal.endProgress();
    for (const line of describeResult(result)) terminal.say(line);
    await followDemo(store, portal, terminal.progress);
    terminal.endProgress();
  } catch (error) {
    if (!(error instanceof AppError))
      log.debug('the first sync could not be followed on the terminal', { error });
  }
}
