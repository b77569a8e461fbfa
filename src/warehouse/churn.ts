import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { prepareMetrics, runMetric } from './metric-sql.ts';
import { metricSql } from './metrics.ts';

/** A window from the close of the day `opens` to the close of the day `closes`, days as 2026-01-31. */
export interface Window {
  id: string;
  opens: string;
  closes: string;
}

/** How a metric of churn is counted; names and values are those of the metric's SQL. */
export interface CountingRules {
  moment: string;
  lapses: string;
  free: string;
  returner: string;
  joiner_leaver: string;
  denominator: string;
  contraction: string;
  reactivation: string;
  /** all accounts, those on an annual plan at the opening, or those that are not */
  plans: 'all' | 'annual' | 'not_annual';
}

export interface WindowTotal {
  window: string;
  numerator: number;
  denominator: number;
  /** customers in the denominator */
  customers: number;
  /** accounts that add to the numerator */
  accounts: number;
}

export interface AccountRow {
  window: string;
  /** null stands for all accounts that did not move */
  account: string | null;
  numerator: number;
  denominator: number;
}

const Total = z.object({
  window_id: z.string(),
  numerator: z.number(),
  denominator: z.number(),
  customers: z.number(),
  accounts: z.number(),
});

/** The sums of a metric for each window; a window in which there was nobody is left out. Money is in the portal's currency, a month. */
export async function readWindowTotals(
  db: DuckDBConnection,
  metric: string,
  rules: CountingRules,
  windows: readonly Window[],
): Promise<WindowTotal[]> {
  await prepareMetrics(db);
  const rows = await runMetric(
    db,
    `with ${factsOf(rules, 'moved')},
    counted as (${metricSql(metric)})
    select
      window_id,
      sum(numerator)::double as numerator,
      sum(denominator)::double as denominator,
      sum(customers)::integer as customers,
      count(*) filter (numerator <> 0)::integer as accounts
    from counted
    group by window_id
    order by window_id`,
    { ...rules, windows: windowsText(windows) },
  );
  return rows.map((row) => {
    const { window_id, ...total } = Total.parse(row);
    return { window: window_id, ...total };
  });
}

const Row = z.object({
  window_id: z.string(),
  account_id: z.string().nullable(),
  numerator: z.number(),
  denominator: z.number(),
});

/** Which accounts are told one by one besides those that moved: none, those that may count differently under another convention, or all. */
export type Listed = 'moved' | 'in question' | 'all';

const LISTED: Record<Listed, string> = {
  moved: 'select null::varchar as account_id where false',
  'in question': `from accounts_in_question('account_steps', (select min(opens) from windows), (select max(closes) from windows))`,
  all: 'select distinct account_id from account_steps',
};

/**
 * What a metric counts for each window and account, under several rules that read the same facts: they differ in no more than `returner` (but
 * for the lapses), `joiner_leaver`, `denominator`, `contraction` and `reactivation`.
 */
export async function readAccountRows(
  db: DuckDBConnection,
  metric: string,
  sets: readonly [CountingRules, ...CountingRules[]],
  windows: readonly Window[],
  who: Listed,
): Promise<AccountRow[][]> {
  const [first] = sets;
  const values = { ...first, windows: windowsText(windows) };
  await prepareMetrics(db);
  await runMetric(db, `create or replace temp table counted_windows as ${WINDOWS}`, values);
  await runMetric(
    db,
    `create or replace temp table counted_facts as with ${factsOf(first, who)} from facts`,
    values,
  );
  const answers: AccountRow[][] = [];
  for (const rules of sets) {
    const rows = await runMetric(
      db,
      `with windows as (from counted_windows),
      facts as (from counted_facts),
      counted as (${metricSql(metric)})
      select window_id, account_id, numerator::double as numerator, denominator::double as denominator
      from counted
      where numerator <> 0 or denominator <> 0
      order by window_id, account_id nulls last`,
      { ...rules },
    );
    answers.push(
      rows.map((row) => {
        const { window_id, account_id, numerator, denominator } = Row.parse(row);
        return { window: window_id, account: account_id, numerator, denominator };
      }),
    );
  }
  await db.run('drop table counted_facts; drop table counted_windows');
  return answers;
}

/** The names of the rules that a metric reads, besides those that its facts are made with. */
export function rulesReadBy(metric: string): ReadonlySet<string> {
  return new Set([...metricSql(metric).matchAll(/\$(\w+)/g)].flatMap(([, name]) => name ?? []));
}

const WINDOWS = `select unnest(from_json($windows, '[{"window_id":"VARCHAR","opens":"DATE","closes":"DATE"}]'), recursive := true)`;

function factsOf(rules: CountingRules, who: Listed): string {
  // Whether somebody has an annual plan is known of accounts, not of all others together.
  const listed = LISTED[rules.plans === 'all' ? who : 'all'];
  const plans =
    rules.plans === 'all'
      ? ''
      : `where (exists (from annual where annual.window_id = facts.window_id and annual.account_id = facts.account_id)) = ($plans = 'annual')`;
  return `windows as materialized (${WINDOWS}),
    listed as materialized (${listed}),
    annual as materialized (from annual_plans('contracts', 'windows')),
    steps as materialized (from steps_read('account_steps', $moment, $lapses, $free)),
    facts as materialized (from window_facts('steps', 'windows', 'listed') facts ${plans})`;
}

function windowsText(windows: readonly Window[]): string {
  return JSON.stringify(windows.map(({ id, opens, closes }) => ({ window_id: id, opens, closes })));
}
