import type { Request } from 'express';
import { parseCookie } from 'cookie';
import type { Actor, Role } from '../core/actor.ts';
import { AppError } from '../core/errors.ts';
import { verifyHubSpotSignature } from './hubspot-signature.ts';

/** The one place where a request becomes somebody. */
export interface Identity<Me extends { actor: Actor }, Signed, Sender> {
  publicUrl: string;
  isSecure: boolean;
  hubspotClientSecret: string | null;
  hubspotAppId: string | null;
  now(): Date;
  /** the session with this token, if it lives */
  findSession(token: string): Promise<Me | null>;
  /** who the signed portal and user are; throws when the portal is not ours */
  findSigned(portalId: string, userId: string | null): Promise<Signed>;
  /** whose program holds this token; null for none that is known */
  findSender(token: string): Promise<Sender | null>;
}

/** `__Host-` binds a cookie to this host over https; browsers refuse the prefix on plain http. */
export function sessionCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-sid' : 'sid';
}

/** Who is signed in; null without a live session. */
export async function visitorOf<Me extends { actor: Actor }>(
  identity: Pick<Identity<Me, unknown, unknown>, 'isSecure' | 'findSession'>,
  request: Request,
): Promise<Me | null> {
  const token = parseCookie(request.headers.cookie ?? '')[sessionCookieName(identity.isSecure)];
  return token === undefined ? null : identity.findSession(token);
}

export function requireSession<Me>(me: Me | null): Me {
  if (me === null)
    throw new AppError(
      'unauthenticated',
      'You are not signed in, or your session is over. Open a new sign-in link.',
    );
  return me;
}

export function requireRole(role: Role, allowed: readonly Role[]): void {
  if (!allowed.includes(role))
    throw new AppError(
      'forbidden',
      `This is for ${allowed.join(' or ')} only. Ask your admin for the role if you need it.`,
    );
}

/** Whose program this is, by the token in its header. */
export async function senderOf<Sender>(
  identity: Pick<Identity<never, unknown, Sender>, 'findSender'>,
  request: Request,
): Promise<Sender> {
  const token = /^Bearer ([\w-]{1,100})$/i.exec(header(request, 'authorization'))?.[1];
  const sender = token === undefined ? null : await identity.findSender(token);
  if (sender === null)
    throw new AppError(
      'unauthenticated',
      'The token is missing, unknown or revoked. Send it as Authorization: Bearer us_…; an admin makes one under Settings.',
    );
  return sender;
}

/** Whom HubSpot speaks for: taken from the signed query only, after the signature holds. */
export async function signedOf<Signed>(
  identity: Omit<Identity<never, Signed, unknown>, 'findSession' | 'findSender'>,
  request: Request,
  body: Buffer,
  query: URLSearchParams,
): Promise<Signed> {
  if (identity.hubspotClientSecret === null) {
    throw new AppError(
      'unavailable',
      'The card is switched off: set HUBSPOT_CLIENT_SECRET to the secret of the HubSpot app and start again.',
    );
  }
  const verdict = verifyHubSpotSignature(
    identity.hubspotClientSecret,
    {
      method: request.method,
      url: identity.publicUrl + request.originalUrl,
      body,
      timestamp: header(request, 'x-hubspot-request-timestamp'),
      signature: header(request, 'x-hubspot-signature-v3'),
    },
    identity.now(),
  );
  if (verdict === 'stale')
    throw new AppError(
      'unauthenticated',
      'The request is too old or from the future. Check the clock of this server, then reload the card.',
    );
  if (verdict === 'invalid')
    throw new AppError(
      'unauthenticated',
      "HubSpot's signature does not fit. Check HUBSPOT_CLIENT_SECRET and PUBLIC_URL.",
    );
  for (const name of ['portalId', 'userId', 'appId', 'userEmail']) {
    if (query.getAll(name).length > 1) throw new AppError('invalid', `The request names ${name} twice.`);
  }
  if (
    identity.hubspotAppId !== null &&
    query.get('appId') !== null &&
    query.get('appId') !== identity.hubspotAppId
  ) {
    throw new AppError('forbidden', 'The request comes from another HubSpot app. Check HUBSPOT_APP_ID.');
  }
  return identity.findSigned(query.get('portalId') ?? '', query.get('userId'));
}

function header(request: Request, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
