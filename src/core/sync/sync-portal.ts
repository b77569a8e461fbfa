import { randomUUID } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { HubSpotUsage } from '../hubspot-port.ts';
import type { SyncContext } from './context.ts';
import { createFailures, type Failures } from './failures.ts';
import type { SyncResult } from './progress.ts';
import { readAllRecords } from './read-all-records.ts';
import { readDefinitions, type ReadableType } from './read-definitions.ts';
import { readHistory } from './read-history.ts';
import { createLinkReader, type LinkReader } from './read-links.ts';
import { createReporter } from './reporter.ts';
import { clearSegments } from './segment.ts';
import { sweepTypes } from './sweep-types.ts';
import { finishRun, pruneLedger, startRun } from './ledger.ts';

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
  let links: LinkReader | null = null;
  const refused: string[] = [];
  const failures = createFailures();
  let clockAheadMs: number | null = null;
  let ending: Ending = { state: 'complete', sentence: null, failedAt: null, resumesAt: null };
  try {
    const account = await ctx.hubspot.accountInfo({ signal: ctx.signal });
    await ctx.onAccount(account);
    clockAheadMs = aheadOfHubSpot(ctx);
    const readFrom = startOfReading(ctx, knownFrom);
    const { types, refused: unread } = await readDefinitions(ctx, account, failures);
    refused.push(...unread);
    const readable = new Set(typesOf(types));
    const reader = createLinkReader(ctx, run, readable, reporter.links);
    links = reader;
    const read = await readAllRecords(ctx, types, reporter, {
      run,
      startedAt: readFrom,
      links: reader,
      failures,
    });
    await sweepTypes(ctx, read, reporter, failures);
    reporter.phase('associations');
    await orKept(ctx, failures, () => reader.rest());
    await orKept(ctx, failures, () => readHistory(ctx, run, readable));
    failures.throwFirst();
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
    associations: links?.counts() ?? { read: 0, changed: 0, failed: 0, skipped: [] },
    refused: [...new Set(refused)],
    clockAheadSeconds: clockAheadMs === null ? null : Math.round(clockAheadMs / 1000),
    ...usageSince(ctx, usedBefore),
    startedAt: startedAt.toISOString(),
    finishedAt: finishedAt.toISOString(),
  };
  await finishRun(ctx, result, ctx.portalClock.now());
  await pruneLedger(ctx, ctx.portalClock.now());
  return result;
}

// Both times are the portal's own: the demo's HubSpot tells the demo's time.
function aheadOfHubSpot(ctx: SyncContext): number | null {
  const { serverTime } = ctx.hubspot.usage();
  return serverTime === null ? null : ctx.portalClock.now().getTime() - serverTime.getTime();
}

const MOST_SKEW_MS = 60_000;

// By HubSpot's clock where that says less than ours: its changes carry its times, and where reading goes on next time must not lie in its
// future.
function startOfReading(ctx: SyncContext, started: Date): Date {
  const { serverTime } = ctx.hubspot.usage();
  const aheadMs = aheadOfHubSpot(ctx);
  if (serverTime === null || aheadMs === null) return started;
  if (Math.abs(aheadMs) > MOST_SKEW_MS)
    ctx.log.warn("the clock of this computer is not HubSpot's; set it by a time server", {
      aheadSeconds: Math.round(aheadMs / 1000),
    });
  return serverTime < started ? serverTime : started;
}

async function orKept(ctx: SyncContext, failures: Failures, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    failures.keep(error, ctx.signal);
  }
}

// Of a type that failed here the links can be read all the same: else they would all have to be read anew.
function typesOf(types: readonly ReadableType[]): string[] {
  return types.filter((type) => !('refused' in type)).map((type) => type.objectType);
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
