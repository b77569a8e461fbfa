import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { mappingAt } from '../../store/mappings.ts';
import { currentSnapshot } from '../../store/snapshots.ts';
import type { Store } from '../../store/sql.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { Snapshots } from '../../warehouse/snapshots.ts';
import type { PortalId } from '../actor.ts';
import type { Clock } from '../clock.ts';
import { parseMapping, type Mapping } from './mapping.ts';

const sources = defineQuery({
  file: 'reads/coverage.sql',
  params: z.object({}),
  row: z.object({ source: z.string(), accounts: z.number(), behind: z.number() }),
});

const uncovered = defineQuery({
  file: 'reads/uncovered.sql',
  params: z.object({ most: z.number() }),
  row: z.object({
    account_id: z.string(),
    name: z.string().nullable(),
    domain: z.string().nullable(),
    owner: z.string().nullable(),
    total: z.number(),
  }),
});

const problemCounts = defineQuery({
  file: 'reads/problem_counts.sql',
  params: z.object({}),
  row: z.object({ problem: z.string(), findings: z.number(), home_mrr: z.number().nullable() }),
});

/** Everybody: a portal has fewer accounts than this. */
const ALL = 10_000_000;

/** Which rule of a mapping covers how many accounts, and what in the data is to be worked off. */
export const Coverage = z.object({
  /** each source in the mapping's order: the accounts it covers, and those it could, did an earlier one not cover them */
  sources: z.array(z.object({ source: z.string(), accounts: z.number(), behind: z.number() })),
  covered: z.number(),
  uncovered: z.object({
    accounts: z.number(),
    list: z.array(
      z.object({
        id: z.string(),
        name: z.string().nullable(),
        domain: z.string().nullable(),
        owner: z.string().nullable(),
      }),
    ),
  }),
  problems: z.array(z.object({ problem: z.string(), findings: z.number() })),
});
export type Coverage = z.output<typeof Coverage>;

/** From the tables that a mapping gave; `most` limits the list of accounts that no rule covers. */
export async function coverageIn(
  db: DuckDBConnection,
  mapping: Mapping,
  most: number = ALL,
): Promise<Coverage> {
  const found = new Map((await sources(db, {})).map((row) => [row.source, row]));
  const order = [...new Set([...mapping.contracts.order, ...found.keys()])];
  // Where files were imported, a source without a record is not worth a line.
  const rows = order
    .map((source) => found.get(source) ?? { source, accounts: 0, behind: 0 })
    .filter((row) => !found.has('import') || row.accounts + row.behind > 0);
  const list = await uncovered(db, { most });
  return {
    sources: rows,
    covered: rows.reduce((sum, row) => sum + row.accounts, 0),
    uncovered: {
      accounts: list[0]?.total ?? 0,
      list: list.map(({ account_id: id, name, domain, owner }) => ({ id, name, domain, owner })),
    },
    problems: (await problemCounts(db, {})).map(({ problem, findings }) => ({ problem, findings })),
  };
}

/** What the published tables say of the mapping in force; null before the first publish. */
export async function readCoverage(
  ctx: { store: Store; clock: Clock; snapshots: Snapshots },
  portal: PortalId,
  most: number = ALL,
): Promise<{ mapping: { version: number; author: string }; coverage: Coverage } | null> {
  const snapshot = await currentSnapshot(ctx.store, portal);
  const stored = await mappingAt(ctx.store, portal, ctx.clock.now());
  if (snapshot === null || stored === null) return null;
  const coverage = await ctx.snapshots.read(portal, snapshot.name, (db) =>
    coverageIn(db, parseMapping(stored.document), most),
  );
  return { mapping: { version: stored.version, author: stored.author }, coverage };
}

/** The coverage as sentences, with the first few accounts that no rule covers. */
export function describeCoverage({ sources: rows, covered, uncovered: left, problems }: Coverage): string[] {
  const lines = [
    `Contracts of ${number(covered)} accounts:`,
    ...rows.map(
      ({ source, accounts, behind }) =>
        `  ${words(source)}: ${number(accounts)}${behind === 0 ? '' : `, and ${number(behind)} more that a source before it covers`}`,
    ),
    left.accounts === 0
      ? 'Every account that is called a customer has a contract.'
      : `${number(left.accounts)} called a customer, but no rule finds a contract: ${someOf(left)}.`,
  ];
  if (problems.length > 0)
    lines.push(
      `To work off: ${problems.map((one) => `${words(one.problem)} ${number(one.findings)}`).join(', ')}.`,
    );
  return lines;
}

/** The first few of a list, by name and number. */
export function someOf({ accounts, list }: Coverage['uncovered']): string {
  const shown = list.slice(0, 5).map(({ id, name }) => `${name ?? 'without a name'} (${id})`);
  return `${shown.join(', ')}${accounts > shown.length ? ' …' : ''}`;
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}

function number(value: number): string {
  return value.toLocaleString('en');
}
