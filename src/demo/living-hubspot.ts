import { z } from 'zod';
import { systemClock, type Clock } from '../core/clock.ts';
import { startFakeHubSpot, type FakeHubSpot, type FakeOptions } from './fake/server.ts';
import type { FakeReply, FakeRequest } from './fake/types.ts';
import type { LivingPortal } from './generator/living.ts';

/** Where the demo's time is moved; no address of HubSpot's. */
export const CLOCK_PATH = '/demo/clock';

/** While it follows the real clock the portal moves on this often. */
const FOLLOW_MS = 60_000;

const Move = z.object({ to: z.iso.datetime().nullable() });

/**
 * The fake HubSpot of a portal whose time is moved: `POST /demo/clock {"to": "2025-05-12T00:00:00Z"}` holds it at that moment, `{"to": null}` lets it
 * follow the real clock. Its own clock runs on within a held moment, so that limits and tokens work. Until it is told the time it answers 503: a
 * HubSpot that was started again must not answer from another day.
 */
export async function startLivingHubSpot(
  options: Omit<FakeOptions, 'source' | 'clock' | 'answerFirst'> & { portal: LivingPortal; clock?: Clock },
): Promise<FakeHubSpot> {
  const { portal, ...rest } = options;
  const real = options.clock ?? systemClock;
  let mode: 'untold' | 'held' | 'following' = 'untold';
  let offset = 0;
  const now = (): Date => new Date(real.now().getTime() + offset);
  const follow = (): void => {
    if (mode === 'following' && Math.abs(now().getTime() - portal.anchor) >= FOLLOW_MS) portal.moveTo(now());
  };
  const move = ({ to }: z.output<typeof Move>): void => {
    mode = to === null ? 'following' : 'held';
    const at = to === null ? real.now() : new Date(to);
    offset = at.getTime() - real.now().getTime();
    portal.moveTo(at);
  };
  const answerFirst = (request: FakeRequest): FakeReply | null => {
    if (request.method === 'POST' && request.path === CLOCK_PATH) {
      const parsed = Move.safeParse(request.body);
      if (!parsed.success) return { status: 400, body: { message: 'Say {"to": a moment or null}.' } };
      move(parsed.data);
      return { status: 200, body: { at: new Date(portal.anchor).toISOString() } };
    }
    if (mode === 'untold')
      return { status: 503, body: { message: 'The demo portal has not been told the time yet.' } };
    follow();
    return null;
  };
  return startFakeHubSpot({
    ...rest,
    source: portal,
    clock: { now, sleep: (ms, signal) => real.sleep(ms, signal) },
    answerFirst,
  });
}
