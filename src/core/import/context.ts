import type { Warehouse } from '../../warehouse/warehouse.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { SyncStep } from '../sync/context.ts';

/** What an import is given. The warehouse is its portal's, and nobody else writes to it meanwhile. */
export interface ImportContext {
  warehouse: Warehouse;
  clock: Clock;
  log: Log;
  /** rejects and kept rows are listed in its folder `imports` */
  dataDir: string;
  signal: AbortSignal;
  onProgress: (progress: ImportProgress) => void;
  /** Named steps at which a drill may end the process. */
  failpoint: (step: SyncStep) => void;
}

export interface ImportProgress {
  file: string;
  rows: number;
}
