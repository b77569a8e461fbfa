import { isDeepStrictEqual } from 'node:util';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { silentLog } from '../../src/core/log.ts';
import { syncPortal } from '../../src/core/sync/sync-portal.ts';
import type { BuildInputs } from '../../src/warehouse/build.ts';
import { openWarehouse, type Warehouse } from '../../src/warehouse/warehouse.ts';
import { demoInputs } from '../support/book.ts';
import { someMarts, type MartRow } from '../support/marts.ts';
import { contextOf, openBench, PORTAL, type SyncBench } from '../support/sync.ts';

const DAY_MS = 86_400_000;
const ACCOUNTS = 6;
const COMPARED = ['contracts', 'accounts', 'movements'];

/** What somebody does in HubSpot; `pick` chooses among the records there are. */
const change = fc.oneof(
  fc.record({
    do: fc.constant('amount' as const),
    pick: fc.nat(),
    value: fc.integer({ min: -50, max: 3000 }),
  }),
  fc.record({ do: fc.constant('start' as const), pick: fc.nat(), day: fc.integer({ min: -800, max: 60 }) }),
  fc.record({ do: fc.constant('end' as const), pick: fc.nat(), day: fc.integer({ min: -400, max: 400 }) }),
  fc.record({ do: fc.constant('rate' as const), pick: fc.nat(), value: fc.integer({ min: 50, max: 200 }) }),
  fc.record({ do: fc.constant('company' as const), pick: fc.nat(), day: fc.integer({ min: -90, max: 30 }) }),
  fc.record({
    do: fc.constantFrom('archive', 'restore', 'purge', 'merge', 'unlink'),
    pick: fc.nat(),
    type: fc.constantFrom('line_items', 'deals', 'companies', 'subscriptions'),
  }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;
const history = fc.array(
  fc.record({
    days: fc.integer({ min: 1, max: 45 }),
    changes: fc.array(change, { minLength: 1, maxLength: 6 }),
  }),
  { minLength: 1, maxLength: 3 },
);

/**
 * Random histories of a small portal, synced again and again into one mirror. What it answers at the end as known at each of those moments is
 * what a mirror that was made afresh at that moment said: nothing of what came later reaches back, and nothing is kept that a sync of then
 * would not have seen. `rounds` is the number of histories.
 */
export async function run(options: {
  rounds: number;
  firstSeed: number;
  say: (line: string) => void;
}): Promise<void> {
  let moments = 0;
  let rows = 0;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 500 }), history, async (seed, steps) => {
      const compared = await replay(seed, steps);
      moments += compared.moments;
      rows += compared.rows;
    }),
    { seed: options.firstSeed, numRuns: options.rounds, endOnFailure: true },
  );
  options.say(
    `seed ${options.firstSeed}: ${options.rounds} histories, ${moments} moments, ${rows} rows equal`,
  );
}

async function replay(
  seed: number,
  steps: readonly { days: number; changes: readonly Change[] }[],
): Promise<{ moments: number; rows: number }> {
  const bench = await openBench({ seed, accounts: ACCOUNTS });
  try {
    const said: { inputs: BuildInputs; marts: Record<string, MartRow[]> }[] = [];
    const ask = async (): Promise<void> => {
      const result = await bench.sync();
      if (result.state !== 'complete') throw new Error(`the sync ended ${result.state}`);
      await bench.clock.advance(3_600_000); // longer than either sync takes
      const inputs = demoInputs(bench.clock.now());
      said.push({ inputs, marts: await freshAnswer(bench, inputs) });
    };
    await ask();
    for (const { days, changes } of steps) {
      await bench.clock.advance(days * DAY_MS);
      for (const one of changes) apply(bench, one);
      await ask();
    }
    let rows = 0;
    for (const { inputs, marts } of said) {
      const now = await someMarts(bench.warehouse, inputs, COMPARED);
      for (const mart of COMPARED) {
        if (!isDeepStrictEqual(now[mart], marts[mart]))
          throw new Error(
            `portal ${seed}, ${mart} as known at ${inputs.knownAt.toISOString()}: ${difference(now[mart], marts[mart])}`,
          );
        rows += marts[mart]?.length ?? 0;
      }
    }
    return { moments: said.length, rows };
  } finally {
    await bench.close();
  }
}

/** What a mirror that knows nothing yet says after one sync. */
async function freshAnswer(bench: SyncBench, inputs: BuildInputs): Promise<Record<string, MartRow[]>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-fresh-'));
  let warehouse: Warehouse | null = null;
  try {
    warehouse = await openWarehouse({ dataDir, portal: PORTAL, log: silentLog });
    const result = await syncPortal(contextOf(bench.fake.url, warehouse, bench.clock));
    if (result.state !== 'complete') throw new Error(`the fresh sync ended ${result.state}`);
    // What is asked is the same moment; the fresh mirror learned everything a moment later.
    return await someMarts(warehouse, { ...inputs, knownAt: bench.clock.now() }, COMPARED);
  } finally {
    await warehouse?.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function apply(bench: SyncBench, one: Change): void {
  const { state } = bench.fake;
  const day = (shift: number): string =>
    new Date(bench.clock.now().getTime() + shift * DAY_MS).toISOString().slice(0, 10);
  const idOf = (type: string, archived = false): string | null => {
    const all = [...state.all(type, archived)];
    return all[one.pick % Math.max(1, all.length)]?.id ?? null;
  };
  const update = (type: string, values: Record<string, string>): void => {
    const id = idOf(type);
    if (id !== null) state.update(type, id, values);
  };
  switch (one.do) {
    case 'amount':
      return update('line_items', { amount: String(one.value) });
    case 'start':
      return update('line_items', { hs_recurring_billing_start_date: day(one.day) });
    case 'end':
      return update('line_items', { hs_recurring_billing_end_date: day(one.day) });
    case 'rate':
      return update('deals', { hs_exchange_rate: (one.value / 100).toFixed(2) });
    case 'company':
      return update('companies', { hf_churn_date: day(one.day), name: `Renamed ${one.pick}` });
    case 'restore': {
      const id = idOf(one.type, true);
      if (id !== null) state.restore(one.type, id);
      return;
    }
    case 'merge': {
      const [first, second] = [...state.all(one.type)];
      if (first !== undefined && second !== undefined && (one.type === 'companies' || one.type === 'deals'))
        state.merge(one.type, first.id, second.id);
      return;
    }
    case 'unlink': {
      const id = idOf('deals');
      const [link] = id === null ? [] : state.associations('deals', id, 'companies');
      if (id !== null && link !== undefined) state.dissociate('deals', id, 'companies', link.toId);
      return;
    }
    case 'archive': {
      const id = idOf(one.type);
      if (id !== null) state.archive(one.type, id);
      return;
    }
    case 'purge': {
      // out of the recycle bin, as HubSpot does it
      const id = idOf(one.type, true);
      if (id !== null) state.purge(one.type, id);
      return;
    }
  }
}

function difference(now: readonly MartRow[] = [], then: readonly MartRow[] = []): string {
  const lines = (rows: readonly MartRow[]): string[] => rows.map((row) => JSON.stringify(row));
  const [had, has] = [new Set(lines(then)), new Set(lines(now))];
  const lost = [...had].find((line) => !has.has(line)) ?? 'nothing';
  const won = [...has].find((line) => !had.has(line)) ?? 'nothing';
  return `the long-lived mirror says ${won}, the fresh one said ${lost}`;
}
