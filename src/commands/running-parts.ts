import type { PgBoss } from 'pg-boss';
import type { PortalId } from '../core/actor.ts';
import type { Log } from '../core/log.ts';
import type { Config } from '../config.ts';
import type { DataDirHold } from '../process/data-dir.ts';
import type { Closers } from '../process/closers.ts';
import type { DemoPlace } from './demo-time.ts';
import type { Store } from '../store/sql.ts';

/** What a running product has open, for the parts of `start`. */
export interface RunningParts {
  config: Config;
  store: Store;
  boss: PgBoss;
  portal: PortalId;
  secretKey: Buffer;
  /** null in a process without the worker role, which writes nothing into the folder */
  hold: DataDirHold | null;
  /** the demo's HubSpot; null without one */
  demo: (DemoPlace & { accounts: number }) | null;
  log: Log;
  closers: Closers;
}
