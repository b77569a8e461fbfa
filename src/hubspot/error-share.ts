import type { Log } from '../core/log.ts';

/** HubSpot asks apps to keep their errors under this share of their requests. */
const MOST = 0.05;
/** The share is looked at every so many requests. */
const LOOKED_AT = 200;

export interface ErrorShare {
  count(failed: boolean): void;
}

/** Says in the log when more than a twentieth of the last requests failed: refusals of any kind, and answers that never came. */
export function createErrorShare(log: Log): ErrorShare {
  let requests = 0;
  let errors = 0;
  return {
    count: (failed) => {
      requests += 1;
      if (failed) errors += 1;
      if (requests < LOOKED_AT) return;
      if (errors / requests > MOST)
        log.warn('more than 5 % of the requests to HubSpot failed', { requests, errors });
      requests = 0;
      errors = 0;
    },
  };
}
