import { keepMapping } from '../../src/core/accounts/portal-mapping.ts';
import { random, type Random } from '../../src/demo/generator/random.ts';
import { DEMO_MAPPING } from '../support/demo-mapping.ts';
import { openPortalBench, type PortalBench } from '../support/portal-bench.ts';

const DAY_MS = 86_400_000;
const ACCOUNTS = 20;

interface Answer {
  at: Date;
  /** the exported files as text */
  files: Record<string, string>;
}

/**
 * Weekly syncs on the fake's clock, each published as in production, and between them edits of dates and values, back-dated ones too, archives,
 * restores, merges, changes of the stored mapping, of the portal's zone and currency, and imports. Every week's export is kept; at the end each
 * is asked for again with `--known-at` and must be the same byte for byte. `rounds` is the number of weeks.
 */
export async function run(options: {
  rounds: number;
  firstSeed: number;
  say: (line: string) => void;
}): Promise<void> {
  const { rounds: weeks, firstSeed, say } = options;
  const bench = await openPortalBench({ seed: firstSeed, accounts: ACCOUNTS, hubspotAppId: '4711' });
  try {
    const draw = random(firstSeed, 3, 3);
    const answers: Answer[] = [];
    for (let week = 0; week < weeks; week += 1) {
      if (week === 0 || week % 5 === 2)
        await keepMapping(bench.ctx, bench.portal, mappingOf(draw, week), 'drill');
      await bench.sync();
      if (week % 8 === 1) await importRows(bench, draw, week);
      await bench.clock.advance(60_000);
      const at = bench.clock.now();
      answers.push({ at, files: await bench.export(at) });
      await bench.clock.advance(2 * DAY_MS);
      editPortal(bench, draw, week);
      await bench.clock.advance(5 * DAY_MS);
    }
    say(`seed ${firstSeed}: ${await compare(bench, answers, firstSeed)}`);
  } finally {
    await bench.close();
  }
}

async function compare(bench: PortalBench, answers: readonly Answer[], seed: number): Promise<string> {
  let changed = 0;
  for (const [week, { at, files }] of answers.entries()) {
    const again = await bench.export(at);
    for (const [mart, text] of Object.entries(files)) {
      if (again[mart] !== text)
        throw new Error(
          `seed ${seed}: ${mart} as known in week ${week} is another one at the end: ${difference(text, again[mart] ?? '')}`,
        );
    }
    if (week > 0 && files['contracts'] !== answers[week - 1]?.files['contracts']) changed += 1;
  }
  if (changed < (answers.length - 1) / 2)
    throw new Error(`only ${changed} of ${answers.length} weeks differ: the drill proves nothing`);
  const files = Object.keys(answers[0]?.files ?? {}).length;
  return `${answers.length} weeks, ${files} files each, ${changed} weeks brought other contracts, every answer the same`;
}

function difference(then: string, now: string): string {
  const [said, says] = [then.split('\n'), now.split('\n')];
  const at = said.findIndex((line, n) => line !== says[n]);
  return `line ${at + 1} was ${said[at] ?? 'not there'} and is ${says[at] ?? 'not there'}`;
}

function editPortal(bench: PortalBench, draw: Random, week: number): void {
  const { state } = bench.fake;
  const day = (shift: number): string =>
    new Date(bench.clock.now().getTime() + shift * DAY_MS).toISOString().slice(0, 10);
  const lines = [...state.all('line_items')];
  const companies = [...state.all('companies')];
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
  state.update('deals', draw.pick([...state.all('deals')]).id, {
    hs_exchange_rate: (0.8 + draw.next()).toFixed(4),
  });
  if (week % 3 === 0) state.archive('line_items', draw.pick(lines).id);
  const archived = [...state.all('line_items', true)];
  if (week % 4 === 2 && archived.length > 0) state.restore('line_items', draw.pick(archived).id);
  if (week % 9 === 2) state.merge('companies', companies[0]?.id ?? '', companies[1]?.id ?? '');
  if (week % 7 === 1) bench.source.timeZone = draw.pick(['America/New_York', 'Asia/Tokyo', 'UTC']);
  if (week % 11 === 3) bench.source.companyCurrency = draw.pick(['EUR', 'GBP', 'USD']);
}

/** The mapping of a week: where contracts are from, and by which rules they count. */
function mappingOf(draw: Random, week: number): unknown {
  return {
    ...DEMO_MAPPING,
    book: {
      grace_days: draw.pick([0, 14, 30, 60]),
      fixed_fx: draw.pick(['settings_date', 'contract_start']),
    },
    contracts: {
      ...DEMO_MAPPING.contracts,
      order:
        week === 0
          ? DEMO_MAPPING.contracts.order
          : draw.pick([
              ['subscriptions', 'line_items', 'deals', 'companies'],
              ['deals', 'subscriptions', 'companies'],
              ['companies', 'deals'],
            ]),
    },
  };
}

/** Rows of files for HubSpot's companies, as if recorded months before: what was answered meanwhile must not know them. */
async function importRows(bench: PortalBench, draw: Random, week: number): Promise<void> {
  const day = (shift: number): string =>
    new Date(bench.clock.now().getTime() + shift * DAY_MS).toISOString().slice(0, 10);
  const rows = [...bench.fake.state.all('companies')].slice(2, 8).map(({ id }, n) => {
    const start = draw.int(100, 500);
    return `${n},${id},${day(-start)},${day(365 - start)},${draw.int(10, 900)},${day(-draw.int(1, 90))}`;
  });
  const columns = {
    contract_id: 'id',
    account_id: 'company',
    start_date: 'start',
    end_date: 'end',
    mrr: 'mrr',
  };
  const files = [{ file: 'contracts.csv', kind: 'contracts', columns, recorded_at: 'recorded' }];
  const text = ['id,company,start,end,mrr,recorded', ...rows].join('\n');
  const { total } = await bench.import(
    { 'contracts.csv': text },
    { version: 1, imports: { files } },
    bench.portal,
  );
  if (total.fresh + total.changed === 0)
    throw new Error(`week ${week}: the import brought nothing: ${JSON.stringify(total)}`);
}
