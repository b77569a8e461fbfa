import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareIds } from '../../src/demo/fake/memory-source.ts';
import { generatePortal } from '../../src/demo/generator/generate.ts';
import type { PortalSource, SourceRecord } from '../../src/demo/source.ts';

const ANCHOR = new Date('2026-03-01T12:00:00Z');
const portal = generatePortal({ seed: 1, accounts: 1000, anchor: ANCHOR });

function* recordsOf(source: PortalSource, type: string): Iterable<SourceRecord> {
  for (let n = 0; n < source.count(type); n += 1) yield source.at(type, n);
}

function everything(source: PortalSource): string {
  const hash = createHash('sha256');
  for (const type of source.objectTypes()) {
    for (let n = 0; n < source.count(type); n += 1)
      hash.update(JSON.stringify([source.at(type, n), source.associations(type, n)]));
    hash.update(JSON.stringify([source.properties(type), source.pipelines(type), source.archived(type)]));
  }
  return hash.update(JSON.stringify([source.owners(), source.schemas(), source.labels?.()])).digest('hex');
}

describe('the same options', () => {
  const options = { seed: 7, accounts: 150, anchor: ANCHOR };

  it('give the same portal byte for byte, in whatever order it is read', () => {
    const forwards = generatePortal(options);
    const backwards = generatePortal(options);
    for (const type of backwards.objectTypes().toReversed())
      for (let n = backwards.count(type) - 1; n >= 0; n -= 7) backwards.at(type, n);
    expect(everything(backwards)).toBe(everything(forwards));
  });

  it('give another portal with another seed or another anchor', () => {
    const one = everything(generatePortal(options));
    expect(everything(generatePortal({ ...options, seed: 8 }))).not.toBe(one);
    expect(everything(generatePortal({ ...options, anchor: new Date('2026-04-01T12:00:00Z') }))).not.toBe(
      one,
    );
  });

  it('give the same first accounts in a larger portal', () => {
    const larger = generatePortal({ ...options, accounts: 300 });
    const small = generatePortal(options);
    for (const type of small.objectTypes())
      expect(larger.at(type, small.count(type) - 1)).toEqual(small.at(type, small.count(type) - 1));
  });
});

describe('every type', () => {
  it.each([...portal.objectTypes()])(
    '%s has records, in ascending ids above 2^31, each known by its id',
    (type) => {
      expect(portal.count(type)).toBeGreaterThan(0);
      const ids = [...recordsOf(portal, type)].map((record) => record.id);
      expect(ids).toEqual([...new Set(ids)].toSorted(compareIds));
      expect(Number(ids[0])).toBeGreaterThan(2 ** 31);
      expect(ids.every((id, n) => portal.numberOf(type, id) === n)).toBe(true);
    },
  );

  it('has properties for every value its records carry, and stages and owners that exist', () => {
    const owners = new Set(portal.owners().map((owner) => owner.id));
    for (const type of portal.objectTypes()) {
      const defined = new Set(portal.properties(type).map((property) => property.name));
      const stages = new Set(
        portal
          .pipelines(type)
          .flatMap((pipeline) => pipeline.stages.map((stage) => `${pipeline.id}/${stage.id}`)),
      );
      for (const { properties } of recordsOf(portal, type)) {
        expect(Object.keys(properties).filter((name) => !defined.has(name))).toEqual([]);
        const owner = properties['hubspot_owner_id'];
        if (owner !== undefined) expect(owners).toContain(owner);
        const stage = properties['dealstage'] ?? properties['hs_pipeline_stage'];
        if (stage !== undefined)
          expect(stages).toContain(`${properties['pipeline'] ?? properties['hs_pipeline']}/${stage}`);
      }
    }
  });

  it('tells in advance when a record was modified', () => {
    for (const type of portal.objectTypes())
      for (let n = 0; n < portal.count(type); n += 97)
        expect(portal.updatedAtOf(type, n)).toBe(portal.at(type, n).updatedAt);
  });
});

describe('associations', () => {
  it('lead to records that exist, and back with the same label', () => {
    const wrong: string[] = [];
    for (const type of portal.objectTypes()) {
      for (let n = 0; n < portal.count(type); n += 1) {
        const { id } = portal.at(type, n);
        for (const link of portal.associations(type, n)) {
          const to = portal.numberOf(link.toType, link.toId);
          const back =
            to === undefined
              ? undefined
              : portal.associations(link.toType, to).find((one) => one.toType === type && one.toId === id);
          const labels = (types: typeof link.types): string =>
            types.map((one) => `${one.category} ${one.label}`).join();
          if (back === undefined || labels(back.types) !== labels(link.types))
            wrong.push(`${type} ${id} -> ${link.toType} ${link.toId}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('tie every deal, contact and invoice to a company, and some tickets to a contact only', () => {
    const tied = (type: string): number => {
      let count = 0;
      for (let n = 0; n < portal.count(type); n += 1)
        if (portal.associations(type, n).some((link) => link.toType === 'companies')) count += 1;
      return count;
    };
    for (const type of ['deals', 'contacts', 'invoices']) expect(tied(type)).toBe(portal.count(type));
    expect(tied('tickets')).toBeGreaterThan(0.4 * portal.count('tickets'));
    expect(tied('tickets')).toBeLessThan(0.8 * portal.count('tickets'));
    expect(tied('feedback_submissions')).toBe(0);
  });
});

describe('a portal of a hundred thousand accounts', () => {
  const large = generatePortal({ seed: 3, accounts: 100_000, anchor: ANCHOR });

  it('is counted without being made, and its last record is made alone', () => {
    expect(large.count('companies')).toBe(100_000);
    const total = large.objectTypes().reduce((sum, type) => sum + large.count(type), 0);
    expect(total).toBeGreaterThan(2_000_000);
    for (const type of large.objectTypes()) {
      const last = large.count(type) - 1;
      expect(large.numberOf(type, large.at(type, last).id)).toBe(last);
      expect(() => large.at(type, last + 1)).toThrow(RangeError);
    }
  });

  it('forgets what it made: a walk over many accounts does not pile up', () => {
    const first = large.at('companies', 0);
    for (let n = 1; n < 3000; n += 1) large.at('companies', n);
    expect(large.at('companies', 0)).not.toBe(first);
    expect(large.at('companies', 0)).toEqual(first);
  });

  it('knows every record by its id, and no other id', () => {
    fc.assert(
      fc.property(fc.constantFrom(...large.objectTypes()), fc.nat(), (type, seed) => {
        const n = seed % large.count(type);
        const { id } = large.at(type, n);
        expect(large.numberOf(type, id)).toBe(n);
        expect(large.numberOf(type, `${id}0`)).toBeUndefined();
      }),
      { numRuns: 300, seed: 1 },
    );
    for (const nonsense of ['', 'abc', '-1', '0', '1e9', '7000000000.5', '900000000000'])
      expect([nonsense, large.numberOf('companies', nonsense)]).toEqual([nonsense, undefined]);
    expect(large.numberOf('nothing', '7000000000')).toBeUndefined();
  });
});

it.each([0, 1, 5, 16, 49])('a portal of %i accounts holds together', (accounts) => {
  const small = generatePortal({ seed: 2, accounts, anchor: ANCHOR });
  expect(small.count('companies')).toBe(accounts);
  for (const type of small.objectTypes()) {
    for (let n = 0; n < small.count(type); n += 1)
      for (const link of small.associations(type, n))
        expect(small.numberOf(link.toType, link.toId)).toBeDefined();
    for (const survivor of small.merges(type).values()) expect(small.numberOf(type, survivor)).toBeDefined();
  }
});
