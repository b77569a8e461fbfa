import { randomUUID } from 'node:crypto';
import PQueue from 'p-queue';
import { AppError } from '../errors.ts';
import type { HubSpotUsage } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import type { SyncResult } from './progress.ts';
import { readDefinitions, orRefused, type ReadableType } from './read-definitions.ts';
import { readHistory } from './read-history.ts';
import { readLinks, type LinkCounts } from './read-links.ts';
import { readPlace } from './load-objects.ts';
import { readType } from './read-records.ts';
import { createReporter, type Reporter } from './reporter.ts';
import { clearSegments } from './segment.ts';
import { finishRun, startRun } from './ledger.ts';

/** Types read side by side, to fill HubSpot's rate while each waits for its own next page. */
const LANES = 4;

/**
 * Copies what changed in the CRM into the portal's mirror. May be killed anywhere and run again: it goes on from where the mirror
 * stands. Never throws for what HubSpot or the signal does; the result says how far it came and, in a sentence, why no further.
 * A fault of the warehouse or of ours is thrown.
 */
export async function syncPortal(ctx: SyncContext): Promise<SyncResult> {
  const startedAt = ctx.clock.now();
  const run = randomUUID();
  const usedBefore = ctx.hubspot.usage();
  const reporter = createReporter(ctx, startedAt);
  await clearSegments(ctx);
  const knownFrom = ctx.portalClock.now();
  await startRun(ctx, run, knownFrom);
  const links: LinkCounts = { read: 0, changed: 0, failed: 0, skipped: [] };
  let ending: Ending = { state: 'complete', sentence: null, failedAt: null, resumesAt: null };
  try {
    const account = await ctx.hubspot.accountInfo({ signal: ctx.signal });
    await ctx.onAccount(account);
    const types = await readDefinitions(ctx, account);
    await readAllRecords(ctx, types, reporter, knownFrom);
    reporter.phase('associations');
    Object.assign(links, await readLinks(ctx, new Set(readableTypes(types)), reporter.links));
    await readHistory(ctx, new Set(readableTypes(types)));
  } catch (error) {
    ending = endingOf(error, ctx.signal);
  }
  const finishedAt = ctx.clock.now();
  const result: SyncResult = {
    run,
    ...ending,
    types: reporter.types().map((type) => ({
      ...type,
      state: type.state === 'done' || type.state === 'skipped' ? type.state : 'unfinished',
    })),
    associations: links,
    ...usageSince(ctx, usedBefore),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
  };
  await finishRun(ctx, result, ctx.portalClock.now());
  return result;
}

async function readAllRecords(
  ctx: SyncContext,
  types: readonly ReadableType[],
  reporter: Reporter,
  startedAt: Date,
): Promise<void> {
  reporter.begin(types);
  const lanes = new PQueue({ concurrency: LANES });
  const stop = new AbortController();
  const signal = AbortSignal.any([ctx.signal, stop.signal]);
  const readable = types.filter((type) => 'properties' in type);
  await Promise.all(
    readable.map((type) =>
      lanes.add(async () => {
        const report = reporter.type(type.objectType);
        report.running();
        try {
          const inner = { ...ctx, signal };
          const place = await readPlace(ctx, type.objectType);
          if (place === null || place.modifiedTo === null) {
            const counted = countRecords(inner, type.objectType).then(report.total);
            counted.catch(() => {}); // a total is for the bar only; what fails here fails again below
          }
          const outcome = await orRefused(() =>
            readType(inner, { ...type, startedAt, onRead: report.read, onChanged: report.changed }),
          );
          if (outcome !== undefined) report.skipped(outcome.refused);
          else report.done();
        } catch (error) {
          stop.abort(error); // one type that cannot go on stops the others at their next page
          throw error;
        }
      }),
    ),
  );
}

async function countRecords(ctx: SyncContext, objectType: string): Promise<number> {
  const page = await ctx.hubspot.search(
    {
      objectType,
      filters: [],
      properties: [],
      limit: 1,
      sort: { propertyName: 'hs_object_id', direction: 'ASCENDING' },
    },
    { signal: ctx.signal },
  );
  return page.total;
}

function readableTypes(types: readonly ReadableType[]): string[] {
  return types.filter((type) => 'properties' in type).map((type) => type.objectType);
}

type Ending = Pick<SyncResult, 'state' | 'sentence' | 'failedAt' | 'resumesAt'>;

function endingOf(error: unknown, signal: AbortSignal): Ending {
  if (signal.aborted)
    return {
      state: 'stopped',
      sentence: 'The sync was stopped; the next one goes on from here.',
      failedAt: null,
      resumesAt: null,
    };
  if (!(error instanceof AppError) || error.code === 'conflict' || error.code === 'unavailable') throw error;
  if (error.code === 'too_many')
    return {
      state: 'stopped',
      sentence: error.message,
      failedAt: null,
      resumesAt: String(error.details['resumesAt'] ?? '') || null,
    };
  return { state: 'failed', sentence: error.message, failedAt: 'hubspot', resumesAt: null };
}

function usageSince(ctx: SyncContext, before: HubSpotUsage): { requests: number; retries: number } {
  const { requests, retries } = ctx.hubspot.usage();
  return { requests: requests - before.requests, retries: retries - before.retries };
}
