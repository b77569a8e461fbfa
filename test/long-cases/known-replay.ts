import { createHash } from 'node:crypto';
import { random, type Random } from '../../src/demo/generator/random.ts';
import type { BuildInputs } from '../../src/warehouse/build.ts';
import { marts } from '../../src/warehouse/build.ts';
import { demoInputs } from '../support/book.ts';
import { DEMO_MAPPING } from '../support/demo-mapping.ts';
import { martRows } from '../support/marts.ts';
import { openBench, type SyncBench } from '../support/sync.ts';

const DAY_MS = 86_400_000;
/** What a sync at that moment would have said must not depend on what came later: these are compared. */
const COMPARED = marts()
  .filter((mart) => !mart.isInternal)
  .map((mart) => mart.name);

interface Answer {
  inputs: BuildInputs;
  digests: Record<string, string>;
}

/**
 * Weekly syncs on the fake's clock, with edits of dates and values, back-dated ones too, archives, restores and changes of the mapping between
 * them. Every week's answer is kept; at the end each is asked for again, as known then, and must be the same byte for byte. `rounds` is the number of weeks.
 */
export async function run(options: {
  rounds: number;
  firstSeed: number;
  say: (line: string) => void;
}): Promise<void> {
  const { rounds, firstSeed, say } = options;
  const bench = await openBench({ seed: firstSeed, accounts: 60 });
  try {
    const draw = random(firstSeed, 3, 3);
    const answers: Answer[] = [];
    let mapping: unknown = DEMO_MAPPING;
    for (let week = 0; week < rounds; week += 1) {
      const result = await bench.sync();
      if (result.state !== 'complete') throw new Error(`week ${week}: the sync ended ${result.state}`);
      await bench.clock.advance(60_000);
      if (week % 5 === 3) mapping = changeMapping(draw);
      const inputs = demoInputs(bench.clock.now(), mapping);
      answers.push({ inputs, digests: await digestsOf(bench, inputs) });
      await bench.clock.advance(2 * DAY_MS);
      editPortal(bench, draw, week);
      await bench.clock.advance(5 * DAY_MS);
    }
    let changed = 0;
    for (const [week, answer] of answers.entries()) {
      const again = await digestsOf(bench, answer.inputs);
      for (const mart of COMPARED) {
        if (again[mart] !== answer.digests[mart])
          throw new Error(`seed ${firstSeed}: ${mart} as known in week ${week} is another one at the end`);
      }
      if (week > 0 && answer.digests['contracts'] !== answers[week - 1]?.digests['contracts']) changed += 1;
    }
    if (changed < rounds / 2)
      throw new Error(`only ${changed} of ${rounds} weeks differ: the drill proves nothing`);
    say(
      `seed ${firstSeed}: ${rounds} weeks, ${COMPARED.length} marts each, ${changed} weeks brought something new, every answer the same`,
    );
  } finally {
    await bench.close();
  }
}

async function digestsOf(bench: SyncBench, inputs: BuildInputs): Promise<Record<string, string>> {
  // Each mart as one text: its rows in their order.
  const parts = COMPARED.map(
    (mart) =>
      `select '${mart}' as mart, coalesce(string_agg(to_json(t)::varchar, '\\n'), '') as rows from ${mart} t`,
  );
  const rows = await martRows(bench.warehouse, inputs, parts.join(' union all '));
  return Object.fromEntries(
    rows.map((row) => [String(row['mart']), createHash('sha256').update(String(row['rows'])).digest('hex')]),
  );
}

function editPortal(bench: SyncBench, draw: Random, week: number): void {
  const { state } = bench.fake;
  const day = (shift: number): string =>
    new Date(bench.clock.now().getTime() + shift * DAY_MS).toISOString().slice(0, 10);
  const lines = [...state.all('line_items')];
  const companies = [...state.all('companies')];
  const deals = [...state.all('deals')];
  state.update('line_items', draw.pick(lines).id, { amount: String(draw.int(50, 5000)) });
  state.update('line_items', draw.pick(lines).id, {
    hs_recurring_billing_start_date: day(-draw.int(30, 900)),
  });
  state.update('line_items', draw.pick(lines).id, {
    hs_recurring_billing_end_date: day(draw.int(-200, 200)),
  });
  state.update('companies', draw.pick(companies).id, {
    hf_churn_date: day(-draw.int(0, 60)),
    lifecyclestage: 'other',
  });
  state.update('companies', draw.pick(companies).id, {
    name: `Renamed in week ${week}`,
    hf_notice_days: '45',
  });
  state.update('deals', draw.pick(deals).id, { hs_exchange_rate: (0.8 + draw.next()).toFixed(4) });
  if (week % 3 === 0) state.archive('line_items', draw.pick(lines).id);
  const archived = [...state.all('line_items', true)];
  if (week % 4 === 2 && archived.length > 0) state.restore('line_items', draw.pick(archived).id);
}

function changeMapping(draw: Random): unknown {
  return {
    ...DEMO_MAPPING,
    book: {
      grace_days: draw.pick([0, 14, 30, 60]),
      fixed_fx: draw.pick(['settings_date', 'contract_start']),
    },
    contracts: {
      ...DEMO_MAPPING.contracts,
      order: draw.pick([
        ['subscriptions', 'line_items', 'deals', 'companies'],
        ['deals', 'subscriptions', 'companies'],
        ['companies', 'deals'],
      ]),
    },
  };
}
