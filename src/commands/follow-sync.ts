import type { PortalId } from '../core/actor.ts';
import { systemClock } from '../core/clock.ts';
import { getDemoView } from '../core/portals/demo-view.ts';
import { getSyncFacts } from '../core/portals/overview.ts';
import type { SyncProgress, SyncResult } from '../core/sync/progress.ts';
import type { Store } from '../store/sql.ts';

const ASK_MS = 250;

/** One line of a progress bar. */
export interface Step {
  label: string;
  done: number;
  total: number | null;
}

/** What a bar shows of a sync: records first, then links, each with its own end. */
export function stepOf(progress: SyncProgress): Step {
  switch (progress.phase) {
    case 'definitions':
      return { label: 'reading what the portal has', done: 0, total: null };
    case 'records': {
      const read = progress.types.reduce((sum, type) => sum + type.done, 0);
      const ended = progress.types.filter((type) => type.state !== 'waiting' && type.state !== 'running');
      const running = progress.types
        .filter((type) => type.state === 'running')
        .map((type) => type.label ?? words(type.objectType));
      return {
        label: `record types; ${number(read)} records so far${running.length === 0 ? '' : `, reading ${running.join(', ')}`}`,
        done: ended.length,
        total: progress.types.length,
      };
    }
    case 'sweeping':
      return { label: 'reading everything again, to miss nothing', ...progress.sweep };
    case 'associations':
      return { label: 'reading links', ...progress.associations };
    case 'publishing':
      return { label: 'publishing', done: 0, total: null };
  }
}

/** Waits for the first run that ends after `since`, telling what it does meanwhile. */
export async function followSync(
  store: Store,
  portal: PortalId,
  since: Date,
  onStep: (step: Step) => void,
  signal: AbortSignal,
): Promise<SyncResult> {
  for (;;) {
    signal.throwIfAborted();
    const facts = await getSyncFacts({ store }, portal);
    const endedAt = facts.result === null ? 0 : new Date(facts.result.finishedAt).getTime();
    if (facts.progress === null && facts.result !== null && endedAt >= since.getTime()) return facts.result;
    if (facts.progress !== null) onStep(stepOf(facts.progress));
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
  }
}

/** Waits until the demo portal has caught up with today, telling of its weeks; returns at once for every other portal. */
export async function followDemo(
  store: Store,
  portal: PortalId,
  onStep: (step: Step) => void,
): Promise<void> {
  for (;;) {
    const demo = await getDemoView({ store, clock: systemClock }, portal);
    if (demo?.isLiving !== true) return;
    const day = demo.now.toISOString().slice(0, 10);
    onStep({
      label: `weeks lived, it is ${day} in the demo portal`,
      done: demo.weeks.done,
      total: demo.weeks.total,
    });
    await new Promise((resolve) => setTimeout(resolve, 4 * ASK_MS));
  }
}

/** How a run ended, as sentences. */
export function describeResult(result: SyncResult): string[] {
  const changed = result.types.reduce((sum, type) => sum + type.changed, 0) + result.associations.changed;
  const seconds = (Date.parse(result.finishedAt) - Date.parse(result.startedAt)) / 1000;
  const lines = [
    `Sync ${result.state}: ${whatWasRead(result)}, ${number(changed)} ${changed === 1 ? 'change' : 'changes'} to records and links here, ${number(result.requests)} requests (${number(result.retries)} asked again), ${seconds.toFixed(1)} s.`,
  ];
  if (result.sentence !== null) lines.push(result.sentence);
  for (const type of result.types)
    if (type.state === 'skipped' && type.reason !== null) lines.push(type.reason);
  return [...new Set([...lines, ...result.refused, ...result.associations.skipped])];
}

// What a sweep lists is more than what is new or changed: both are said, for "0 read" would belie the first.
function whatWasRead({ types }: SyncResult): string {
  const read = types.reduce((sum, type) => sum + type.read, 0);
  const compared = types.reduce((sum, type) => sum + type.compared, 0);
  const kinds = types.filter((type) => type.compared > 0 || type.swept).length;
  const records = `${number(read)} ${read === 1 ? 'record' : 'records'} read`;
  if (kinds === 0) return records;
  return `${records} for being new or changed, ${number(compared)} records of ${number(kinds)} ${kinds === 1 ? 'kind' : 'kinds'} listed again and compared with what is here`;
}

function words(objectType: string): string {
  return objectType.replaceAll('_', ' ');
}

function number(value: number): string {
  return value.toLocaleString('en');
}
