import { LRUCache } from 'lru-cache';
import { findPortalByHubSpotId, getPortal, hasUnreadPortal, type Portal } from '../../store/portals.ts';
import { currentSnapshot, type SnapshotPointer } from '../../store/snapshots.ts';
import type { Store } from '../../store/sql.ts';
import type { PortalId } from '../actor.ts';

/** How long a card may still be told from what has just been replaced. */
const FRESH_MS = 1000;
const MOST_PORTALS = 1000;

/** Which portal and which published file a request is about: asked of the store once a second at most, for cards come in bursts. */
export interface CurrentData {
  portalByHubSpotId(hubspotPortalId: string): Promise<Portal | null>;
  /** whether there is a portal whose number HubSpot has not told yet */
  hasUnread(): Promise<boolean>;
  /** the portal with the file that its readers are pointed at; null before the first publish */
  of(portal: PortalId): Promise<{ portal: Portal; snapshot: SnapshotPointer } | null>;
}

export function openCurrentData(store: Store): CurrentData {
  const byHubSpotId = createAsking<Portal | null>();
  const unread = createAsking<boolean>();
  const current = createAsking<{ portal: Portal; snapshot: SnapshotPointer } | null>();
  return {
    portalByHubSpotId: (id) => byHubSpotId(id, () => findPortalByHubSpotId(store, id)),
    hasUnread: () => unread('', () => hasUnreadPortal(store)),
    of: (id) =>
      current(id, async () => {
        const [portal, snapshot] = await Promise.all([getPortal(store, id), currentSnapshot(store, id)]);
        return portal === null || snapshot === null ? null : { portal, snapshot };
      }),
  };
}

/** Everybody who asks while an answer is fresh, or on its way, gets that one; a failure is not kept. */
function createAsking<T>(): (key: string, ask: () => Promise<T>) => Promise<T> {
  const answers = new LRUCache<string, Promise<T>>({ max: MOST_PORTALS, ttl: FRESH_MS });
  return (key, ask) => {
    const known = answers.get(key);
    if (known !== undefined) return known;
    const asked = ask();
    answers.set(key, asked);
    asked.catch(() => answers.delete(key));
    return asked;
  };
}
