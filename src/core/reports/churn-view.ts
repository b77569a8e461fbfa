import type { DuckDBConnection } from '@duckdb/node-api';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { readBook } from '../../warehouse/book.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { PortalId } from '../actor.ts';
import type { WebContext } from '../web-context.ts';
import { churnOf } from './churn.ts';
import { conventions, DEFAULT_CONVENTION, MEASURES, type Measure } from './conventions.ts';
import { fromPublished } from './published.ts';
import { monthsOf, reportOf, type Report } from './report.ts';

/** A line of the bridge from opening to close. */
export const BRIDGE = [
  'new',
  'reactivation',
  'expansion',
  'resume',
  'currency',
  'contraction',
  'pause',
  'churn',
] as const;

const bridgeOf = defineQuery({
  file: 'reads/movement_bridge.sql',
  params: z.object({ first: z.string(), last: z.string() }),
  row: z.object({ kind: z.string(), amount: z.number(), accounts: z.number() }),
});

export interface ChurnView {
  report: Report;
  knownAt: Date;
  /** the months there are, the newest first */
  months: string[];
  /** the twelve months to the one that is asked for, oldest first */
  trend: {
    month: string;
    churn: number | null;
    customers: number;
    gross: number | null;
    net: number | null;
  }[];
  bridge: {
    opening: number;
    closing: number;
    lines: { kind: (typeof BRIDGE)[number]; amount: number; accounts: number }[];
  };
  /** the month as the others count it */
  others: { id: string; name: string; values: Record<Measure, { value: number | null; n: number }> }[];
}

export interface ChurnInput {
  convention: string;
  /** as 2026-05; null: the last that is over */
  month: string | null;
  over: 'month' | 'year';
}

const Input = z.object({
  convention: z.string().max(50).default(DEFAULT_CONVENTION),
  month: z.string().max(10).nullable().default(null),
  over: z.enum(['month', 'year']).catch('month'),
});

/** What an address asks for; what it leaves open has the default. */
export function churnInput(query: URLSearchParams): ChurnInput {
  const given = Object.fromEntries([...query].filter(([, value]) => value !== ''));
  return Input.parse(given);
}

/**
 * Churn and retention of a month under one convention, with what led to it and what others would say. Null before the first publish. Throws as
 * `reportOf` does.
 */
export async function getChurnView(
  ctx: Pick<WebContext, 'current' | 'snapshots'>,
  portal: PortalId,
  input: ChurnInput,
): Promise<ChurnView | null> {
  return fromPublished(ctx, portal, JSON.stringify(['churn', input]), (db) => readView(db, input));
}

async function readView(db: DuckDBConnection, input: ChurnInput): Promise<ChurnView> {
  const report = await reportOf(db, input);
  const book = await readBook(db);
  const months = monthsOf(book);
  return {
    report,
    knownAt: book.known_at,
    months: months.toReversed(),
    trend: await readTrend(db, report, months),
    bridge: await readBridge(db, report),
    others: await readOthers(db, report.month),
  };
}

async function readTrend(
  db: DuckDBConnection,
  report: Report,
  months: readonly string[],
): Promise<ChurnView['trend']> {
  const last = months.indexOf(report.month);
  const shown = months.slice(Math.max(0, last - 11), last + 1);
  const convention = conventions().find(({ id }) => id === report.convention);
  if (convention === undefined) return [];
  const over = report.over === 'year' ? ({ clock: 'trailing_year' } as const) : {};
  const [churn, gross, net] = await Promise.all(
    MEASURES.map((measure) => churnOf(db, measure, { ...convention[measure], ...over }, shown)),
  );
  return shown.map((month, n) => ({
    month,
    churn: churn?.[n]?.value ?? null,
    customers: churn?.[n]?.customers ?? 0,
    gross: rest(gross?.[n]?.value ?? null),
    net: rest(net?.[n]?.value ?? null),
  }));
}

function rest(lost: number | null): number | null {
  return lost === null ? null : 1 - lost;
}

async function readBridge(db: DuckDBConnection, { month, over }: Report): Promise<ChurnView['bridge']> {
  const first = Temporal.PlainDate.from(month);
  const begins = over === 'year' ? first.subtract({ months: 11 }) : first;
  const last = first.add({ months: 1 }).subtract({ days: 1 });
  const rows = await bridgeOf(db, { first: begins.toString(), last: last.toString() });
  const opening = rows.find(({ kind }) => kind === 'opening')?.amount ?? 0;
  const lines = BRIDGE.flatMap((kind) => {
    const row = rows.find((one) => one.kind === kind);
    return row === undefined ? [] : [{ kind, amount: row.amount, accounts: row.accounts }];
  });
  return { opening, lines, closing: rows.reduce((sum, { amount }) => sum + amount, 0) };
}

async function readOthers(db: DuckDBConnection, month: string): Promise<ChurnView['others']> {
  const others: ChurnView['others'] = [];
  for (const { id, name, ...measures } of conventions()) {
    const of = async (measure: Measure): Promise<{ value: number | null; n: number }> => {
      const [figure] = await churnOf(db, measure, measures[measure], [month]);
      return { value: figure?.value ?? null, n: figure?.customers ?? 0 };
    };
    others.push({
      id,
      name,
      values: {
        customer_churn: await of('customer_churn'),
        gross_revenue_churn: await of('gross_revenue_churn'),
        net_revenue_churn: await of('net_revenue_churn'),
      },
    });
  }
  return others;
}
