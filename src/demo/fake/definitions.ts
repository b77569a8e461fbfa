import type { PropertyDefinition } from '../../core/hubspot-port.ts';
import type { PortalSource } from '../source.ts';
import { modifiedProperty } from './names.ts';

/** A property as the fake keeps it: what was generated has no unique values, what the app makes may have. */
export interface FakeProperty extends PropertyDefinition {
  hasUniqueValue: boolean;
}

export interface PropertyGroup {
  name: string;
  label: string;
  displayOrder: number;
}

/** Property definitions and their groups: the generated ones, and what was made over them. */
export interface Definitions {
  list(type: string): readonly FakeProperty[];
  find(type: string, name: string): FakeProperty | undefined;
  /** also true for HubSpot's own properties that a small portal does not list */
  knows(type: string, name: string): boolean;
  put(type: string, property: FakeProperty): void;
  remove(type: string, name: string): void;
  groups(type: string): readonly PropertyGroup[];
  putGroup(type: string, group: PropertyGroup): void;
}

const OF_EVERY_RECORD = new Set([
  'hs_object_id',
  'createdate',
  'hs_merged_object_ids',
  'hs_object_source',
  'hs_object_source_id',
]);
const ENGAGEMENT = ['hs_timestamp', 'hubspot_owner_id', 'hs_attachment_ids'];
/** Properties that HubSpot defines in every account, as far as this product reads or writes them. */
const STANDARD: Record<string, readonly string[]> = {
  companies: [
    'name',
    'domain',
    'lifecyclestage',
    'hubspot_owner_id',
    'hs_csm_sentiment',
    'hs_pinned_engagement_id',
  ],
  contacts: [
    'email',
    'firstname',
    'lastname',
    'hubspot_owner_id',
    'hs_email_bounce',
    'hs_email_optout',
    'hs_pinned_engagement_id',
  ],
  deals: [
    'dealname',
    'amount',
    'closedate',
    'dealstage',
    'pipeline',
    'dealtype',
    'hubspot_owner_id',
    'hs_pinned_engagement_id',
  ],
  tickets: [
    'subject',
    'content',
    'hs_pipeline',
    'hs_pipeline_stage',
    'hs_ticket_priority',
    'hubspot_owner_id',
  ],
  notes: [...ENGAGEMENT, 'hs_note_body'],
  tasks: [
    ...ENGAGEMENT,
    'hs_task_subject',
    'hs_task_body',
    'hs_task_status',
    'hs_task_priority',
    'hs_task_type',
    'hs_task_reminders',
  ],
  calls: [
    ...ENGAGEMENT,
    'hs_call_title',
    'hs_call_body',
    'hs_call_direction',
    'hs_call_status',
    'hs_call_duration',
  ],
  emails: [...ENGAGEMENT, 'hs_email_subject', 'hs_email_text', 'hs_email_direction', 'hs_email_status'],
  meetings: [
    ...ENGAGEMENT,
    'hs_meeting_title',
    'hs_meeting_body',
    'hs_meeting_start_time',
    'hs_meeting_end_time',
    'hs_meeting_outcome',
  ],
};

export function createDefinitions(source: PortalSource): Definitions {
  const changed = new Map<string, Map<string, FakeProperty | null>>();
  const madeGroups = new Map<string, Map<string, PropertyGroup>>();
  const over = (type: string): Map<string, FakeProperty | null> => {
    const known = changed.get(type) ?? new Map<string, FakeProperty | null>();
    changed.set(type, known);
    return known;
  };
  const list = (type: string): FakeProperty[] => {
    const own = over(type);
    const generated = source
      .properties(type)
      .filter((one) => !own.has(one.name))
      .map((one) => ({ ...one, hasUniqueValue: false }));
    return [...generated, ...[...own.values()].filter((one) => one !== null)];
  };
  return {
    list,
    find: (type, name) => list(type).find((one) => one.name === name),
    knows: (type, name) =>
      OF_EVERY_RECORD.has(name) ||
      name === modifiedProperty(type) ||
      (STANDARD[type] ?? []).includes(name) ||
      // how long a deal or ticket was in a stage: there, and not listed
      name.startsWith('hs_v2_date_') ||
      list(type).some((one) => one.name === name),
    put: (type, property) => void over(type).set(property.name, property),
    remove: (type, name) => void over(type).set(name, null),
    groups: (type) => {
      const named = [...new Set([`${type}information`, ...list(type).map((one) => one.groupName)])];
      const own = madeGroups.get(type) ?? new Map<string, PropertyGroup>();
      return [
        ...named
          .filter((name) => name !== '' && !own.has(name))
          .map((name) => ({ name, label: name, displayOrder: -1 })),
        ...own.values(),
      ];
    },
    putGroup: (type, group) => {
      const own = madeGroups.get(type) ?? new Map<string, PropertyGroup>();
      madeGroups.set(type, own.set(group.name, group));
    },
  };
}
