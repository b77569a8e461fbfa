import type { PortalSource } from '../source.ts';

/** HubSpot's number for each standard type; both forms work in paths. */
const TYPE_IDS: Record<string, string> = {
  contacts: '0-1',
  companies: '0-2',
  deals: '0-3',
  tickets: '0-5',
  line_items: '0-8',
  feedback_submissions: '0-19',
  tasks: '0-27',
  notes: '0-46',
  meetings: '0-47',
  calls: '0-48',
  emails: '0-49',
  invoices: '0-53',
  subscriptions: '0-69',
};
const BY_ID = new Map(Object.entries(TYPE_IDS).map(([name, id]) => [id, name]));

/** The name under which a type is kept, from any form HubSpot takes; undefined for a type the portal does not have. */
export function canonicalType(source: PortalSource, given: string): string | undefined {
  const name = BY_ID.get(given) ?? given;
  if (name in TYPE_IDS) return name;
  const plural = Object.keys(TYPE_IDS).find((type) => singular(type) === name);
  if (plural !== undefined) return plural;
  const schema = source
    .schemas()
    .find((candidate) => candidate.objectTypeId === name || candidate.name === name);
  return schema?.objectTypeId;
}

/** The scope a read of this type needs. */
export function readScope(type: string): string {
  if (type === 'tickets') return 'tickets';
  if (type === 'emails') return 'sales-email-read';
  if (['notes', 'tasks', 'calls', 'meetings'].includes(type)) return 'crm.objects.contacts.read';
  return type.startsWith('2-') ? 'crm.objects.custom.read' : `crm.objects.${type}.read`;
}

/** The scope a write of this type needs. */
export function writeScope(type: string): string {
  if (type === 'tickets') return 'tickets';
  if (['notes', 'tasks', 'calls', 'meetings', 'emails'].includes(type)) return 'crm.objects.contacts.write';
  return type.startsWith('2-') ? 'crm.objects.custom.write' : `crm.objects.${type}.write`;
}

/** HubSpot's number of a type. */
export function typeIdOf(type: string): string {
  return TYPE_IDS[type] ?? type;
}

/** `companies` -> `company`: the word webhooks and paths use for one of them. */
export function singular(type: string): string {
  return type.replace(/ies$/, 'y').replace(/s$/, '');
}

/** Contacts keep their own name for the moment of the last change; the wrong one finds nothing. */
export function modifiedProperty(type: string): string {
  return type === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate';
}

/** What a read answers when it names no properties. */
export function defaultProperties(type: string): string[] {
  const own: Record<string, string[]> = {
    companies: ['name', 'domain'],
    contacts: ['firstname', 'lastname', 'email'],
    deals: ['dealname', 'amount', 'closedate', 'dealstage', 'pipeline'],
    tickets: ['subject', 'content', 'hs_pipeline', 'hs_pipeline_stage'],
  };
  return [...(own[type] ?? []), 'createdate', modifiedProperty(type), 'hs_object_id'];
}
