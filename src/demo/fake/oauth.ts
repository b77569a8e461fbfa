import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { FakeReply } from './types.ts';

const LIFE_SECONDS = 1800;

/** The app and its tokens, as HubSpot keeps them. */
export interface FakeOAuth {
  clientId: string;
  clientSecret: string;
  /** a private app's token, which does not expire */
  staticToken: string;
  /** a refresh token that works; take it away to play an uninstall */
  refreshTokens: Set<string>;
  /** a code that the authorize page would have given */
  codes: Set<string>;
  accepts(authorization: string): boolean;
  /** how often a token was given out */
  issued(): number;
  token(form: URLSearchParams): FakeReply;
}

export function createOAuth(clock: Clock): FakeOAuth {
  const accessTokens = new Map<string, number>();
  let issued = 0;
  const oauth: FakeOAuth = {
    clientId: 'fake-client',
    clientSecret: 'fake-secret',
    staticToken: 'demo-token',
    refreshTokens: new Set(['fake-refresh']),
    codes: new Set(['fake-code']),
    issued: () => issued,
    accepts: (authorization) => {
      const token = authorization.replace(/^Bearer /, '');
      const expiresAt = accessTokens.get(token);
      return token === oauth.staticToken || (expiresAt !== undefined && expiresAt > clock.now().getTime());
    },
    token: (form) => {
      if (form.get('client_id') !== oauth.clientId || form.get('client_secret') !== oauth.clientSecret) {
        return {
          status: 400,
          body: {
            error: 'invalid_client',
            error_description: 'client_id or client_secret is wrong',
            status: 'BAD_CLIENT_ID',
          },
        };
      }
      const refresh = form.get('refresh_token') ?? '';
      const code = form.get('code') ?? '';
      const known =
        form.get('grant_type') === 'refresh_token'
          ? oauth.refreshTokens.has(refresh)
          : oauth.codes.delete(code);
      if (!known)
        return {
          status: 400,
          body: {
            error: 'invalid_grant',
            error_description: 'missing or unknown refresh token',
            status: 'BAD_REFRESH_TOKEN',
          },
        };
      issued += 1;
      const accessToken = randomBytes(24).toString('base64url');
      accessTokens.set(accessToken, clock.now().getTime() + LIFE_SECONDS * 1000);
      const refreshToken = refresh === '' ? 'fake-refresh' : refresh;
      oauth.refreshTokens.add(refreshToken);
      return {
        status: 200,
        body: {
          access_token: accessToken,
          refresh_token: refreshToken,
          expires_in: LIFE_SECONDS,
          token_type: 'bearer',
          hub_id: 4_242_424,
          user_id: 1,
          scopes: [],
        },
      };
    },
  };
  return oauth;
}

/** Sends webhook events as HubSpot does: an array of up to 100, signed with v3; answers the receiver's status. */
export async function deliverWebhooks(
  options: { url: string; clientSecret: string; clock: Clock },
  events: readonly Record<string, unknown>[],
): Promise<number> {
  if (events.length > 100) throw new RangeError('HubSpot sends 100 events at most');
  const body = JSON.stringify(events);
  const timestamp = String(options.clock.now().getTime());
  const signature = createHmac('sha256', options.clientSecret)
    .update(`POST${options.url}${body}${timestamp}`)
    .digest('base64');
  const response = await fetch(options.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hubspot-signature-v3': signature,
      'x-hubspot-request-timestamp': timestamp,
    },
    body,
  });
  return response.status;
}
