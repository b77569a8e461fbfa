import type { PortalId } from './actor.ts';
import type { Clock } from './clock.ts';

/** The time of the demo portal, which we move ourselves. */
export interface DemoTime {
  readonly portal: PortalId;
  /** where its life begins, and the day on which it was first started */
  readonly begins: Date;
  readonly anchor: Date;
  /** What "now" is in the portal: a held moment, or the real clock once it has caught up. */
  readonly clock: Clock;
  /** Holds the portal at a moment; null lets it follow the real clock. */
  moveTo(at: Date | null, signal?: AbortSignal): Promise<void>;
  /** Tells the demo's HubSpot again what time it is, before it is read: it may have been started again meanwhile, and is waited for. */
  arrive(signal?: AbortSignal): Promise<void>;
  isFollowing(): boolean;
}
