import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tinyMirror } from './tiny-mirror.ts';

const COLUMNS: Record<string, string> = {
  responses:
    'response_id VARCHAR, account_id VARCHAR, contact_id VARCHAR, survey_type VARCHAR, score DOUBLE, scale_min DOUBLE, scale_max DOUBLE, nps_group VARCHAR, is_out_of_scale BOOLEAN, text_present BOOLEAN, answered_at TIMESTAMP WITH TIME ZONE, day DATE, month DATE, via VARCHAR, source VARCHAR',
  touches:
    'touch_id VARCHAR, account_id VARCHAR, contact_count INTEGER, touched_at TIMESTAMP WITH TIME ZONE, day DATE, type VARCHAR, direction VARCHAR, is_two_way BOOLEAN, owner_id VARCHAR, by_us BOOLEAN, via VARCHAR, source VARCHAR',
  tickets:
    'ticket_id VARCHAR, account_id VARCHAR, opened_at TIMESTAMP WITH TIME ZONE, closed_at TIMESTAMP WITH TIME ZONE, day DATE, is_open BOOLEAN, subject VARCHAR, priority VARCHAR, category VARCHAR, pipeline_stage VARCHAR, first_reply_minutes DOUBLE, hours_to_close DOUBLE, satisfaction DOUBLE, via VARCHAR, source VARCHAR',
  usage:
    'account_id VARCHAR, day DATE, feature VARCHAR, count DECIMAL(18,4), active_users BIGINT, records INTEGER, source VARCHAR',
  purchases:
    'purchase_id VARCHAR, account_id VARCHAR, day DATE, amount DECIMAL(18,4), currency VARCHAR, units DECIMAL(18,4), source VARCHAR',
  invoices:
    'invoice_id VARCHAR, account_id VARCHAR, number VARCHAR, issued DATE, due DATE, paid DATE, amount DECIMAL(18,4), balance DECIMAL(18,4), currency VARCHAR, status VARCHAR, days_late INTEGER, via VARCHAR, source VARCHAR',
};

it.each(Object.entries(COLUMNS))(
  'gives %s these columns, each of which says what it is',
  async (mart, columns) => {
    const { describe } = await tinyMirror({ records: [] });
    expect((await describe(mart)).join(', ')).toBe(columns);
    const text = readFileSync(new URL(`../../../analytics/marts/${mart}.sql`, import.meta.url), 'utf8');
    const documented = [...text.matchAll(/^-- @(\w+) .+$/gm)].map((match) => match[1]);
    expect(documented).toEqual(columns.split(', ').map((column) => column.split(' ')[0]));
  },
);
