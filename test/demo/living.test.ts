import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSearcher } from '../../src/demo/fake/search.ts';
import { createState, type InnerState } from '../../src/demo/fake/state.ts';
import type { Faults } from '../../src/demo/fake/types.ts';
import { livingPortal, type LivingPortal } from '../../src/demo/generator/living.ts';
import type { PortalSource, SourceRecord } from '../../src/demo/source.ts';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';

const ANCHOR = new Date('2026-03-01T00:00:00Z');
const DAY_MS = 86_400_000;
const OPTIONS = { seed: 4, accounts: 60, anchor: ANCHOR };
/** from two years before the anchor to one after it */
const moments = fc
  .integer({ min: -728 * 24, max: 364 * 24 })
  .map((hours) => new Date(ANCHOR.getTime() + hours * 3_600_000));
const moved = livingPortal(OPTIONS);

function at(portal: LivingPortal, moment: Date): LivingPortal {
  portal.moveTo(moment);
  return portal;
}

function everything(source: PortalSource): Record<string, unknown[]> {
  return Object.fromEntries(
    source
      .objectTypes()
      .map((type) => [
        type,
        Array.from({ length: source.count(type) }, (_, n) => [
          source.at(type, n),
          source.associations(type, n),
          source.updatedAtOf(type, n),
          source.numberOf(type, source.at(type, n).id),
        ]),
      ]),
  );
}

function stateOf(source: PortalSource, clock = new VirtualClock(source.anchor)): InnerState {
  const faults = { indexLagMs: 0, mergeMakesNewId: false } as Faults; // the two that a state looks at
  return createState(source, clock, faults);
}

function found(state: InnerState, since: Date): Record<string, SourceRecord[]> {
  const search = createSearcher(state, () => Number.MAX_SAFE_INTEGER, { idOrder: 'number', outOfOrderMs: 0 });
  const ask = (type: string): SourceRecord[] => {
    const propertyName = type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
    const groups = [[{ propertyName, operator: 'GTE' as const, value: String(since.getTime()) }]];
    const sort = { propertyName, direction: 'ASCENDING' as const };
    return search.find(type, { groups, sort, offset: 0, limit: 200 }).results;
  };
  return Object.fromEntries(['companies', 'contacts', 'deals', 'tickets'].map((type) => [type, ask(type)]));
}

