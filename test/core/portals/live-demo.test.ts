import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nextMoment } from '../../../src/core/portals/live-demo.ts';
import { inputsOf } from '../../../src/core/accounts/portal-mapping.ts';
import { silentLog } from '../../../src/core/log.ts';
import { historyFiles } from '../../../src/store/snapshots.ts';
import { readDemoLife, type DemoLife } from '../../../src/store/demo-life.ts';
import { buildMarts, marts } from '../../../src/warehouse/build.ts';
import { installHttpAgent } from '../../../src/hubspot/agent.ts';
import { livingBench, LIVING_ANCHOR, WEEK_MS, type LivingBench } from '../../support/living.ts';

installHttpAgent();

const ACCOUNTS = 40;
const WEEKS = 5;
/** Each week is a whole sync and publish. */
const LONG_MS = 300_000;
/** In the first load, and in a later week. */
const KILLS = [
  ['segment-committed', 5],
  ['publish-built', 2],
] as const;

/** A digest of every public mart of today: its number of rows, and its rows as text. */
async function everyMart({ store, portal, warehouse, clock }: LivingBench): Promise<Record<string, string>> {
  const ctx = { store, portalClock: () => Promise.resolve(clock), log: silentLog };
  const inputs = await inputsOf(ctx, portal, warehouse);
  const all: Record<string, string> = {};
  await warehouse.alone((db) =>
    buildMarts(db, inputs, ':memory:', async () => {
      for (const { name, isInternal } of marts()) {
        if (isInternal) continue;
        const rows = (await db.runAndReadAll(`from ${name}`)).getRowsJson();
        all[name] = `${rows.length} ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`;
      }
    }),
  );
  return all;
}

async function known(bench: LivingBench): Promise<string[]> {
  const rows = await bench.warehouse.read(async (db) =>
    (
      await db.runAndReadAll(
        `select distinct strftime(known_from at time zone 'UTC', '%Y-%m-%dT%H:%MZ') as moment
         from (select known_from from objects union all select known_from from object_versions) order by moment`,
      )
    ).getRowsJson(),
  );
  return rows.map(([moment]) => (typeof moment === 'string' ? moment : ''));
}

const STEPS = [
  ...Array.from({ length: WEEKS + 1 }, (_, n) => new Date(LIVING_ANCHOR.getTime() - (WEEKS - n) * WEEK_MS)),
  new Date(LIVING_ANCHOR.getTime() + 9 * 3_600_000),
].map(minute);

function minute(at: Date): string {
  return at.toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z');
}

describe('a demo portal that lives', () => {
  let whole: Record<string, string> = {};

  it(
    'is in the mirror as it is in HubSpot, and each week knew what it knew',
    async () => {
      const bench = await livingBench({ accounts: ACCOUNTS, weeks: WEEKS });
      const lived: string[] = [];
      const { caughtUp, disagreements } = await bench.live({
        onLived: ({ reached }) => void lived.push(reached === null ? '' : minute(new Date(reached))),
      });
      expect(caughtUp).toBe(true);
      expect(disagreements).toEqual([]);
      expect(lived).toEqual(STEPS);
      const moments = await known(bench);
      expect(moments[0]).toBe(STEPS[0]);
      expect(moments.length).toBeGreaterThan(WEEKS);
      expect(moments.filter((at) => !STEPS.includes(at))).toEqual([]);
      const life = await readDemoLife(bench.store, bench.portal);
      expect(life).toMatchObject({ isCaughtUp: true, heading: null });
      // Of each month that is over there is one file, written once; the one being lived comes with the next sync.
      const files = await historyFiles(bench.store, bench.portal);
      expect(files.map(({ name }) => name)).toEqual(['history-2026-01-1.duckdb', 'history-2026-02-1.duckdb']);
      whole = await everyMart(bench);
    },
    LONG_MS,
  );

  it(
    'lived again with the same seed, and killed between two weeks and within, shows the same to the byte',
    async () => {
      const bench = await livingBench({ accounts: ACCOUNTS, weeks: WEEKS });
      for (const [step, times] of KILLS)
        expect([step, await diesAt(bench, step, times)]).toEqual([step, true]);
      const between = new AbortController();
      await bench.live({
        signal: between.signal,
        onLived: () => between.abort(new Error('stopped between')),
      });
      const { caughtUp, disagreements } = await bench.live();
      expect(caughtUp).toBe(true);
      expect(disagreements).toEqual([]);
      expect(await everyMart(bench)).toEqual(whole);
      expect(Number.parseInt(whole['contracts'] ?? '', 10)).toBeGreaterThan(50);
    },
    LONG_MS,
  );

  it(
    'lives the days that passed since, when it is started again',
    async () => {
      const bench = await livingBench({ accounts: 20, weeks: 1 });
      await bench.live();
      await bench.clock.advance(10 * 86_400_000);
      const lived: (string | null)[] = [];
      const onLived = ({ reached }: DemoLife): void => void lived.push(reached);
      const { caughtUp, disagreements } = await bench.live({ onLived });
      expect([caughtUp, disagreements]).toEqual([true, []]);
      expect(lived).toEqual(['2026-03-08T09:00:00.000Z', '2026-03-11T09:00:00.000Z']);
    },
    LONG_MS,
  );
});

// A process that ends at a named step: nothing of it goes on.
async function diesAt(bench: LivingBench, step: string, times: number): Promise<boolean> {
  let left = times;
  try {
    await bench.live({
      failpoint: (now) => {
        if (now === step) left -= 1;
        if (left <= 0) throw new Error(`killed at ${step}`);
      },
    });
    return false;
  } catch (error) {
    return error instanceof Error && error.message.startsWith('killed at');
  }
}

describe('the next moment', () => {
  const life = (values: Partial<DemoLife>): DemoLife => ({
    begins: '2026-02-01T00:00:00.000Z',
    anchor: '2026-03-01T00:00:00.000Z',
    reached: null,
    heading: null,
    isCaughtUp: false,
    weekMs: null,
    ...values,
  });
  const now = new Date('2026-03-01T15:00:00Z');
  it.each([
    ['begins with the past', life({}), '2026-02-01T00:00:00.000Z'],
    ['begins now without one', life({ begins: '2026-03-01T00:00:00.000Z' }), '2026-03-01T15:00:00.000Z'],
    ['is a week on', life({ reached: '2026-02-08T00:00:00.000Z' }), '2026-02-15T00:00:00.000Z'],
    ['meets the anchor', life({ reached: '2026-02-25T00:00:00.000Z' }), '2026-03-01T00:00:00.000Z'],
    ['ends now', life({ reached: '2026-03-01T00:00:00.000Z' }), '2026-03-01T15:00:00.000Z'],
    [
      'is the one that was begun',
      life({ reached: '2026-02-08T00:00:00.000Z', heading: '2026-02-15T00:00:00.000Z' }),
      '2026-02-15T00:00:00.000Z',
    ],
    ['is none when all is lived', life({ reached: '2026-03-01T15:00:00.000Z' }), null],
  ])('%s', (_, given, expected) => {
    expect(nextMoment(given, now)?.toISOString() ?? null).toBe(expected);
  });
});
