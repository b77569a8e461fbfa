import { z } from 'zod';
import { checkWarehouse, runChecks } from './checks.ts';
import { holdOrCall } from './hold-or-call.ts';
import { withParts } from './offline-parts.ts';
import { loadConfig } from '../config.ts';
import { openTerminal } from './terminal.ts';

const Checks = z.array(
  z.object({ name: z.string(), state: z.enum(['well', 'note', 'ill']), sentence: z.string() }),
);
const SIGNS = { well: '✓', note: '·', ill: '✗' };

/** `holdfast doctor`: looks at every part. Ends with 1 when one of them is ill. */
export async function runDoctorCommand(options: { json?: boolean }): Promise<void> {
  const config = loadConfig();
  const outcome = await holdOrCall(config.dataDir, { name: 'doctor' }, () =>
    withParts(config, { startDemo: false }, async ({ store, portal, context }) => {
      const hubspot = config.hubspot.mode === 'demo' ? null : await context.hubspot(portal);
      const { dataDir, notes } = config;
      const checks = await runChecks({ dataDir, notes, store, portal, hubspot, isRunning: false });
      return [...checks, await checkWarehouse(() => context.warehouse(portal))];
    }),
  );
  const checks = Checks.parse(outcome);
  const terminal = openTerminal({ quiet: false });
  if (options.json === true) terminal.json(checks);
  else for (const { name, state, sentence } of checks) terminal.say(`${SIGNS[state]} ${name}: ${sentence}`);
  if (checks.some((check) => check.state === 'ill')) process.exitCode = 1;
}
