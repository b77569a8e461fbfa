import { silentLog } from '../../src/core/log.ts';
import type { CardBundles } from '../../src/core/web-context.ts';
import { openCardBuild } from '../../src/process/card-build.ts';
import { CARD_FOLDER } from '../../src/process/card-files.ts';

/** The cards as the product serves them, built now when they are missing or stale. */
export async function builtCards(): Promise<CardBundles> {
  const build = openCardBuild({ folder: CARD_FOLDER, log: silentLog });
  await build.ensure();
  return build;
}
