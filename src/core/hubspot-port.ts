/**
 * What core needs of HubSpot. `src/hubspot` implements it over HTTP; it arrives in the context.
 * Every call may take an AbortSignal, is retried and paced inside, and throws AppError:
 * `upstream` (HubSpot failed after all retries), `forbidden` (a scope is missing: `details.scopes`),
 * `unauthenticated` (token refused), `too_many` (the daily quota is used up: `details.resumesAt`, ISO).
 */
export interface HubSpotPort {
  accountInfo(options?: CallOptions): Promise<AccountInfo>;
  /** All property definitions of a type, archived ones left out. */
  properties(objectType: string, options?: CallOptions): Promise<PropertyDefinition[]>;
  pipelines(objectType: string, options?: CallOptions): Promise<Pipeline[]>;
  /** All owners, deactivated ones included (`archived: true` on them). */
  owners(options?: CallOptions): Promise<Owner[]>;
  /** Custom object schemas. */
  schemas(options?: CallOptions): Promise<ObjectSchema[]>;
  /** One page of at most 100, ascending by id cursor. Names that overflow the URL are the caller's to split. */
  list(request: ListRequest, options?: CallOptions): Promise<ListPage>;
  /** Up to 100 ids (50 with history). Ids HubSpot does not know come back in `missing`. */
  batchRead(request: BatchReadRequest, options?: CallOptions): Promise<BatchReadResult>;
  /** One search page of at most 200. */
  search(request: SearchRequest, options?: CallOptions): Promise<SearchPage>;
  /**
   * All association pages of up to 1,000 ids; `failed` holds the ids HubSpot refused. One that is in neither was read and has none.
   * `forbidden` also where HubSpot refuses the whole pair for another reason than a scope.
   */
  associations(request: AssociationsRequest, options?: CallOptions): Promise<AssociationsResult>;
  /** Requests made so far by this client, for progress and the ledger. */
  usage(): HubSpotUsage;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** counted up by every request of the call */
  tally?: Tally;
}

/** What something cost so far. */
export interface Tally {
  requests: number;
  retries: number;
}

export interface AccountInfo {
  portalId: number;
  timeZone: string;
  companyCurrency: string;
  uiDomain: string;
}

export interface PropertyDefinition {
  name: string;
  label: string;
  /** bool, enumeration, date, datetime, string, number, phone_number, object_coordinates, json */
  type: string;
  fieldType: string;
  groupName: string;
  calculated: boolean;
  options: { label: string; value: string }[];
}

export interface Pipeline {
  id: string;
  label: string;
  archived: boolean;
  stages: PipelineStage[];
}

export interface PipelineStage {
  id: string;
  label: string;
  displayOrder: number;
  archived: boolean;
  /** HubSpot's own strings: isClosed, probability, ticketState ... */
  metadata: Record<string, string>;
}

export interface Owner {
  id: string;
  userId: number | null;
  email: string | null;
  firstName: string;
  lastName: string;
  archived: boolean;
}

export interface ObjectSchema {
  /** e.g. `2-12345`; the name to use in paths */
  objectTypeId: string;
  name: string;
  labels: { singular: string; plural: string };
}

/** One CRM record as HubSpot sends it; every value is text, absent and empty are null. */
export interface CrmObject {
  id: string;
  properties: Record<string, string | null>;
  /** ISO 8601 with offset, as sent */
  createdAt: string;
  updatedAt: string;
  archived: boolean;
  archivedAt: string | null;
  propertiesWithHistory?: Record<string, PropertyVersion[]>;
}

export interface PropertyVersion {
  value: string;
  timestamp: string;
  sourceType: string | null;
  sourceId: string | null;
  updatedByUserId: number | null;
}

export interface ListRequest {
  objectType: string;
  properties: readonly string[];
  limit?: number;
  after?: string;
  archived?: boolean;
}

export interface ListPage {
  results: CrmObject[];
  /** null when this was the last page */
  after: string | null;
}

export interface BatchReadRequest {
  objectType: string;
  ids: readonly string[];
  properties: readonly string[];
  propertiesWithHistory?: readonly string[];
  archived?: boolean;
}

export interface BatchReadResult {
  results: CrmObject[];
  missing: string[];
}

export interface SearchFilter {
  propertyName: string;
  operator:
    'EQ' | 'NEQ' | 'GT' | 'GTE' | 'LT' | 'LTE' | 'BETWEEN' | 'IN' | 'HAS_PROPERTY' | 'NOT_HAS_PROPERTY';
  value?: string;
  highValue?: string;
  values?: readonly string[];
}

export interface SearchRequest {
  objectType: string;
  /** all must hold */
  filters: readonly SearchFilter[];
  sort: { propertyName: string; direction: 'ASCENDING' | 'DESCENDING' };
  properties: readonly string[];
  limit?: number;
}

export interface SearchPage {
  total: number;
  results: CrmObject[];
  /** whether HubSpot says there is more behind this page */
  more: boolean;
}

export interface AssociationsRequest {
  fromType: string;
  toType: string;
  ids: readonly string[];
}

export interface AssociationRow {
  fromId: string;
  toId: string;
  category: string;
  typeId: number;
  label: string | null;
}

export interface AssociationsResult {
  rows: AssociationRow[];
  failed: { id: string; message: string }[];
}

export interface HubSpotUsage {
  requests: number;
  retries: number;
  /** what HubSpot last said is left of the daily quota; null when it never said */
  dailyRemaining: number | null;
  /** what HubSpot last said the daily quota is; null when it never said */
  dailyLimit: number | null;
  /** what time HubSpot's last answer said it was, to the second; null when none said */
  serverTime: Date | null;
}
