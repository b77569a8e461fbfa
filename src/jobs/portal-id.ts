import { z } from 'zod';
import type { PortalId } from '../core/actor.ts';

/** A portal's id as the queue carries it: put there by our own code, for a portal it had authenticated. */
export const PortalIdSchema = z
  .string()
  .regex(/^[a-z0-9-]+$/)
  .transform((id) => id as PortalId);
