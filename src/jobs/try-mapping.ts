import { z } from 'zod';
import { proposeFor, tryMapping, tryProposal } from '../core/accounts/try-mapping.ts';
import { defineJob } from './job.ts';
import { PortalIdSchema } from './portal-id.ts';

/** What a mapping, or the proposal, would cover: only the worker has the records open. Stores nothing. */
export const tryMappingJob = defineJob({
  name: 'try-mapping',
  payload: z.object({
    portal: PortalIdSchema,
    asked: z.discriminatedUnion('what', [
      z.object({ what: z.literal('coverage'), document: z.unknown() }),
      z.object({ what: z.literal('proposal') }),
      z.object({ what: z.literal('first proposal') }),
    ]),
  }),
  retryLimit: 0,
  retryDelaySeconds: 0,
  expireInSeconds: 3600,
  run: async (ctx, { portal, asked }): Promise<unknown> => {
    switch (asked.what) {
      case 'coverage':
        return tryMapping(ctx, portal, asked.document);
      case 'proposal':
        return proposeFor(ctx, portal);
      case 'first proposal':
        return tryProposal(ctx, portal);
    }
  },
});
