import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { refusal } from './replies.ts';
import { APP_ID, type FakeReply } from './types.ts';

const LIFE_SECONDS = 1800;

/** The app and its tokens, as HubSpot keeps them. */
export interface FakeOAuth {
  clientId: string;
  clientSecret: string;
  /** a private app's token, which does not expire */
  staticToken: string;
  /** refresh tokens that work; take one away to play a revocation */
  refreshTokens: Set<string>;
  /** codes that the authorize page would have given; each works once */
  codes: Set<string>;
  /** what the account granted */
  scopes: string[];
  /** every refresh gives a new refresh token and ends the old one */
  rotates: boolean;
  accepts(authorization: string): boolean;
  /** how often a token was given out */
  issued(): number;
  /** ends every access token at once, long before its time */
  expireAll(): void;
  /** the account removes the app: no token works any more */
  uninstall(): void;
  /** HubSpot's refusal of a request with this header; null for a token that works */
  refuse(authorization: string): FakeReply | null;
  token(form: URLSearchParams): FakeReply;
  introspect(form: URLSearchParams): FakeReply;
  revoke(form: URLSearchParams): FakeReply;
}

export function createOAuth(clock: Clock, portalId = 4_242_424): FakeOAuth {
  const accessTokens = new Map<string, number>();
  let issued = 0;
  const now = (): number => clock.now().getTime();
  const isApp = (form: URLSearchParams): boolean =>
    form.get('client_id') === oauth.clientId && form.get('client_secret') === oauth.clientSecret;

  function give(refreshToken: string): FakeReply {
    issued += 1;
    const accessToken = secret();
    accessTokens.set(accessToken, now() + LIFE_SECONDS * 1000);
    oauth.refreshTokens.add(refreshToken);
    return {
      status: 200,
      body: {
        access_token: accessToken,
        refresh_token: refreshToken,
        expires_in: LIFE_SECONDS,
        token_type: 'bearer',
        hub_id: portalId,
        user_id: 1,
        scopes: oauth.scopes,
      },
    };
  }

  const oauth: FakeOAuth = {
    clientId: 'fake-client',
    clientSecret: 'fake-secret',
    staticToken: 'demo-token',
    refreshTokens: new Set(['fake-refresh']),
    codes: new Set(['fake-code']),
    scopes: ['oauth'],
    rotates: false,
    issued: () => issued,
    accepts: (authorization) => oauth.refuse(authorization) === null,
    expireAll: () => {
      for (const token of accessTokens.keys()) accessTokens.set(token, now());
    },
    uninstall: () => {
      accessTokens.clear();
      oauth.refreshTokens.clear();
    },
    refuse: (authorization) => {
      const token = authorization.replace(/^Bearer /, '');
      const expiresAt = accessTokens.get(token);
      if (token === oauth.staticToken || (expiresAt !== undefined && expiresAt > now())) return null;
      return expiresAt === undefined ? UNKNOWN_TOKEN : expired(expiresAt, now());
    },
    token: (form) => {
      if (!isApp(form)) return WRONG_CLIENT;
      const isRefresh = form.get('grant_type') === 'refresh_token';
      if (!isRefresh) return oauth.codes.delete(form.get('code') ?? '') ? give(secret()) : WRONG_GRANT;
      const refreshToken = form.get('refresh_token') ?? '';
      if (!oauth.refreshTokens.has(refreshToken)) return WRONG_GRANT;
      if (!oauth.rotates) return give(refreshToken);
      oauth.refreshTokens.delete(refreshToken);
      return give(secret());
    },
    introspect: (form) => {
      if (!isApp(form)) return WRONG_CLIENT;
      const token = form.get('token') ?? '';
      const expiresAt = accessTokens.get(token) ?? 0;
      const isRefresh = oauth.refreshTokens.has(token);
      if (!isRefresh && expiresAt <= now()) return { status: 200, body: { active: false } };
      return {
        status: 200,
        body: {
          active: true,
          token_use: isRefresh ? 'refresh_token' : 'access_token',
          token,
          token_type: 'bearer',
          hub_id: portalId,
          user_id: 1,
          app_id: APP_ID,
          client_id: oauth.clientId,
          scopes: oauth.scopes,
          ...(isRefresh ? {} : { expires_in: Math.floor((expiresAt - now()) / 1000) }),
        },
      };
    },
    revoke: (form) => {
      if (!isApp(form)) return WRONG_CLIENT;
      const token = form.get('token') ?? '';
      accessTokens.delete(token);
      oauth.refreshTokens.delete(token);
      return { status: 200 };
    },
  };
  return oauth;
}

const WRONG_CLIENT: FakeReply = {
  status: 400,
  body: {
    error: 'invalid_client',
    error_description: 'client_id or client_secret is wrong',
    status: 'BAD_CLIENT_ID',
  },
};
const WRONG_GRANT: FakeReply = {
  status: 400,
  body: {
    error: 'invalid_grant',
    error_description: 'missing or unknown refresh token',
    status: 'BAD_REFRESH_TOKEN',
  },
};
const UNKNOWN_TOKEN = refusal(
  401,
  'INVALID_AUTHENTICATION',
  'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs',
);

function expired(expiresAt: number, now: number): FakeReply {
  const minutes = Math.floor((now - expiresAt) / 60_000);
  return refusal(
    401,
    'EXPIRED_AUTHENTICATION',
    `The OAuth token used to make this call expired ${minutes} minute(s) ago.`,
    { context: { 'expire time': [new Date(expiresAt).toISOString()] } },
  );
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}
