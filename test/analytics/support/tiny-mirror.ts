import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { loadStaging, martRows, martSelect, type MartRow, type MartVariables } from './run-marts.ts';

export const KNOWN_FROM = new Date('2026-01-01T00:00:00Z');
export const KNOWN_AT = new Date('2026-03-01T12:00:00Z');

export interface TinyRecord {
  type: string;
  id: string;
  properties?: Record<string, string>;
  archived?: boolean;
  createdAt?: string;
  updatedAt?: string;
}

export interface TinyLink {
  from: readonly [type: string, id: string];
  to: readonly [type: string, id: string];
  typeId?: number;
  category?: string;
}

/** A link with HubSpot's number, or with one that means nothing. */
export function link(
  from: readonly [string, string],
  to: readonly [string, string],
  typeId?: number,
): TinyLink {
  return { from, to, ...(typeId === undefined ? {} : { typeId }) };
}

export interface TinyPortal {
  records: readonly TinyRecord[];
  links?: readonly TinyLink[];
  definitions?: readonly { kind: string; objectType: string; id: string; document: unknown }[];
}

export interface TinyMirror {
  /** a mart's rows, at noon on 1 March 2026 unless told otherwise */
  rows: (mart: string, variables?: Partial<MartVariables>) => Promise<MartRow[]>;
  /** a mart's columns with their types */
  describe: (mart: string) => Promise<string[]>;
}

/** A mirror made by hand, in memory. */
export async function tinyMirror(portal: TinyPortal): Promise<TinyMirror> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const db = await instance.connect();
  onTestFinished(() => {
    db.closeSync();
    instance.closeSync();
  });
  await db.run(`attach ':memory:' as mirror`);
  await db.run('use mirror');
  for (const file of ['0001_mirror.sql', '0004_completeness.sql'])
    await db.run(readFileSync(new URL(`../../../analytics/tables/${file}`, import.meta.url), 'utf8'));
  const known = KNOWN_FROM.toISOString();
  for (const record of portal.records) {
    const created = record.createdAt ?? '2025-01-01T00:00:00Z';
    await db.run(
      `insert into objects values ($type, $id, $known::timestamptz, $created::timestamptz, $updated::timestamptz,
         $archived, null, $properties, 'hash')`,
      {
        type: record.type,
        id: record.id,
        known,
        created,
        updated: record.updatedAt ?? created,
        archived: record.archived === true,
        properties: JSON.stringify(record.properties ?? {}),
      },
    );
  }
  for (const { from, to, typeId, category } of portal.links ?? []) {
    await db.run(
      `insert into associations values ($from_type, $from_id, $to_type, $to_id, $category, $type_id, null, $known::timestamptz)`,
      {
        from_type: from[0],
        from_id: from[1],
        to_type: to[0],
        to_id: to[1],
        category: category ?? 'HUBSPOT_DEFINED',
        type_id: typeId ?? 999,
        known,
      },
    );
  }
  for (const { kind, objectType, id, document } of portal.definitions ?? []) {
    await db.run(
      'insert into definitions values ($kind, $object_type, $id, $known::timestamptz, $document)',
      { kind, object_type: objectType, id, known, document: JSON.stringify(document) },
    );
  }
  return {
    rows: async (mart, variables = {}) => {
      await loadStaging(db, { knownAt: KNOWN_AT, today: '2026-03-01', ...variables });
      return martRows(db, mart);
    },
    describe: async (mart) => {
      await loadStaging(db, { knownAt: KNOWN_AT, today: '2026-03-01' });
      const reader = await db.runAndReadAll(
        `select column_name || ' ' || column_type from (describe ${martSelect(mart)})`,
      );
      return z
        .array(z.tuple([z.string()]))
        .parse(reader.getRowsJS())
        .flat();
    },
  };
}
