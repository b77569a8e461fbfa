import type { Role } from '../core/actor.ts';
import type { Exchange, Reply } from './exchange.ts';

interface RouteBase {
  method: 'get' | 'post';
  /** Express's notation */
  path: string;
  /** pages answer mistakes with a page, endpoints with JSON */
  answers: 'page' | 'json';
  /** addresses that hold a token: never logged whole, and guesses are limited */
  holdsToken?: true;
}

/**
 * One address of the product. Every route says who may use it; there is no default, and the type of the handler follows from it.
 * `anyone`: no session needed, and none looked at. `visitor`: a session if there is one. `hubspot`: HubSpot's signature v3.
 */
export type Route<Web, Me, Signed> =
  | (RouteBase & { who: 'anyone'; handle(exchange: Exchange<Web, null>): Promise<Reply> })
  | (RouteBase & { who: 'visitor'; handle(exchange: Exchange<Web, Me | null>): Promise<Reply> })
  | (RouteBase & { who: 'signed-in' | readonly Role[]; handle(exchange: Exchange<Web, Me>): Promise<Reply> })
  | (RouteBase & { who: 'hubspot'; handle(exchange: Exchange<Web, Signed>): Promise<Reply> });
