import type { HubSpotPort } from '../../../../src/core/hubspot-port.ts';
import {
  memorySource,
  type MemoryPortal,
  type MemoryRecord,
} from '../../../../src/demo/fake/memory-source.ts';
import type { RequestLogEntry } from '../../../../src/demo/fake/types.ts';
import type { PortalSource } from '../../../../src/demo/source.ts';
import { prepareStaging, setInputs } from '../../../../src/warehouse/build.ts';
import { DEMO_MAPPING } from '../../../support/demo-mapping.ts';
import { ANCHOR, contextOf, syncBench, type SyncBench } from '../../../support/sync.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** Past what search may show late, so that the next sync knows everything for settled. */
export const BEYOND_LAG = 20 * MINUTE;

/** A bench over a portal from plain arrays, or a source, of which only the types are read that it has; every request is in the fake's log. */
export function caseBench(portal: MemoryPortal | PortalSource): Promise<SyncBench> {
  const source = 'at' in portal ? portal : memorySource({ anchor: ANCHOR, ...portal });
  return syncBench({ source, only: source.objectTypes(), fake: { keepLog: true } });
}

/** Records with ids from `first` on, each modified a second after the one before, a day ago. */
export function manyRecords(count: number, first = 7000): MemoryRecord[] {
  const dayAgo = ANCHOR.getTime() - 24 * HOUR;
  return Array.from({ length: count }, (_, n) => ({
    id: String(first + n),
    properties: { name: `Record ${n}` },
    createdAt: new Date(dayAgo),
    updatedAt: new Date(dayAgo + n * 1000),
  }));
}

/** The requests whose path ends like this, oldest first. */
export function requests(bench: SyncBench, end: string): RequestLogEntry[] {
  return bench.fake.log.filter(({ path }) => path.endsWith(end));
}

interface SearchBody {
  filterGroups?: { filters: { propertyName: string; operator: string; value?: string }[] }[];
  limit: number;
  after?: string;
}

/** What the searches of a type asked for. */
export function searchBodies(bench: SyncBench, type: string): SearchBody[] {
  return requests(bench, `/${type}/search`).map(({ body }) => body as SearchBody);
}

/** The filters of the searches that page through what was modified; those that count only are left out. */
export function pagingFilters(bench: SyncBench, type: string): string[] {
  return searchBodies(bench, type)
    .filter(({ filterGroups }) => filterGroups !== undefined)
    .map(({ filterGroups = [] }) =>
      filterGroups
        .flatMap(({ filters }) => filters)
        .map(({ propertyName, operator, value }) => `${propertyName} ${operator} ${value ?? ''}`)
        .join(' and '),
    );
}

/** The bench's own client, which counts how often each id of a type comes from a search. */
export function countingClient(
  bench: SyncBench,
  objectType: string,
): { hubspot: HubSpotPort; fetched: Map<string, number> } {
  const { hubspot } = contextOf(bench.fake.url, bench.warehouse, bench.clock);
  const fetched = new Map<string, number>();
  return {
    fetched,
    hubspot: {
      ...hubspot,
      search: async (request, call) => {
        const page = await hubspot.search(request, call);
        if (request.objectType === objectType && request.limit !== 1)
          for (const { id } of page.results) fetched.set(id, (fetched.get(id) ?? 0) + 1);
        return page;
      },
    },
  };
}

/** The rows of a statement over the mirror. */
export async function rowsOf(bench: SyncBench, sql: string): Promise<unknown[][]> {
  return bench.warehouse.read(async (db) => (await db.runAndReadAll(sql)).getRowsJS());
}

/** A value of the one row of a statement. */
export async function valueOf(bench: SyncBench, sql: string): Promise<unknown> {
  const rows = await rowsOf(bench, sql);
  return rows[0]?.[0];
}

/** The rows of a statement over the macros from which the published tables are built, as known now. */
export async function stagedRows(bench: SyncBench, sql: string): Promise<unknown[][]> {
  const { timeZone, companyCurrency } = bench.source;
  return bench.warehouse.alone(async (db) => {
    await setInputs(db, {
      mapping: JSON.stringify(DEMO_MAPPING),
      book: '{}',
      timeZone,
      homeCurrency: companyCurrency,
      today: '2026-03-02',
      knownAt: bench.clock.now(),
      appId: null,
    });
    await prepareStaging(db);
    return (await db.runAndReadAll(sql)).getRowsJS();
  });
}
