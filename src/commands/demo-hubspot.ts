import { livingPortal } from '../demo/generator/living.ts';
import { startLivingHubSpot } from '../demo/living-hubspot.ts';
import { onParentStop, tellParent } from '../process/children.ts';

/** The child that plays HubSpot for the demo portal, on a loopback port that stays the same when it is started again. */
export async function runDemoHubSpot(options: {
  port: string;
  accounts: string;
  seed: string;
  anchor: string;
}): Promise<void> {
  const portal = livingPortal({
    seed: Number(options.seed),
    accounts: Number(options.accounts),
    anchor: new Date(options.anchor),
  });
  const fake = await startLivingHubSpot({ portal, port: Number(options.port), keepLog: false });
  onParentStop(() => void fake.close().then(() => process.exit(0)));
  tellParent({ type: 'ready', url: fake.url });
}
