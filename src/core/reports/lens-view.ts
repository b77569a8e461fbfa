import { z } from 'zod';
import { nameAccounts } from '../../warehouse/account-names.ts';
import type { PortalId } from '../actor.ts';
import { AppError } from '../errors.ts';
import type { WebContext } from '../web-context.ts';
import { conventionOf, MEASURES } from './conventions.ts';
import { lensOf, type Lens } from './lens.ts';
import { fromPublished } from './published.ts';
import { reportMonth } from './report.ts';

const Input = z.object({
  measure: z.enum(MEASURES),
  from: z.string().max(50),
  to: z.string().max(50),
  month: z.string().max(10).nullable().default(null),
});
export type LensInput = z.output<typeof Input>;

export interface LensView {
  input: LensInput;
  month: string;
  from: { id: string; name: string };
  to: { id: string; name: string };
  lens: Lens;
  /** by account id */
  names: Record<string, string | null>;
}

/** What an address asks for. Throws AppError `invalid` where it says too little. */
export function lensInput(query: URLSearchParams): LensInput {
  const parsed = Input.safeParse(Object.fromEntries([...query].filter(([, value]) => value !== '')));
  if (!parsed.success)
    throw new AppError(
      'invalid',
      'Choose a figure on the page Churn: the address must name measure, from and to.',
    );
  return parsed.data;
}

/** Why two conventions differ in a month, by switch and by account. Null before the first publish. */
export async function getLensView(
  ctx: Pick<WebContext, 'current' | 'snapshots'>,
  portal: PortalId,
  input: LensInput,
): Promise<LensView | null> {
  const [from, to] = [conventionOf(input.from), conventionOf(input.to)];
  return fromPublished(ctx, portal, JSON.stringify(['lens', input]), async (db) => {
    const month = await reportMonth(db, input.month);
    const lens = await lensOf(db, input.measure, from[input.measure], to[input.measure], month);
    const accounts = lens.switches.flatMap((one) => one.accounts.flatMap(({ account }) => account ?? []));
    return {
      input,
      month,
      from: { id: from.id, name: from.name },
      to: { id: to.id, name: to.name },
      lens,
      names: await nameAccounts(db, accounts),
    };
  });
}
