import { z } from 'zod';
import { systemClock } from '../core/clock.ts';
import { issueSetupLink } from '../core/people/sign-in.ts';
import { holdOrCall } from './hold-or-call.ts';
import { withParts } from './offline-parts.ts';
import { loadConfig } from '../config.ts';
import { openTerminal } from './terminal.ts';

/** `holdfast link`: a fresh one-time sign-in link for the admin. */
export async function runLinkCommand(): Promise<void> {
  const config = loadConfig();
  const outcome = await holdOrCall(config.dataDir, { name: 'link' }, () =>
    withParts(config, { startDemo: false }, async ({ store, portal }) => ({
      url: `${config.publicUrl}/signin/${await issueSetupLink({ store, clock: systemClock }, portal)}`,
    })),
  );
  const { url } = z.object({ url: z.string() }).parse(outcome);
  openTerminal({ quiet: false }).say(`Open this address; it signs the admin in once, within an hour: ${url}`);
}
