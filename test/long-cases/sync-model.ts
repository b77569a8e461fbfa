import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { historyFlawsOf, type Epoch } from '../support/history-oracle.ts';
import {
  archivedRecords,
  gravestoneFlaws,
  isSweepUnderWay,
  knownAt,
  missedByDate,
  unreconciled,
  versionCount,
  wrongClosings,
} from '../support/model/check.ts';
import { history, isSwitch, type Change, type Step, type SyncStep } from '../support/model/steps.ts';
import { calm, happen, isAt, modelSource, turn } from '../support/model/world.ts';
import { expectedContent } from '../support/oracle.ts';
import { openBench, type SyncBench } from '../support/sync.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A drill ends within ten minutes: it stops before, and says where to go on. */
const LONGEST_MS = 9 * MINUTE;
/** A history that fails is made shorter for so long. */
const SHRINKING_MS = MINUTE;

export interface ModelOptions {
  rounds: number;
  firstSeed: number;
  say: (line: string) => void;
}

/**
 * Random histories of a small portal: what happens in it, what goes wrong between it and us, and syncs between and during all that. No sync,
 * however it ends, closes what was alive all the while it ran. When it has become quiet, one sync without a sweep brings all that has a date, and one with a sweep makes the mirror equal to the portal, with what became of every record that is gone; its
 * counts agree, another sync adds nothing, and what was known at any moment before is what was known then. Answers how many it tried.
 */
export async function run({ rounds, firstSeed, say }: ModelOptions): Promise<number> {
  const begin = performance.now();
  for (let n = 0; n < rounds; n += 1) {
    if (performance.now() - begin > LONGEST_MS) {
      say(`${n} histories hold; go on with --from ${firstSeed + n} --rounds ${rounds - n}`);
      return n;
    }
    // The failure names its seed and path; --from with the seed and --rounds 1 repeats it.
    await fc.assert(fc.asyncProperty(history, live), {
      seed: firstSeed + n,
      numRuns: 1,
      interruptAfterTimeLimit: SHRINKING_MS,
    });
    if ((n + 1) % 25 === 0) say(`${n + 1} histories hold`);
  }
  return rounds;
}

/** What is to be compared when a history is over. */
interface Witness {
  epochs: Epoch[];
  answers: { at: Date; lines: string[] }[];
  /** records that were restored while a sync was reading */
  restoredMeanwhile: Set<string>;
}

function quiet(sweep: SyncStep['sweep']): SyncStep {
  return { do: 'sync', sweep, during: [], stopAt: null };
}

async function live(steps: readonly Step[]): Promise<void> {
  const bench = await openBench({ source: modelSource() });
  try {
    calm(bench.fake);
    const witness: Witness = { epochs: [], answers: [], restoredMeanwhile: new Set() };
    for (const step of steps) await take(bench, witness, step);
    calm(bench.fake);
    // Beyond the lag of search, and into another day of the account's quota.
    await bench.clock.advance(26 * HOUR);
    await sync(bench, witness, quiet('none'), 'complete');
    mustBe('without a sweep', await missedByDate(bench, witness.restoredMeanwhile), []);
    // One that was cut off goes on where it was: it is whole, and older than what happened since.
    if (await isSweepUnderWay(bench)) await sync(bench, witness, quiet('all'), 'complete');
    await sync(bench, witness, quiet('all'), 'complete');
    mustBe('the mirror and the portal differ', await bench.disagreements(), []);
    mustBe('what became of records that are gone', await gravestoneFlaws(bench), []);
    const versions = await versionCount(bench);
    await bench.clock.advance(20 * MINUTE);
    await sync(bench, witness, quiet('due'), 'complete');
    mustBe('another sync adds to', await versionCount(bench), versions);
    mustBe('types that do not reconcile', await unreconciled(bench), []);
    for (const { at, lines } of witness.answers)
      mustBe(`what was known at ${at.toISOString()}`, await knownAt(bench, at), lines);
    mustBe(
      'the history of the mirror',
      await bench.warehouse.read((db) => historyFlawsOf(db, witness.epochs)),
      [],
    );
  } finally {
    await bench.close();
  }
}

async function take(bench: SyncBench, witness: Witness, step: Step): Promise<void> {
  if (step.do === 'sync') return sync(bench, witness, step);
  if (step.do === 'wait') return bench.clock.advance(step.minutes * MINUTE);
  if (isSwitch(step)) {
    turn(bench.fake, step);
    return;
  }
  await bench.clock.advance(SECOND);
  change(bench, witness, step);
}

function change(bench: SyncBench, witness: Witness, step: Change): void {
  happen(bench.fake, step);
  noteEpoch(bench, witness);
}

function noteEpoch({ source, fake }: SyncBench, { epochs }: Witness): void {
  epochs.push({
    content: expectedContent(source, fake.state, { definitions: fake.definitions }),
    isSynced: false,
  });
}

async function sync(
  bench: SyncBench,
  witness: Witness,
  { sweep, during, stopAt }: SyncStep,
  mustEnd?: string,
): Promise<void> {
  await bench.clock.advance(SECOND);
  noteEpoch(bench, witness);
  const [since, first] = [bench.clock.now(), witness.epochs.length - 1];
  const stop = new AbortController();
  const waiting = [...during];
  bench.fake.faults.betweenRequests = (request) => {
    if (stopAt !== null && isAt(request, stopAt)) stop.abort(new Error('stop'));
    const [next] = waiting;
    if (next === undefined || !isAt(request, next.at)) return;
    waiting.shift();
    void bench.clock.advance(SECOND);
    const before = archivedRecords(bench);
    change(bench, witness, next.change);
    const after = archivedRecords(bench);
    for (const one of before) if (!after.has(one)) witness.restoredMeanwhile.add(one);
  };
  const { state, sentence } = await bench.sync({ sweep, signal: stop.signal });
  bench.fake.faults.betweenRequests = null;
  if (mustEnd !== undefined) mustBe('the sync ends', `${state}: ${sentence}`, `${mustEnd}: null`);
  // What was still being written when the run was stopped is in after this.
  await bench.warehouse.write(() => Promise.resolve());
  const held = witness.epochs.slice(first).map(({ content }) => content);
  const wrong = await wrongClosings(bench, held, { since, isWhole: state === 'complete' });
  mustBe(`the sync from ${since.toISOString()} closed what is alive`, wrong, []);
  const at = bench.clock.now();
  witness.answers.push({ at, lines: await knownAt(bench, at) });
}

function mustBe(what: string, got: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(got, wanted))
    throw new Error(`${what}: ${JSON.stringify(got, null, 1)}, should be ${JSON.stringify(wanted, null, 1)}`);
}
