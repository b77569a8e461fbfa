import type { Html } from './html.ts';

/** A request as handlers see it: parsed, limited, its sender known. */
export interface Exchange<Web, Me> {
  web: Web;
  /** who is signed in; routes that need somebody get one */
  me: Me;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** the posted form; empty for a GET */
  form: URLSearchParams;
  requestId: string;
  /** the page's language, from the browser; English where we do not have it */
  language: string;
  /** the sender's browser, for the list of sessions */
  device: string;
}

/** What a program sent. */
export interface SentExchange<Web, Sender> extends Exchange<Web, Sender> {
  /** the JSON of the body, of any shape */
  sent: unknown;
  /** the header Idempotency-Key; null without one */
  idempotencyKey: string | null;
}

export type Reply =
  | { kind: 'page'; status?: number; html: Html; cookies?: readonly SetCookie[] }
  | { kind: 'json'; status?: number; body: unknown }
  /** JSON that is written already, as UTF-8, in pieces that follow each other */
  | { kind: 'json-bytes'; pieces: readonly Buffer[] }
  /** a table to be kept as a file */
  | { kind: 'csv'; name: string; text: string }
  | { kind: 'redirect'; to: string; cookies?: readonly SetCookie[] };

export interface SetCookie {
  name: 'session';
  /** null takes it away */
  value: string | null;
  maxAgeSeconds: number;
}
