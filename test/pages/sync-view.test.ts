import fc from 'fast-check';
import { expect, it } from 'vitest';
import { viewSync } from '../../src/core/portals/sync-view.ts';
import type { SyncProgress } from '../../src/core/sync/progress.ts';
import { progressOf, typeRow } from '../support/sync-documents.ts';
import { NOON } from '../support/web.ts';

const LATER = new Date(NOON.getTime() + 1000);
const NEVER = {
  progress: null,
  result: null,
  startedAt: null,
  finishedAt: null,
  syncedAt: null,
  publishedAt: null,
};

function shareOf(progress: SyncProgress): number {
  return viewSync({ ...NEVER, progress, startedAt: NOON }).share;
}

it('a sync waits until the first has started, runs until it has ended, and runs again', () => {
  expect(viewSync(NEVER).state).toBe('waiting');
  expect(viewSync({ ...NEVER, startedAt: NOON }).state).toBe('running');
  expect(viewSync({ ...NEVER, startedAt: NOON, finishedAt: LATER }).state).toBe('idle');
  expect(viewSync({ ...NEVER, startedAt: LATER, finishedAt: NOON }).state).toBe('running');
});

it('the stamp changes when a run ends and when data are published, and at nothing else', () => {
  const before = viewSync({ ...NEVER, startedAt: NOON });
  const after = viewSync({ ...NEVER, startedAt: NOON, progress: progressOf({ requests: 99 }) });
  expect(after.stamp).toBe(before.stamp);
  const stamps = [
    before,
    viewSync({ ...NEVER, startedAt: NOON, publishedAt: LATER }),
    viewSync({ ...NEVER, startedAt: NOON, publishedAt: LATER, finishedAt: LATER }),
  ].map((view) => view.stamp);
  expect(new Set(stamps).size).toBe(3);
});

it('before HubSpot has said what there is, every usual record type is listed as waiting', () => {
  const { types } = viewSync({ ...NEVER, startedAt: NOON });
  expect(types.map((type) => type.objectType)).toEqual(
    expect.arrayContaining(['companies', 'contacts', 'deals', 'tickets']),
  );
  expect(types.every((type) => type.state === 'waiting')).toBe(true);
});

it('the bar never goes back, however the records come and the totals become known', () => {
  const step = fc.record({
    type: fc.nat(4),
    what: fc.constantFrom('total', 'read', 'done', 'skipped'),
    count: fc.nat(50),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const types = Array.from({ length: 5 }, (_, n) => typeRow(`type-${n}`));
      let last = 0;
      for (const { type, what, count } of steps) {
        const row = types[type];
        if (row === undefined || row.state === 'done' || row.state === 'skipped') continue;
        if (what === 'total') row.total ??= row.done + count;
        else if (what === 'read') Object.assign(row, { state: 'running', done: row.done + count });
        else row.state = what;
        const share = shareOf(progressOf({ types }));
        expect(share).toBeGreaterThanOrEqual(last);
        last = share;
      }
      const links = [0, 1, 2].map((done) =>
        shareOf(progressOf({ types, phase: 'associations', associations: { done, total: 2 } })),
      );
      const publishing = shareOf(progressOf({ types, phase: 'publishing' }));
      expect([last, ...links, publishing, 1].toSorted((a, b) => a - b)).toEqual([
        last,
        ...links,
        publishing,
        1,
      ]);
    }),
    { seed: 1, numRuns: 300 },
  );
});
