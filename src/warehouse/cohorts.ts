import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { z } from 'zod';
import { prepareMetrics, runMetric } from './metric-sql.ts';
import { cohortSql } from './metrics.ts';
import type { Segment } from './segment.ts';

/** How cohorts are counted; names and values are those of the SQL in `analytics/metrics`. Days as 2026-01-31. */
export interface CohortRules {
  /** the ways of reading contracts of `account_steps` */
  moment: string;
  lapses: string;
  free: string;
  grain: 'month' | 'quarter' | 'year';
  /** active at the close of an interval, or on any day of it */
  active: 'month_end' | 'any_day';
  /** who returns stays in the cohort it began in, or opens a new one */
  returner: 'original' | 'new_cohort';
  /** the last day that is looked at, at its close */
  as_of: string;
}

/** Part of the accounts: those in a segment, or all others, among them whoever the condition is not known of. */
export interface AccountPart {
  /** made by `guardSegment`: nothing else may stand in a statement */
  segment: Segment;
  side: 'inside' | 'outside';
}

/** What one cohort was at one age. Money is a month's value in the portal's currency. */
export interface CohortCell {
  /** the first day of the interval in which the members began */
  start: string;
  /** whole intervals after that one */
  age: number;
  active: number;
  /** members that are not paused */
  members: number;
  paused: number;
  value: number;
  /** what those that `value` can be told of paid on their first paid day */
  base: number;
  /** members left out of `value` and `base`, for want of a rate */
  unknown: number;
}

export interface CohortStart {
  start: string;
  size: number;
  /** what the members paid on their first paid day, as far as there is a rate */
  money: number;
  /** members whose first value has no rate */
  unknown: number;
}

const Start = z.object({ start: z.string(), size: z.number(), money: z.number(), unknown: z.number() });

/** Every cohort with a member, the oldest first. */
export async function readCohortStarts(
  db: DuckDBConnection,
  rules: CohortRules,
  part: AccountPart | null,
): Promise<CohortStart[]> {
  await prepareMetrics(db);
  const rows = await runMetric(
    db,
    `with steps as materialized (${stepsOf(part)})
    select
      date_trunc($grain, first_day)::date::varchar as start,
      count(*)::integer as size,
      coalesce(sum(base), 0)::double as money,
      count(*) filter (base is null)::integer as unknown
    from cohort_members('steps', $returner)
    group by start
    order by start`,
    valuesOf(rules, part),
  );
  return rows.map((row) => Start.parse(row));
}

const Cell = z.object({
  start: z.string(),
  age: z.number(),
  active: z.number(),
  members: z.number(),
  paused: z.number(),
  value: z.number(),
  base: z.number(),
  unknown: z.number(),
});

/** Every age that every cohort has reached by the day `as_of`, the interval of that day included. */
export async function readCohortCells(
  db: DuckDBConnection,
  rules: CohortRules,
  part: AccountPart | null,
): Promise<CohortCell[]> {
  await prepareMetrics(db);
  const rows = await runMetric(
    db,
    `with ${runsOf(part)},
    logos as (${cohortSql('cohort_logos')}),
    money as (${cohortSql('cohort_money')})
    select
      cohort_start::varchar as start,
      age,
      logo_sums.numerator::integer as active,
      logo_sums.denominator::integer as members,
      logo_sums.left_out::integer as paused,
      money_sums.numerator::double as value,
      money_sums.denominator::double as base,
      money_sums.left_out::integer as unknown
    from cohort_sums('logos', $grain, $as_of) logo_sums
    join cohort_sums('money', $grain, $as_of) money_sums using (cohort_start, age)
    order by cohort_start, age`,
    valuesOf(rules, part),
  );
  return rows.map((row) => Cell.parse(row));
}

/** A member of a cohort at an age. */
export interface CohortMember {
  account: string;
  /** its first paid day, or, where a return opens a new cohort, that of its spell */
  startedOn: string;
  state: 'active' | 'paused' | 'out';
  /** what it pays a month, 0 where it is not active; null without a rate */
  value: number | null;
  /** what it paid a month on its first paid day; null without a rate */
  base: number | null;
}

const Member = z.object({
  account: z.string(),
  startedOn: z.string(),
  state: z.enum(['active', 'paused', 'out']),
  value: z.number().nullable(),
  base: z.number().nullable(),
});

/** The members that a cell counts and those that it does not, by account and first day. */
export async function readCohortMembers(
  db: DuckDBConnection,
  rules: CohortRules,
  part: AccountPart | null,
  cell: { start: string; age: number },
): Promise<CohortMember[]> {
  await prepareMetrics(db);
  const rows = await runMetric(
    db,
    `with ${runsOf(part)}
    select
      account_id as account, first_day::varchar as "startedOn", state, value::double as value, base::double as base
    from runs
    where cohort_start = $start::date and $age between from_age and to_age
    order by account_id, first_day`,
    { ...valuesOf(rules, part), ...cell },
  );
  return rows.map((row) => Member.parse(row));
}

function runsOf(part: AccountPart | null): string {
  return `steps as materialized (${stepsOf(part)}),
    runs as materialized (from cohort_runs('steps', $grain, $returner, $active, $as_of))`;
}

function stepsOf(part: AccountPart | null): string {
  const steps = `from steps_read('account_steps', $moment, $lapses, $free)`;
  if (part === null) return `${steps} where day <= $as_of::date`;
  const join = part.side === 'inside' ? 'semi join' : 'anti join';
  return `select steps.* from (${steps}) steps
    ${join} (select account_id from accounts where ${part.segment.sql}) chosen using (account_id)
    where day <= $as_of::date`;
}

function valuesOf(rules: CohortRules, part: AccountPart | null): Record<string, DuckDBValue> {
  return { ...rules, ...part?.segment.params };
}
