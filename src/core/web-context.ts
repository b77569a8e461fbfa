import type { Store } from '../store/sql.ts';
import type { Snapshots } from '../warehouse/snapshots.ts';
import type { MappingFile } from './accounts/mapping-file.ts';
import type { PortalId } from './actor.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { CurrentData } from './portals/current-data.ts';

/** What pages and endpoints are given. */
export interface WebContext {
  settings: WebSettings;
  store: Store;
  snapshots: Snapshots;
  current: CurrentData;
  clock: Clock;
  log: Log;
  /** the file that rules over the stored mappings of one portal; left out without one */
  mappingFile?: MappingFile | undefined;
  /** Puts a sync of the portal into the queue; false when one is waiting or running already. */
  enqueueSync(portal: PortalId): Promise<boolean>;
  /** Has the worker compute and publish the portal's tables anew; false when that is waiting to be done already. */
  enqueueRebuild(portal: PortalId): Promise<boolean>;
  cards: CardBundles;
}

/** The built cards and the script that shows them outside HubSpot, for the preview. */
export interface CardBundles {
  state(): CardBundlesState;
  /** the bytes of one of them by its name; null for a name of no file */
  file(name: string): Buffer | null;
}

export type CardBundlesState =
  /** each with the address it is served at */
  | { state: 'ready'; host: string; sidebar: string; tab: string }
  | { state: 'building' }
  | { state: 'missing'; sentence: string };

export interface WebSettings {
  version: string;
  /** without a trailing slash */
  publicUrl: string;
  /** whether people come over https, or http on this machine */
  isSecure: boolean;
  safeMode: boolean;
  /** signs the nonces of forms that come before a session */
  formKey: Buffer;
  /** proves that a card request comes from HubSpot; null switches the card's routes off */
  hubspotClientSecret: string | null;
  hubspotAppId: string | null;
}
