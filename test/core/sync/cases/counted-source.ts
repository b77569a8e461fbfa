import { memorySource } from '../../../../src/demo/fake/memory-source.ts';
import type { PortalSource, SourceRecord } from '../../../../src/demo/source.ts';
import { ANCHOR } from '../../../support/sync.ts';

const FIRST_ID = 1_000_000;

export interface CountedSource extends PortalSource {
  /** lets records appear, all of them at once: the first ones, up to a number */
  grow(count: number): void;
}

/** A portal of one type whose records are made from their number, so that many of them need no memory. None are there at first. */
export function countedSource(
  objectType: string,
  updatedAtOf: (n: number) => number,
  properties: (n: number) => Record<string, string> = (n) => ({ email: `p${n}@many.example` }),
): CountedSource {
  let count = 0;
  let revision = 0;
  const at = (n: number): SourceRecord => ({
    id: String(FIRST_ID + n),
    properties: properties(n),
    createdAt: ANCHOR.getTime(),
    updatedAt: updatedAtOf(n),
    archivedAt: null,
    history: {},
  });
  const countOf = (type: string): number => (type === objectType ? count : 0);
  const names = Object.keys(properties(0));
  return {
    ...memorySource({ anchor: ANCHOR }),
    latest: Number.POSITIVE_INFINITY,
    revision: () => revision,
    objectTypes: () => [objectType],
    count: countOf,
    at: (_, n) => at(n),
    numberOf: (type, id) => {
      const n = Number(id) - FIRST_ID;
      return n >= 0 && n < countOf(type) ? n : undefined;
    },
    updatedAtOf: (_, n) => updatedAtOf(n),
    archived: () => [],
    associations: () => [],
    properties: (type) =>
      type !== objectType
        ? []
        : names.map((name) => ({
            name,
            label: name,
            type: 'string',
            fieldType: 'text',
            groupName: 'test',
            calculated: false,
            options: [],
          })),
    grow: (to) => {
      count = to;
      revision += 1;
    },
  };
}
