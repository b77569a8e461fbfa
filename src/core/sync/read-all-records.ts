import type { SyncContext } from './context.ts';
import { createTotals } from './counts.ts';
import type { Failures } from './failures.ts';
import { inLanes } from './lanes.ts';
import { loadedTypes } from './load-objects.ts';
import { linksOf } from './object-types.ts';
import { orRefused, type ReadableType } from './read-definitions.ts';
import type { LinkReader } from './read-links.ts';
import { readType } from './read-records.ts';
import { countType } from './reconcile.ts';
import type { Reporter } from './reporter.ts';
import { noteMissingNames } from './sweep-state.ts';
import type { ReadRun } from './sweep-types.ts';

export interface Reading {
  /** the run */
  run: string;
  startedAt: Date;
  links: LinkReader;
  failures: Failures;
}

/** A step of a lane: the records of a type, or after a first load its links. */
type Step = { read: Readable } | { linksOf: string };
type Readable = Extract<ReadableType, { properties: string[] }>;

/**
 * Reads the records of every type that can be read; answers those that were. One that fails for itself alone does not stop the others. What
 * was loaded for the first time is counted at once and its links are read as soon as they may be, so that HubSpot's rate is filled by cheap
 * and costly requests side by side and none of them is left for the end.
 */
export async function readAllRecords(
  ctx: SyncContext,
  types: readonly ReadableType[],
  reporter: Reporter,
  reading: Reading,
): Promise<ReadRun[]> {
  reporter.begin(types);
  const read: ReadRun[] = [];
  const readable = types.filter((type) => 'properties' in type);
  await noteMissingNames(ctx, readable);
  const order = createLinkOrder(readable.map(({ objectType }) => objectType));
  const loaded = await loadedTypes(ctx);
  const totalOf = createTotals();
  const steps = readable.map((type): Step => ({ read: type }));
  await inLanes(ctx, steps, {
    work: async (inner, step) => {
      if ('linksOf' in step) {
        await reading.links.ofType(inner, step.linksOf);
        return [];
      }
      const { objectType } = step.read;
      const run = await readOne(inner, step.read, reporter, { ...reading, totalOf });
      if (run !== null) read.push(run);
      return order.over(objectType, run?.isFresh === true).map((type) => ({ linksOf: type }));
    },
    // Its pages come one after the other: what takes longest must not begin last.
    weigh: async (inner, step) => {
      if ('linksOf' in step || loaded.has(step.read.objectType)) return 0;
      const total = await totalOf(inner, step.read.objectType).catch(() => null); // its load says why
      return total?.count ?? 0;
    },
  });
  return read;
}

async function readOne(
  ctx: SyncContext,
  { objectType, properties }: Readable,
  reporter: Reporter,
  { run: id, startedAt, failures, totalOf }: Reading & { totalOf: ReturnType<typeof createTotals> },
): Promise<ReadRun | null> {
  const report = reporter.type(objectType);
  report.running();
  const run = {
    id,
    objectType,
    properties,
    startedAt,
    onRead: report.read,
    onChanged: report.changed,
    total: () => totalOf(ctx, objectType),
    onTotal: report.total,
  };
  try {
    const outcome = await orRefused(() => readType(ctx, run));
    if (typeof outcome === 'object') {
      report.skipped(outcome.refused);
      return null;
    }
    const isFresh = outcome === 'load';
    if (isFresh) await countType(ctx, objectType);
    report.done();
    return { ...run, onRead: () => {}, isFresh };
  } catch (error) {
    report.failed(failures.keep(error, ctx.signal).message);
    return null;
  }
}

interface LinkOrder {
  /** A type is over, wanted or not: answers the types whose links may be read now. */
  over(objectType: string, isWanted: boolean): string[];
}

// Links are read once the records at both ends are: a merge that is learned in between would close them and not see those that come later.
function createLinkOrder(types: readonly string[]): LinkOrder {
  const open = new Set(types);
  const wanted = new Set<string>();
  return {
    over: (objectType, isWanted) => {
      open.delete(objectType);
      if (isWanted) wanted.add(objectType);
      const ready = [...wanted].filter((type) => !linksOf(type).some((to) => open.has(to)));
      for (const type of ready) wanted.delete(type);
      return ready;
    },
  };
}
