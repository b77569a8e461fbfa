import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { defineQuery } from './query.ts';

const Row = z.object({
  known_at: z.date(),
  today: z.string(),
  first_day: z.string().nullable(),
  home_currency: z.string(),
  time_zone: z.string(),
  first_month: z.string().nullable(),
  recording_since: z.string().nullable(),
  grace_days: z.number().nullable(),
});

/** What the published tables were computed with; days as 2026-01-31. */
export type PublishedBook = z.output<typeof Row>;

const read = defineQuery({ file: 'reads/book.sql', params: z.object({}), row: Row });

export async function readBook(db: DuckDBConnection): Promise<PublishedBook> {
  const [row] = await read(db, {});
  if (row === undefined) throw new Error('the published tables have no book');
  return row;
}
