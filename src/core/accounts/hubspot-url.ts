import type { Portal } from '../../store/portals.ts';

const TYPE_NUMBERS: Record<string, string> = {
  contacts: '0-1',
  companies: '0-2',
  deals: '0-3',
  tickets: '0-5',
  line_items: '0-8',
  feedback_submissions: '0-19',
  invoices: '0-53',
  subscriptions: '0-69',
};

/** Where HubSpot's records open, before the number of the type and the id; null for the demo, and while HubSpot's address is not known. */
export function recordsBase(portal: Portal | null): string | null {
  if (
    portal === null ||
    portal.mode === 'demo' ||
    portal.uiDomain === null ||
    portal.hubspotPortalId === null
  )
    return null;
  // What HubSpot says of its own address is checked before it becomes a link.
  if (!/^[a-z0-9.-]+\.hubspot\.com$/.test(portal.uiDomain)) return null;
  return `https://${portal.uiDomain}/contacts/${portal.hubspotPortalId}/record/`;
}

/** Where a person sees the record in HubSpot; null for the demo and for records that have no page. */
export function hubspotUrl(portal: Portal | null, recordType: string, id: string): string | null {
  const base = recordsBase(portal);
  const number = TYPE_NUMBERS[recordType];
  if (base === null || number === undefined || !/^\d+$/.test(id)) return null;
  return `${base}${number}/${id}`;
}
