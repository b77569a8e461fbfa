import type { ObjectSchema, Owner, Pipeline, PropertyDefinition } from '../core/hubspot-port.ts';

/**
 * A portal as generated: records that nobody has touched yet, made from their number, so that a portal
 * of a million records needs no memory. The fake HubSpot lays its changes over it.
 */
export interface PortalSource {
  readonly portalId: number;
  readonly timeZone: string;
  readonly companyCurrency: string;
  /** the moment, in ms, up to which this portal has lived */
  readonly anchor: number;
  /** no record was modified after this moment, in ms; the anchor when left out */
  readonly latest?: number;
  /** grows whenever the portal's time is moved: whoever remembers something of it asks again; a portal that stands still has none */
  revision?(): number;
  /** path names: companies, contacts, deals, line_items, tickets, notes, tasks, calls, emails, meetings, ... */
  objectTypes(): readonly string[];
  /** how many records of the type there are, archived ones included */
  count(objectType: string): number;
  /** the n-th record (from 0) in ascending numeric id */
  at(objectType: string, n: number): SourceRecord;
  /** the number of the record with this id */
  numberOf(objectType: string, id: string): number | undefined;
  /** when the n-th record was last modified, in ms; cheap enough to be asked for every record */
  updatedAtOf(objectType: string, n: number): number;
  /** the numbers of the records that are archived */
  archived(objectType: string): readonly number[];
  /** every association that leaves the n-th record; the source is symmetrical */
  associations(objectType: string, n: number): readonly SourceAssociation[];
  /** ids merged away -> id of the record that survived */
  merges(objectType: string): ReadonlyMap<string, string>;
  properties(objectType: string): readonly PropertyDefinition[];
  pipelines(objectType: string): readonly Pipeline[];
  owners(): readonly Owner[];
  schemas(): readonly ObjectSchema[];
  /** the portal's own association types; those HubSpot defines are known without being listed */
  labels?(): readonly AssociationLabel[];
}

export interface AssociationLabel {
  fromType: string;
  toType: string;
  typeId: number;
  backTypeId: number;
  /** null for the unlabelled association of a custom object */
  label: string | null;
}

export interface SourceRecord {
  id: string;
  /** only properties that have a value; every value is text, as HubSpot sends it */
  properties: Record<string, string>;
  createdAt: number;
  updatedAt: number;
  /** ms; null while the record is live */
  archivedAt: number | null;
  /** property history, newest first, where the record has any worth telling */
  history: Record<string, SourceVersion[]>;
}

export interface SourceVersion {
  value: string;
  at: number;
  sourceType: string;
  sourceId: string | null;
  userId: number | null;
}

export interface SourceAssociation {
  toType: string;
  toId: string;
  types: readonly { category: 'HUBSPOT_DEFINED' | 'USER_DEFINED'; typeId: number; label: string | null }[];
}
