import type { Store } from '../store/sql.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { MappingFile } from './accounts/mapping-file.ts';
import type { PortalId } from './actor.ts';
import type { Clock } from './clock.ts';
import type { DemoTime } from './demo-time.ts';
import type { HubSpotPort } from './hubspot-port.ts';
import type { Log } from './log.ts';
import type { SyncStep } from './sync/context.ts';

/** What background work and commands are given: the clock, the log, the stores and HubSpot arrive here. */
export interface Context {
  store: Store;
  /** the real time: of leases, sessions, and how long things take */
  clock: Clock;
  /** What "now" is for a portal's records: when they are known from, and which day it is. The demo portal has a time of its own. */
  portalClock(portal: PortalId): Promise<Clock>;
  /** the demo portal's time, where this process syncs it */
  demo: DemoTime | null;
  log: Log;
  dataDir: string;
  /** the number of our app in HubSpot, of the settings; null where they do not say */
  hubspotAppId: string | null;
  /** which process this is, for leases and logs */
  holder: string;
  /** The one writer of a portal's warehouse, opened once a process and closed with it. */
  warehouse(portal: PortalId): Promise<Warehouse>;
  /** Closes it after a failure of the disk, so that the next use opens it afresh. */
  dropWarehouse(portal: PortalId): Promise<void>;
  /** HubSpot as that portal; throws AppError `not_found` for a portal without credentials. */
  hubspot(portal: PortalId): Promise<HubSpotPort>;
  /** the file that rules over the stored mappings of one portal; left out without one */
  mappingFile?: MappingFile | undefined;
  /** Named steps at which a drill may end the process; does nothing in production. */
  failpoint: (step: SyncStep) => void;
}
