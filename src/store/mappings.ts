import type { PortalId } from '../core/actor.ts';
import type { Sql } from './sql.ts';

/** One version of a portal's mapping. The document's shape belongs to core/accounts. */
export interface MappingRow {
  version: number;
  document: unknown;
  author: string;
  knownFrom: Date;
}

interface StoredRow {
  version: number;
  document: unknown;
  author: string;
  known_from: Date;
}

/** The version that was in force at a moment; null before the first. */
export async function mappingAt(sql: Sql, portal: PortalId, at: Date): Promise<MappingRow | null> {
  const [row] = await sql.query<StoredRow>(
    `select version, document, author, known_from from holdfast.mappings
     where portal_id = $1 and known_from <= $2 order by version desc limit 1`,
    [portal, at],
  );
  return row === undefined ? null : toMapping(row);
}

/** The first version there was; null before it. */
export async function firstMapping(sql: Sql, portal: PortalId): Promise<MappingRow | null> {
  const [row] = await sql.query<StoredRow>(
    `select version, document, author, known_from from holdfast.mappings
     where portal_id = $1 order by version limit 1`,
    [portal],
  );
  return row === undefined ? null : toMapping(row);
}

/** Every version, the newest first. */
export async function listMappings(sql: Sql, portal: PortalId): Promise<MappingRow[]> {
  const rows = await sql.query<StoredRow>(
    `select version, document, author, known_from from holdfast.mappings where portal_id = $1 order by version desc`,
    [portal],
  );
  return rows.map(toMapping);
}

/** Adds the next version; false when somebody else added one meanwhile. */
export async function addMapping(
  sql: Sql,
  portal: PortalId,
  mapping: { document: unknown; author: string; after: number },
  at: Date,
): Promise<boolean> {
  const added = await sql.query(
    `insert into holdfast.mappings (portal_id, version, document, author, known_from)
     values ($1, $2, $3::jsonb, $4, $5) on conflict do nothing returning version`,
    [portal, mapping.after + 1, JSON.stringify(mapping.document), mapping.author, at],
  );
  return added.length === 1;
}

function toMapping(row: StoredRow): MappingRow {
  return { version: row.version, document: row.document, author: row.author, knownFrom: row.known_from };
}
