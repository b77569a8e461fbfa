import type { PortalId } from '../core/actor.ts';
import type { Sql } from './sql.ts';

export interface Portal {
  id: PortalId;
  /** `import`: its records come from files alone */
  mode: 'demo' | 'token' | 'oauth' | 'import';
  hubspotPortalId: string | null;
  timeZone: string | null;
  currency: string | null;
  uiDomain: string | null;
}

interface PortalRow {
  id: string;
  mode: Portal['mode'];
  hubspot_portal_id: string | null;
  time_zone: string | null;
  currency: string | null;
  ui_domain: string | null;
}

const COLUMNS = 'id, mode, hubspot_portal_id, time_zone, currency, ui_domain';

/** Makes the portal if it is missing; answers its id. */
export async function ensurePortal(sql: Sql, id: string, mode: Portal['mode']): Promise<PortalId> {
  await sql.query('insert into holdfast.portals (id, mode) values ($1, $2) on conflict (id) do nothing', [
    id,
    mode,
  ]);
  return id as PortalId; // made here, from the start-up's settings
}

export async function listPortals(sql: Sql): Promise<Portal[]> {
  return (await sql.query<PortalRow>(`select ${COLUMNS} from holdfast.portals order by id`)).map(toPortal);
}

export async function getPortal(sql: Sql, id: PortalId): Promise<Portal | null> {
  const [row] = await sql.query<PortalRow>(`select ${COLUMNS} from holdfast.portals where id = $1`, [id]);
  return row === undefined ? null : toPortal(row);
}

/** The portal that HubSpot knows under this number; null when it is not one of ours. */
export async function findPortalByHubSpotId(sql: Sql, hubspotPortalId: string): Promise<Portal | null> {
  const [row] = await sql.query<PortalRow>(
    `select ${COLUMNS} from holdfast.portals where hubspot_portal_id = $1`,
    [hubspotPortalId],
  );
  return row === undefined ? null : toPortal(row);
}

/** Whether there is a portal whose number HubSpot has not told yet, because its first sync has not begun to read. */
export async function hasUnreadPortal(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ found: boolean }>(
    `select exists (select from holdfast.portals where mode = 'token' and hubspot_portal_id is null) as found`,
  );
  return row?.found === true;
}

/** Keeps what HubSpot tells about the portal. The number is kept once and never changed. */
export async function savePortalFacts(
  sql: Sql,
  id: PortalId,
  facts: { hubspotPortalId: number; timeZone: string; currency: string; uiDomain: string },
): Promise<void> {
  await sql.query(
    `update holdfast.portals set hubspot_portal_id = coalesce(hubspot_portal_id, $2), time_zone = $3, currency = $4, ui_domain = $5
     where id = $1`,
    [id, facts.hubspotPortalId, facts.timeZone, facts.currency, facts.uiDomain],
  );
}

function toPortal(row: PortalRow): Portal {
  return {
    id: row.id as PortalId, // read from the table that defines what a portal is
    mode: row.mode,
    hubspotPortalId: row.hubspot_portal_id,
    timeZone: row.time_zone,
    currency: row.currency,
    uiDomain: row.ui_domain,
  };
}
