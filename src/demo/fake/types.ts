import type { IncomingMessage } from 'node:http';
import type { SourceAssociation, SourceRecord } from '../source.ts';

/** A request as faults, hooks and the log see it. */
export interface FakeRequest {
  method: string;
  /** without the query */
  path: string;
  query: URLSearchParams;
  /** the parsed JSON body; null without one */
  body: unknown;
  url: string;
  raw: IncomingMessage;
}

export interface FakeReply {
  status: number;
  /** JSON unless it is a string */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface RequestLogEntry {
  method: string;
  path: string;
  query: string;
  /** how many inputs a batch had, or the search's own words */
  body: unknown;
  status: number;
  /** ms on the fake's clock */
  at: number;
}

/** What goes wrong with a request: an answer of its own, or something done to the connection. */
export type Fault =
  | { do: 'reply'; reply: FakeReply }
  /** takes the request, does what it asks and never answers */
  | { do: 'hang' }
  /** does what is asked and closes the connection before the answer */
  | { do: 'reset' }
  /** answers the first half of the true body and closes */
  | { do: 'cut' }
  /** answers the true body byte by byte, forever slowly */
  | { do: 'trickle'; msPerByte: number };

export interface FaultRule {
  fault: Fault;
  /** which requests; all when left out */
  match?: (request: FakeRequest) => boolean;
  /** how many of them; all when left out */
  times?: number;
}

/** The switches. Tests change them while the fake runs. */
export interface Faults {
  /** the first rule that matches and is not used up is taken */
  rules: FaultRule[];
  /** a write is seen by search only after this many ms */
  indexLagMs: number;
  /** how search compares and sorts hs_object_id; `mixed` sorts as text and compares as numbers */
  idOrder: 'number' | 'text' | 'mixed';
  /** records modified less than this many ms ago come in no order from a search sorted by date */
  outOfOrderMs: number;
  /** ids that a search of their type adds to the middle of every page, though they lie outside of what was asked for */
  strays: readonly string[];
  /** the cursors of the list are words and not ids */
  opaqueCursors: boolean;
  /** pages that end early although more follows: given the page number, how many rows to leave out */
  shortPages: ((page: number) => number) | null;
  /** a page of the list or of a search holds at most so many rows, whatever was asked for */
  pageRows: number;
  /** the longest URL that is not answered 414 */
  longestUrl: number;
  /** scopes that the token lacks, and the text of HubSpot's refusal: there are three */
  missingScopes: Map<string, 0 | 1 | 2>;
  /** an id that is not there fails the whole batch with 400, or comes back as 207 */
  unknownIds: '207' | '400';
  /** results carry fields that nobody has heard of */
  unknownFields: boolean;
  /** a merge gives the survivor a new id */
  mergeMakesNewId: boolean;
  /** associations a page of batch read holds at most */
  associationPage: number;
  /** runs before each answer, to change the state while it is being read */
  betweenRequests: ((request: FakeRequest) => void) | null;
}

/** The number of the app whose token this is. */
export const APP_ID = 4711;

/** Who makes a change: somebody in HubSpot, or the app through the API. */
export type Author = 'user' | 'app';

/** The portal behind the fake, read and changed by tests and by the fake's own routes. */
export interface FakeState {
  types(): string[];
  /** the record under this id; merged-away ids answer the survivor; undefined for unknown and purged ones */
  get(type: string, id: string): SourceRecord | undefined;
  /** every live (or every archived) record in ascending id */
  all(type: string, archived?: boolean): Iterable<SourceRecord>;
  /** associations of a live record to live records of one type */
  associations(type: string, id: string, toType: string): readonly SourceAssociation[];
  create(type: string, properties: Record<string, string>, options?: { by?: Author }): SourceRecord;
  /** `at` stamps another moment than now; `silent` changes values without moving the modified date */
  update(
    type: string,
    id: string,
    properties: Record<string, string>,
    options?: { at?: number; silent?: boolean; by?: Author },
  ): SourceRecord;
  archive(type: string, id: string): void;
  restore(type: string, id: string): void;
  /** the record is gone without a trace */
  purge(type: string, id: string): void;
  /** answers the survivor, whose id may be new */
  merge(type: string, winnerId: string, loserId: string): SourceRecord;
  associate(
    fromType: string,
    fromId: string,
    toType: string,
    toId: string,
    type: { typeId: number; backTypeId: number; label?: string },
  ): void;
  dissociate(fromType: string, fromId: string, toType: string, toId: string, typeId?: number): void;
}
