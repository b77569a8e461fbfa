import { expect, it } from 'vitest';
import { runChecks, type Check } from '../../src/commands/checks.ts';
import { isSkewed, refusesCard, skewSentence } from '../../src/core/portals/clock-skew.ts';
import { ensurePortal, type Portal } from '../../src/store/portals.ts';
import { markSyncFinished, markSyncStarted } from '../../src/store/sync-status.ts';
import { verifyHubSpotSignature } from '../../src/http/hubspot-signature.ts';
import { memorySource } from '../../src/demo/fake/memory-source.ts';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { freshStore } from '../support/stores.ts';
import { resultOf } from '../support/sync-documents.ts';
import { ANCHOR, contextOf, syncBench } from '../support/sync.ts';

const MINUTE = 60;

it.each([
  [59, false, false],
  [MINUTE, true, false],
  [5 * MINUTE + 1, true, true],
  [-5, false, false],
  [-6, true, true],
])(
  'a clock that is %d seconds ahead is worth a word: %s, and keeps the card away: %s',
  (seconds, said, refused) => {
    expect(isSkewed(seconds)).toBe(said);
    expect(refusesCard(seconds)).toBe(refused);
    const hubspotsTime = ANCHOR.getTime() - seconds * 1000;
    const request = {
      method: 'GET',
      url: 'https://holdfast.example/api',
      body: Buffer.of(),
      signature: 'none',
    };
    const checked = verifyHubSpotSignature('secret', { ...request, timestamp: String(hubspotsTime) }, ANCHOR);
    expect(checked === 'stale').toBe(refused);
  },
);

it('the sentence says how far, to which side, what it does and what to do', () => {
  expect(skewSentence(90, 'now')).toBe(
    'The clock of this computer is 90 seconds ahead of HubSpot’s, and from five minutes on what HubSpot’s card asks for is refused: set it by a time server (NTP).',
  );
  expect(skewSentence(-3 * 3600, 'last sync')).toBe(
    'At the last sync the clock of this computer was 3 hours behind HubSpot’s, so that what HubSpot’s card asks for is refused: set it by a time server (NTP).',
  );
});

it('the doctor names a clock that is not HubSpot’s, as it is now; where HubSpot is not asked, as the last sync saw it', async () => {
  const { fake, warehouse, clock } = await syncBench({ source: memorySource({ anchor: ANCHOR }) });
  const store = await freshStore('pglite');
  const dataDir = await temporaryFolder();
  const said = async (mode: Portal['mode'], now: number | null, then: number): Promise<Check[]> => {
    const portal = await ensurePortal(store, `${mode} ${now} ${then}`, mode);
    await markSyncStarted(store, portal, ANCHOR);
    await markSyncFinished(store, portal, ANCHOR, resultOf({ clockAheadSeconds: then }), true);
    const checks = await runChecks({
      dataDir,
      notes: [],
      store,
      portal,
      withImported: false,
      hubspot: now === null ? null : contextOf(fake.url, warehouse, clock).hubspot,
      clock: new VirtualClock(clock.now().getTime() + (now ?? 0) * 1000),
      isRunning: false,
      mappingFile: undefined,
      propose: () => Promise.resolve(null),
    });
    return checks.filter(({ name }) => name === 'clock');
  };
  expect(await said('token', 7200, 90)).toEqual([
    { name: 'clock', state: 'ill', sentence: skewSentence(7200, 'now') },
  ]);
  expect(await said('token', 0, 7200), 'it was set meanwhile').toEqual([]);
  expect(await said('token', null, 90)).toEqual([
    { name: 'clock', state: 'note', sentence: skewSentence(90, 'last sync') },
  ]);
  expect(await said('demo', 7200, 7200), 'a time of its own').toEqual([]);
});

it('a sync keeps by how much the clock is ahead of HubSpot’s', async () => {
  const bench = await syncBench({ source: memorySource({ anchor: ANCHOR }) });
  expect((await bench.sync()).clockAheadSeconds).toBe(0);
  const ahead = new VirtualClock(bench.clock.now().getTime() + 3_600_000, { auto: true });
  expect((await bench.sync({ clock: ahead, portalClock: ahead })).clockAheadSeconds).toBe(3600);
});
