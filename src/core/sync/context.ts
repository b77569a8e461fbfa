import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { Clock } from '../clock.ts';
import type { AccountInfo, HubSpotPort } from '../hubspot-port.ts';
import type { Log } from '../log.ts';
import type { SyncProgress } from './progress.ts';

/** What a sync is given. */
export interface SyncContext {
  hubspot: HubSpotPort;
  warehouse: Warehouse;
  /** the real time */
  clock: Clock;
  /** what "now" is for the portal's records: from when they are known, and up to when they were read */
  portalClock: Clock;
  log: Log;
  /** the number of our app in HubSpot; kept with the facts of the portal, so that an answer of then knows it */
  appId: string | null;
  signal: AbortSignal;
  onProgress: (progress: SyncProgress) => void;
  /** Called with HubSpot's facts of the portal before anything is read; throws to refuse it. */
  onAccount(account: AccountInfo): Promise<void>;
  /** `due` when left out: sweeps those types whose time has come; `all` and `none` are asked for */
  sweep?: 'due' | 'all' | 'none';
  /** The properties whose history is read, by record type, asked for once what describes the records is in; none when left out. */
  historyOf?: () => Promise<Readonly<Record<string, readonly string[]>>>;
  /** Named steps at which a drill may end the process. */
  failpoint: (step: SyncStep) => void;
}

/** Every step at which a kill must do no harm. */
export const SYNC_STEPS = [
  'segment-written',
  'segment-renamed',
  'segment-loaded',
  'segment-committed',
  'sweep-loaded',
  'sweep-committed',
  'sweep-listed',
  'sweep-verified',
  'sweep-finished',
  'objects-closed',
  'links-loaded',
  'links-committed',
  'definitions-committed',
  'history-committed',
  'publish-built',
  'publish-flushed',
  'publish-renamed',
  'snapshot-pointed',
  'history-renamed',
  'history-pointed',
] as const;
export type SyncStep = (typeof SYNC_STEPS)[number];
