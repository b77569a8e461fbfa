import { AppError } from '../core/errors.ts';
import type { PortalId } from '../core/actor.ts';
import type { Clock } from '../core/clock.ts';
import type { DemoTime } from '../core/demo-time.ts';
import { readDemoLife, saveDemoLife } from '../store/demo-life.ts';
import type { Store } from '../store/sql.ts';

/** As in src/demo/living-hubspot.ts, which nobody but the demo's own process imports. */
const CLOCK_PATH = '/demo/clock';
const PAUSE_MS = 200;
const LONGEST_MS = 60_000;

/** Where the demo's HubSpot listens, where its life begins, and the day on which it was first started. */
export interface DemoPlace {
  url: string;
  begins: Date;
  anchor: Date;
}

export interface DemoTimeOptions extends DemoPlace {
  store: Store;
  clock: Clock;
  portal: PortalId;
}

/** The demo portal's time in the process that syncs it: what was reached is recalled from the store, and its HubSpot told over loopback. */
export function createDemoTime(options: DemoTimeOptions): DemoTime {
  const { store, clock, portal, url, begins, anchor } = options;
  // undefined: not recalled yet; null: as the real clock
  let held: Date | null | undefined;
  const ask = (): Promise<Response | null> =>
    fetch(new URL(CLOCK_PATH, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: held?.toISOString() ?? null }),
    }).catch(() => null);
  // It comes up beside us, and is started again when it ends: both take some seconds.
  const tell = async (signal?: AbortSignal): Promise<void> => {
    for (let waitedMs = 0; waitedMs < LONGEST_MS; waitedMs += PAUSE_MS) {
      signal?.throwIfAborted();
      const answer = await ask();
      await answer?.arrayBuffer();
      if (answer?.ok === true) return;
      await clock.sleep(PAUSE_MS, signal);
    }
    throw new AppError('upstream', 'The demo’s HubSpot does not answer; its log says why.');
  };
  const recall = async (): Promise<void> => {
    const life = await readDemoLife(store, portal);
    if (life?.isCaughtUp === true) held = null;
    else held = new Date(life?.heading ?? life?.reached ?? begins);
  };
  return {
    portal,
    begins,
    anchor,
    clock: {
      now: () => held ?? clock.now(),
      sleep: (ms, signal) => clock.sleep(ms, signal),
    },
    moveTo: async (at, signal) => {
      held = at;
      await tell(signal);
    },
    arrive: async (signal) => {
      if (held === undefined) await recall();
      await tell(signal);
      if (held !== null) return;
      // The mirror will know of this moment: the next start must not begin before it.
      const life = await readDemoLife(store, portal);
      if (life !== null) await saveDemoLife(store, portal, { ...life, reached: clock.now().toISOString() });
    },
    isFollowing: () => held === null,
  };
}
