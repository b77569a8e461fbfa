import { z } from 'zod';
import { loadConfig } from '../config.ts';
import type { PortalId } from '../core/actor.ts';
import { AppError } from '../core/errors.ts';
import { DEFAULT_CONVENTION } from '../core/reports/conventions.ts';
import { reportOf, type Figure, type Report } from '../core/reports/report.ts';
import { currentSnapshot } from '../store/snapshots.ts';
import type { Store } from '../store/sql.ts';
import { openSnapshots } from '../warehouse/snapshots.ts';
import { holdOrCall } from './hold-or-call.ts';
import { withParts } from './offline-parts.ts';
import { portalNamed } from './open-context.ts';
import { openTerminal } from './terminal.ts';

export interface ReportCommandOptions {
  convention?: string;
  month?: string;
  over?: string;
  portal?: string;
  json?: boolean;
}

const Published = z.object({ portal: z.string().transform((id) => id as PortalId), name: z.string() });
const Over = z.enum(['month', 'year'], 'Say --over month or --over year.');

/** Which file of a portal is the published one; throws AppError `unavailable` before the first publish. */
export async function publishedOf(store: Store, portal: PortalId): Promise<z.input<typeof Published>> {
  const snapshot = await currentSnapshot(store, portal);
  if (snapshot === null)
    throw new AppError('unavailable', 'Nothing is published yet. Run holdfast sync first.');
  return { portal, name: snapshot.name };
}

/**
 * `holdfast report`: every metric of a month under one convention, with what it is made of. The published file is read here, also while the
 * product runs, which only says which one it is.
 */
export async function runReportCommand(options: ReportCommandOptions): Promise<void> {
  const over = Over.safeParse(options.over ?? 'month');
  if (!over.success) throw new AppError('invalid', 'Say --over month or --over year.');
  const config = loadConfig();
  const args = { portal: options.portal ?? null };
  const outcome = await holdOrCall(config.dataDir, { name: 'published', args }, () =>
    withParts(config, { startDemo: false }, async ({ store, portal }) =>
      publishedOf(store, await portalNamed(store, options.portal ?? portal)),
    ),
  );
  const { portal, name } = Published.parse(outcome);
  const snapshots = openSnapshots({ dataDir: config.dataDir });
  try {
    const report = await snapshots.read(portal, name, (db) =>
      reportOf(db, {
        convention: options.convention ?? DEFAULT_CONVENTION,
        month: options.month ?? null,
        over: over.data,
      }),
    );
    const terminal = openTerminal({ quiet: false });
    if (options.json === true) terminal.json(report);
    else for (const line of describeReport(report)) terminal.say(line);
  } finally {
    await snapshots.close();
  }
}

/** A report as lines for a terminal. */
export function describeReport(report: Report): string[] {
  const [first] = report.figures;
  const period = report.over === 'year' ? 'the twelve months to' : '';
  const head = `${report.conventionName}, ${period} ${report.month.slice(0, 7)}`.replace('  ', ' ');
  const known =
    first === undefined ? [] : [`As known at ${first.knownAt}; money in ${report.currency} a month.`];
  return [head, ...known, ...report.figures.map(describeFigure)];
}

function describeFigure(figure: Figure): string {
  const value = figure.value === null ? 'not known' : shown(figure, figure.value);
  const interval =
    figure.interval === null
      ? ''
      : `, 95 % from ${shown(figure, figure.interval.low)} to ${shown(figure, figure.interval.high)}`;
  const counted = `${plain(figure.numerator)} of ${plain(figure.denominator)}`;
  const house = figure.convention === 'house' ? ', by the house’s rules' : '';
  return `${figure.name}: ${value} (${counted}, n ${plain(figure.n)}${interval}${house})`;
}

function shown({ id }: Figure, value: number): string {
  return id === 'quick_ratio' ? value.toFixed(2) : `${(value * 100).toFixed(2)} %`;
}

function plain(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 2 });
}
