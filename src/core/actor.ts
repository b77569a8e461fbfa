/** Which portal a value belongs to. Only the edge that authenticated a request, or the start-up, makes one. */
export type PortalId = string & { readonly __brand: 'PortalId' };

/** The only roles there are. */
export const ROLES = ['admin', 'leader', 'manager', 'analyst'] as const;
export type Role = (typeof ROLES)[number];

/** Who acts. Made in one place, from a session or from HubSpot's signature; every write takes one. */
export interface Actor {
  portal: PortalId;
  /** our user id, HubSpot's user id (`hubspot:123`), a program's token (`token:id`), `command` or `system` */
  user: string;
  role: Role;
  via: 'session' | 'hubspot' | 'command' | 'system' | 'token';
}
