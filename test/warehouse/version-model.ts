import type { CrmObject } from '../../src/core/hubspot-port.ts';

/** One version of a thing: what held from one moment to another; `to` is null while it holds. */
export interface Version {
  id: string;
  from: number;
  to: number | null;
  content: string;
}

/**
 * What the mirror should remember, told in plain JavaScript: every content that was learned, from when to when.
 */
export class VersionModel {
  readonly versions: Version[] = [];
  readonly #modified = new Map<string, number>();

  /** A batch of records learned at one moment. Of several copies the last modified counts, of equal ones the later. */
  learn(at: number, records: readonly CrmObject[]): number {
    const newest = new Map<string, CrmObject>();
    for (const record of records) {
      const other = newest.get(record.id);
      if (other === undefined || Date.parse(record.updatedAt) >= Date.parse(other.updatedAt))
        newest.set(record.id, record);
    }
    return [...newest.values()].filter((record) => this.#learnOne(at, record)).length;
  }

  #learnOne(at: number, record: CrmObject): boolean {
    const content = contentOf(record);
    const modified = Date.parse(record.updatedAt);
    const open = this.versions.find((one) => one.id === record.id && one.to === null);
    if (open !== undefined) {
      if (open.content === content || (this.#modified.get(record.id) ?? 0) > modified) return false;
      open.to = Math.max(at, open.from);
    }
    this.versions.push({ id: record.id, from: open?.to ?? at, to: null, content });
    this.#modified.set(record.id, modified);
    return true;
  }
}

function contentOf({ properties, archived, archivedAt }: CrmObject): string {
  const held = Object.entries(properties).filter(([, value]) => value !== null);
  return JSON.stringify([
    Object.fromEntries(held.toSorted(([a], [b]) => (a < b ? -1 : 1))),
    archived,
    archivedAt,
  ]);
}

/** What was known at a moment: id and content, in order. */
export function knownAt(versions: readonly Version[], moment: number): string[] {
  return versions
    .filter(({ from, to }) => from <= moment && (to === null || moment < to))
    .map(({ id, content }) => `${id} ${content}`)
    .toSorted();
}

/** The gaps and overlaps between the versions of each thing; empty when they follow on one another and the last is open. */
export function brokenTiles(versions: readonly Version[]): string[] {
  const byId = Map.groupBy(versions, (one) => one.id);
  return [...byId].flatMap(([id, all]) => {
    // Two versions of one moment: the one that ended at once came first.
    const order = all.toSorted((a, b) => a.from - b.from || (a.to ?? Infinity) - (b.to ?? Infinity));
    return order.flatMap((version, n) => {
      const next = order[n + 1];
      if (version.to === (next?.from ?? null)) return [];
      return [`${id}: ${version.from} to ${String(version.to)}, then ${String(next?.from)}`];
    });
  });
}
