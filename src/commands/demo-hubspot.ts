import { systemClock } from '../core/clock.ts';
import { startFakeHubSpot } from '../demo/fake/server.ts';
import { generatePortal } from '../demo/generator/generate.ts';
import { onParentStop, tellParent } from '../process/children.ts';

/** The child that plays HubSpot for the demo portal, on a loopback port that stays the same when it is started again. */
export async function runDemoHubSpot(options: {
  port: string;
  accounts: string;
  seed: string;
  anchor: string;
}): Promise<void> {
  const source = generatePortal({
    seed: Number(options.seed),
    accounts: Number(options.accounts),
    anchor: new Date(options.anchor),
  });
  const fake = await startFakeHubSpot({
    source,
    clock: systemClock,
    port: Number(options.port),
    keepLog: false,
  });
  onParentStop(() => void fake.close().then(() => process.exit(0)));
  tellParent({ type: 'ready', url: fake.url });
}
