import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { Clock } from '../clock.ts';
import type { HubSpotPort } from '../hubspot-port.ts';
import type { Log } from '../log.ts';
import type { SyncProgress } from './progress.ts';

/** What a sync is given. */
export interface SyncContext {
  hubspot: HubSpotPort;
  warehouse: Warehouse;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  onProgress(progress: SyncProgress): void;
  /** Named steps at which a drill may end the process. */
  failpoint(step: SyncStep | string): void;
}

/** Every step at which a kill must do no harm. */
export const SYNC_STEPS = [
  'segment-written',
  'segment-renamed',
  'segment-loaded',
  'segment-committed',
  'links-loaded',
  'links-committed',
  'definitions-committed',
  'publish-built',
  'publish-flushed',
  'publish-renamed',
] as const;
export type SyncStep = (typeof SYNC_STEPS)[number];
