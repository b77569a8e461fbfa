import type { Role } from '../core/actor.ts';
import type { Exchange, Reply, SentExchange } from './exchange.ts';

interface RouteBase {
  method: 'get' | 'post';
  /** Express's notation */
  path: string;
  /** pages answer mistakes with a page, endpoints with JSON */
  answers: 'page' | 'json';
  /** addresses that hold a token: never logged whole, and guesses are limited */
  holdsToken?: true;
  /** the longest body that is read, in bytes; 64 KB where nothing is said */
  longestBody?: number;
}

/**
 * One address of the product. Every route says who may use it; there is no default, and the type of the handler follows from it.
 * `anyone`: no session needed, and none looked at. `visitor`: a session if there is one. `hubspot`: HubSpot's signature v3. `token`: a program
 * with a token in its header, which sends JSON; cookies are not looked at.
 */
export type Route<Web, Me, Signed, Sender> =
  | (RouteBase & { who: 'anyone'; handle(exchange: Exchange<Web, null>): Promise<Reply> })
  | (RouteBase & { who: 'visitor'; handle(exchange: Exchange<Web, Me | null>): Promise<Reply> })
  | (RouteBase & { who: 'signed-in' | readonly Role[]; handle(exchange: Exchange<Web, Me>): Promise<Reply> })
  | (RouteBase & { who: 'hubspot'; handle(exchange: Exchange<Web, Signed>): Promise<Reply> })
  | (RouteBase & { who: 'token'; handle(exchange: SentExchange<Web, Sender>): Promise<Reply> });
