import { z } from 'zod';
import { systemClock } from '../core/clock.ts';
import { issueSetupLink } from '../core/people/sign-in.ts';
import { holdOrCall } from './hold-or-call.ts';
import { withParts } from './offline-parts.ts';
import { portalNamed } from './open-context.ts';
import { loadConfig } from '../config.ts';
import { openTerminal } from './terminal.ts';

/** `holdfast link`: a fresh one-time sign-in link for the admin of the settings' portal, or of another one. */
export async function runLinkCommand(options: { portal?: string }): Promise<void> {
  const config = loadConfig();
  const outcome = await holdOrCall(
    config.dataDir,
    { name: 'link', args: { portal: options.portal ?? null } },
    () =>
      withParts(config, { startDemo: false }, async ({ store, portal }) => {
        const id = await portalNamed(store, options.portal ?? portal);
        return {
          url: `${config.publicUrl}/signin/${await issueSetupLink({ store, clock: systemClock }, id)}`,
        };
      }),
  );
  const { url } = z.object({ url: z.string() }).parse(outcome);
  openTerminal({ quiet: false }).say(`Open this address; it signs the admin in once, within an hour: ${url}`);
}
