import type { Contract, HealthBand, RenewalBand, Status } from './answer.ts';

/** The colours HubSpot gives a tag; the band itself is the product's, and its word always stands beside the colour. */
export type Tone = 'danger' | 'warning' | 'info' | 'success' | 'default';

export const STATUS_TONE: Record<Status, Tone> = {
  customer: 'success',
  lapsed: 'warning',
  former: 'default',
  future: 'info',
  trial: 'info',
  free: 'info',
  uncovered: 'warning',
};

export const RENEWAL_TONE: Record<RenewalBand, Tone> = {
  past_due: 'danger',
  within_30: 'danger',
  within_90: 'warning',
  within_180: 'info',
  later: 'success',
};

export const HEALTH_TONE: Record<HealthBand, Tone> = { good: 'success', watch: 'warning', risk: 'danger' };

export const CONTRACT_TONE: Record<Contract['state'], Tone> = {
  in_force: 'success',
  paused: 'warning',
  ended: 'default',
  future: 'info',
  trial: 'default',
};
