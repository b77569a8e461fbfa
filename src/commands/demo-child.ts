import { once } from 'node:events';
import { createServer } from 'node:net';
import { systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { superviseChild } from '../process/children.ts';
import { beginOf, demoFacts, type DemoWish } from './demo-portal.ts';
import type { DemoPlace } from './demo-time.ts';

export interface RunningDemo extends DemoPlace {
  accounts: number;
  /** resolves when it answers */
  ready: Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts the demo portal's HubSpot in a child process, on a free loopback port that it keeps when it is started again. */
export async function startDemo(dataDir: string, wanted: DemoWish, log: Log): Promise<RunningDemo> {
  const facts = await demoFacts(dataDir, wanted, systemClock.now());
  const port = await freePort();
  const child = superviseChild({
    name: 'demo HubSpot',
    args: [
      'demo-hubspot',
      `--port=${port}`,
      `--accounts=${facts.accounts}`,
      `--seed=${facts.seed}`,
      `--anchor=${facts.anchor}`,
    ],
    log,
  });
  child.ready.catch((error: unknown) => log.error('the demo HubSpot did not start', { error }));
  return {
    accounts: facts.accounts,
    anchor: new Date(facts.anchor),
    begins: beginOf(facts),
    url: `http://127.0.0.1:${port}`,
    ready: child.ready,
    stop: () => child.stop(),
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system gave no free port');
  return address.port;
}