describe('a portal that lives', () => {
  it('is the same at a moment wherever it came from: every record, link, number and date', () => {
    fc.assert(
      fc.property(moments, moments, (before, moment) => {
        at(moved, before).count('deals');
        expect(everything(at(moved, moment))).toEqual(everything(at(livingPortal(OPTIONS), moment)));
      }),
      { numRuns: 6, seed: 1 },
    );
  });

  it('is searched after a move as a fresh one is', () => {
    const state = stateOf(moved);
    for (const days of [-500, -493, -100, 30]) {
      const moment = new Date(ANCHOR.getTime() + days * DAY_MS);
      const since = new Date(moment.getTime() - 7 * DAY_MS);
      const fresh = stateOf(at(livingPortal(OPTIONS), moment));
      at(moved, moment);
      expect(found(state, since)).toEqual(found(fresh, since));
    }
  });

  it('changes nothing without a date: what differs between two moments was modified between them', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 60 * 24 }), (first, hours) => {
        const second = new Date(first.getTime() + hours * 3_600_000);
        const before = new Map<string, SourceRecord>();
        at(moved, first);
        for (const type of moved.objectTypes())
          for (let n = 0; n < moved.count(type); n += 1)
            before.set(`${type}/${moved.at(type, n).id}`, moved.at(type, n));
        at(moved, second);
        let kept = 0;
        for (const type of moved.objectTypes()) {
          for (let n = 0; n < moved.count(type); n += 1) {
            const now = moved.at(type, n);
            const then = before.get(`${type}/${now.id}`);
            expect(now.createdAt).toBeLessThanOrEqual(second.getTime());
            expect(now.updatedAt).toBeLessThanOrEqual(second.getTime());
            if (then === undefined) expect(now.createdAt).toBeGreaterThan(first.getTime());
            else {
              kept += 1;
              // What was changed and changed back is modified all the same.
              if (now.updatedAt === then.updatedAt) expect(now.properties).toEqual(then.properties);
              for (const [name, versions] of Object.entries(then.history))
                expect(now.history[name]?.slice(-versions.length)).toEqual(versions);
            }
          }
        }
        expect(kept).toBe(before.size);
      }),
      { numRuns: 8, seed: 2 },
    );
  });

  it('grows from about half of its companies to all of them, and on', () => {
    const counts = [-728, -546, 0, 364].map((days) =>
      at(moved, new Date(ANCHOR.getTime() + days * DAY_MS)).count('companies'),
    );
    expect(counts).toEqual([...counts].toSorted((a, b) => a - b));
    expect(counts[1]).toBeGreaterThan(25);
    expect(counts[1]).toBeLessThan(50);
    expect(counts[2]).toBe(60);
    expect(counts[3]).toBe(69);
  });

  it('has meetings ahead and tasks due at every moment', () => {
    const larger = livingPortal({ ...OPTIONS, accounts: 200 });
    for (const days of [-546, -300, -50, 0, 200]) {
      const moment = new Date(ANCHOR.getTime() + days * DAY_MS);
      at(larger, moment);
      const values = (type: string): Record<string, string>[] =>
        Array.from({ length: larger.count(type) }, (_, n) => larger.at(type, n).properties);
      const planned = values('meetings').filter((one) => one['hs_meeting_outcome'] === 'SCHEDULED');
      expect([days, planned.length > 3]).toEqual([days, true]);
      for (const one of planned)
        expect(Date.parse(one['hs_meeting_start_time'] ?? '')).toBeGreaterThan(moment.getTime() - DAY_MS);
      const due = values('tasks').filter((one) => one['hs_task_status'] === 'NOT_STARTED');
      expect([days, due.length > 3]).toEqual([days, true]);
    }
  });

  it('knows of each contact when it was last asked, and a share of those asked did not answer', () => {
    at(moved, ANCHOR);
    const all = (type: string): SourceRecord[] =>
      Array.from({ length: moved.count(type) }, (_, n) => moved.at(type, n));
    const asked = all('contacts').filter((one) => one.properties['hf_last_nps_sent_at'] !== undefined);
    const answered = new Set(
      all('feedback_submissions')
        .filter((one) => one.properties['hs_survey_type'] === 'NPS')
        .map((one) => one.properties['hs_contact_id']),
    );
    const silent = asked.filter((one) => !answered.has(one.id));
    expect(asked.length).toBeGreaterThan(40);
    expect(silent.length).toBeGreaterThan(0.1 * asked.length);
    expect(silent.length).toBeLessThan(0.7 * asked.length);
    expect(moved.properties('contacts').map((one) => one.name)).toContain('hf_last_nps_sent_at');
  });

  it('moves a thousand accounts in well under a tenth of a second', () => {
    const large = livingPortal({ ...OPTIONS, accounts: 1000 });
    const took = [-400, -393, -386, -379, -372].map((days) => {
      const begin = performance.now();
      at(large, new Date(ANCHOR.getTime() + days * DAY_MS));
      for (const type of large.objectTypes()) large.count(type);
      return performance.now() - begin;
    });
    expect(Math.min(...took)).toBeLessThan(100);
  });
});

describe('what the app wrote', () => {
  it('stays over a move, beside what happens to the record meanwhile', () => {
    const portal = at(livingPortal(OPTIONS), new Date(ANCHOR.getTime() - 300 * DAY_MS));
    const clock = new VirtualClock(portal.anchor);
    const state = stateOf(portal, clock);
    const dune = '7000000096';
    const before = state.get('companies', dune);
    state.update('companies', dune, { hf_health: '71' }, { by: 'app' });
    const note = state.create('notes', { hs_note_body: 'written by us' }, { by: 'app' });
    state.associate('notes', note.id, 'companies', dune, { typeId: 190, backTypeId: 189 });
    const deals = state.associations('companies', dune, 'deals').length;
    portal.moveTo(ANCHOR);
    const after = state.get('companies', dune);
    expect(after?.properties['hf_health']).toBe('71');
    expect(after?.properties['hf_renewal_date']).not.toBe(before?.properties['hf_renewal_date']);
    expect(after?.updatedAt).toBe(portal.at('companies', portal.numberOf('companies', dune) ?? 0).updatedAt);
    expect(state.get('notes', note.id)?.properties['hs_note_body']).toBe('written by us');
    expect(state.associations('companies', dune, 'notes').map((link) => link.toId)).toContain(note.id);
    expect(state.associations('companies', dune, 'deals').length).toBeGreaterThan(deals);
  });
});
