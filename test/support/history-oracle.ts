import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { OBJECT_COLUMNS, type MirrorContent } from './oracle.ts';

/** What HubSpot held while nothing changed in it, and whether a sync that began then ended well. */
export interface Epoch {
  content: MirrorContent;
  isSynced: boolean;
}

interface Version {
  line: string;
  from: number;
  /** null for the open one */
  to: number | null;
}

const VersionRow = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.string(),
  z.number(),
  z.number().nullable(),
]);

/**
 * What is wrong with the version tables of a mirror file, given everything HubSpot held one after the other: a version that HubSpot never
 * had or not in this order, one missing that a whole sync has seen, a gap or an overlap, a link that closed without reason or did not.
 */
export async function historyFlaws(file: string, epochs: readonly Epoch[]): Promise<string[]> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const db = await instance.connect();
  try {
    const versions = await readVersions(db);
    return [
      ...recordFlaws(versions, epochs).slice(0, 5),
      ...linkFlaws(
        await closedLinks(db),
        epochs.filter((epoch) => epoch.isSynced),
      ),
      ...definitionFlaws(await rows(db, 'select kind, object_type, id from definition_versions')),
    ];
  } finally {
    db.closeSync();
    instance.closeSync();
  }
}

/** The same of a mirror that is open, as far as records go: for histories in which links and definitions change too. */
export async function historyFlawsOf(db: DuckDBConnection, epochs: readonly Epoch[]): Promise<string[]> {
  return recordFlaws(await readVersions(db), epochs).slice(0, 5);
}

/** What sweeps left behind in a mirror file, and tombstones that are missing, doubled or of records that were not purged. */
export async function sweepFlaws(file: string, purged: readonly string[]): Promise<string[]> {
  const instance = await DuckDBInstance.create(file, { access_mode: 'READ_ONLY' });
  const db = await instance.connect();
  try {
    const left = await rows(
      db,
      `select 'a sweep left ' || id from sweep_seen union all select 'unverified ' || id from verify_due
       union all select 'a sweep of ' || object_type || ' under way' from sweeps where started_at is not null or reading is not null`,
    );
    const stones = await rows(db, `select id from tombstones where reason = 'purged' order by id`);
    const found = stones.map(([id]) => String(id));
    const isSame = JSON.stringify(found) === JSON.stringify([...purged].toSorted());
    return [
      ...left.map(([line]) => String(line)),
      ...(isSame ? [] : [`tombstones of ${found.join(', ')}, but purged were ${purged.join(', ')}`]),
    ];
  } finally {
    db.closeSync();
    instance.closeSync();
  }
}

async function readVersions(db: DuckDBConnection): Promise<Map<string, Version[]>> {
  const found = await rows(
    db,
    `select ${OBJECT_COLUMNS}, epoch_ms(known_from)::double as "from", epoch_ms(known_to)::double as "to"
     from (from objects select *, null::timestamptz as known_to union all by name from object_versions)
     order by known_from, known_to nulls last`,
  );
  const versions = new Map<string, Version[]>();
  for (const row of found) {
    const [type, id, state, updated, properties, from, to] = VersionRow.parse(row);
    const line = [type, id, state, updated, properties].join('|');
    const key = `${type}|${id}`;
    versions.set(key, [...(versions.get(key) ?? []), { line, from, to }]);
  }
  return versions;
}

function recordFlaws(versions: ReadonlyMap<string, readonly Version[]>, epochs: readonly Epoch[]): string[] {
  const held = new Map<string, { line: string; isSynced: boolean }[]>();
  for (const { content, isSynced } of epochs) {
    for (const line of content.objects) {
      const key = line.split('|', 2).join('|');
      const lines = held.get(key) ?? [];
      const last = lines.at(-1);
      if (last?.line !== line) lines.push({ line, isSynced });
      else last.isSynced ||= isSynced;
      held.set(key, lines);
    }
  }
  const unknown = [...versions.keys()].filter((key) => !held.has(key));
  return [
    ...unknown.map((key) => `versions of ${key}, which HubSpot never had`),
    ...[...held].flatMap(([key, lines]) => flawsOf(key, lines, versions.get(key) ?? [])),
  ];
}

function flawsOf(
  key: string,
  held: readonly { line: string; isSynced: boolean }[],
  versions: readonly Version[],
): string[] {
  const flaws: string[] = [];
  let at = 0;
  for (const [n, version] of versions.entries()) {
    const found = held.findIndex((one, place) => place >= at && one.line === version.line);
    if (found === -1) flaws.push(`a version of ${key} that HubSpot did not have then: ${version.line}`);
    else at = found + 1;
    const next = versions[n + 1];
    if (next !== undefined && version.to !== next.from)
      flaws.push(`${key}: a version ends at ${version.to}, the next begins at ${next.from}`);
  }
  const kept = new Set(versions.map((version) => version.line));
  for (const one of held)
    if (one.isSynced && !kept.has(one.line)) flaws.push(`a version of ${key} is lost: ${one.line}`);
  return flaws;
}

// Links of a record in the recycle bin stay open until we know more: HubSpot does not list them.
function linkFlaws(closed: readonly string[], synced: readonly Epoch[]): string[] {
  const expected = new Set<string>();
  for (const [n, { content }] of synced.entries()) {
    const next = synced[n + 1]?.content;
    if (next === undefined) continue;
    const [links, live] = [new Set(next.links), liveRecords(next)];
    for (const link of content.links) {
      const [fromType, fromId, toType, toId] = link.split('|');
      const isListed = live.has(`${fromType}|${fromId}`) && live.has(`${toType}|${toId}`);
      if (!links.has(link) && isListed) expected.add(link);
    }
  }
  return [
    ...[...expected].filter((link) => !closed.includes(link)).map((link) => `a closed link is lost: ${link}`),
    ...closed
      .filter((link) => !expected.has(link))
      .map((link) => `a link was closed without reason: ${link}`),
    ...(new Set(closed).size === closed.length ? [] : ['a link was closed twice']),
  ].slice(0, 5);
}

function liveRecords({ objects }: MirrorContent): Set<string> {
  return new Set(
    objects.flatMap((line) => {
      const [type, id, state] = line.split('|', 3);
      return state === 'live' ? [`${type}|${id}`] : [];
    }),
  );
}

async function closedLinks(db: DuckDBConnection): Promise<string[]> {
  const found = await rows(
    db,
    `select from_type, from_id, to_type, to_id, category, type_id::varchar, coalesce(label, '') from association_versions`,
  );
  return found.map((row) => row.join('|'));
}

function definitionFlaws(closed: readonly unknown[][]): string[] {
  return closed
    .slice(0, 3)
    .map((row) => `a definition changed that HubSpot did not change: ${row.join('|')}`);
}

async function rows(db: DuckDBConnection, sql: string): Promise<unknown[][]> {
  return (await db.runAndReadAll(sql)).getRowsJS();
}
