import { z } from 'zod';
import { prepareStaging } from '../../warehouse/build.ts';
import { defineQuery } from '../../warehouse/query.ts';
import type { ImportContext } from './context.ts';
import type { Contradiction } from './result.ts';

const contradictions = defineQuery({
  file: 'checks/import_contradictions.sql',
  params: z.object({ within_days: z.number() }),
  row: z.strictObject({
    check: z.string(),
    sentence: z.string(),
    found: z.number(),
    of: z.number(),
    examples: z.array(z.string()),
  }),
});

/** An event confirms the end of a contract that lies at most this many days off: the house's grace. */
const WITHIN_DAYS = 30;

/** What the imported rows of a portal say against each other, the rows of earlier imports included. */
export function readContradictions(ctx: ImportContext): Promise<Contradiction[]> {
  return ctx.warehouse.alone(async (db) => {
    await prepareStaging(db);
    return contradictions(db, { within_days: WITHIN_DAYS });
  });
}
