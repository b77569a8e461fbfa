import { z } from 'zod';
import type { Actor, PortalId } from '../core/actor.ts';
import { appendAudit } from './audit.ts';
import type { Sql } from './sql.ts';

/** The kinds of action that leave Holdfast; each is off until an admin switches it on. */
export const OUTGOING_KINDS = [
  'hubspot_property',
  'hubspot_note',
  'hubspot_task',
  'mail_invitation',
  'mail_interview',
  'mail_offer',
] as const;
export type OutgoingKind = (typeof OUTGOING_KINDS)[number];

const SwitchedOn = z.object({ by: z.string(), at: z.iso.datetime() });

/** Every stored setting with its shape and what it is before anybody sets it. */
const SETTINGS = {
  /** which kinds may leave, since when and by whose word; a kind that is missing is off */
  outgoing: { schema: z.partialRecord(z.enum(OUTGOING_KINDS), SwitchedOn), initial: {} },
  /** the one switch that holds everything back */
  outgoing_paused: { schema: z.boolean(), initial: false },
} as const;

type Settings = { [Key in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Key]['schema']> };

export async function readSetting<Key extends keyof Settings>(
  sql: Sql,
  portal: PortalId,
  key: Key,
): Promise<Settings[Key]> {
  const [row] = await sql.query<{ value: unknown }>(
    'select value from holdfast.settings where portal_id = $1 and key = $2',
    [portal, key],
  );
  // The table is foreign data; its shape is the key's schema.
  return SETTINGS[key].schema.parse(row === undefined ? SETTINGS[key].initial : row.value) as Settings[Key];
}

/** Stores a setting and its audit entry; call it inside a transaction. */
export async function writeSetting<Key extends keyof Settings>(
  sql: Sql,
  actor: Actor,
  at: Date,
  key: Key,
  value: Settings[Key],
): Promise<void> {
  await sql.query(
    `insert into holdfast.settings (portal_id, key, value, updated_by, updated_at) values ($1, $2, $3::jsonb, $4, $5)
     on conflict (portal_id, key) do update set value = excluded.value, updated_by = excluded.updated_by, updated_at = excluded.updated_at`,
    [actor.portal, key, JSON.stringify(SETTINGS[key].schema.parse(value)), actor.user, at],
  );
  await appendAudit(sql, actor, at, { action: 'setting.write', subject: key });
}
