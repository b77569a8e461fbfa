import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { Coverage } from '../core/accounts/coverage.ts';
import { tryProposal } from '../core/accounts/try-mapping.ts';
import { systemClock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { loadConfig } from '../config.ts';
import { checkWarehouse, runChecks } from './checks.ts';
import { holdOrCall } from './hold-or-call.ts';
import { withParts } from './offline-parts.ts';
import { mappingFileOf, portalNamed } from './open-context.ts';
import { openTerminal } from './terminal.ts';

const Checks = z.array(
  z.object({
    name: z.string(),
    state: z.enum(['well', 'note', 'ill']),
    sentence: z.string(),
    portal: z.string().optional(),
    accounts: Coverage.shape.uncovered.shape.list.optional(),
  }),
);
const SIGNS = { well: '✓', note: '·', ill: '✗' };

export interface DoctorOptions {
  json?: boolean;
  portal?: string;
  uncovered?: string;
}

/** `holdfast doctor`: looks at every part. Ends with 1 when one of them is ill. */
export async function runDoctorCommand(options: DoctorOptions): Promise<void> {
  const config = loadConfig();
  const args = { portal: options.portal ?? null };
  const outcome = await holdOrCall(config.dataDir, { name: 'doctor', args }, () =>
    withParts(config, { startDemo: false }, async ({ store, portal, context }) => {
      const asked = await portalNamed(store, options.portal ?? portal);
      const asksHubSpot = config.hubspot.mode !== 'demo' && asked === portal;
      const checks = await runChecks({
        dataDir: config.dataDir,
        notes: config.notes,
        store,
        portal: asked,
        withImported: options.portal === undefined,
        hubspot: asksHubSpot ? await context.hubspot(asked) : null,
        clock: systemClock,
        isRunning: false,
        mappingFile: mappingFileOf(config),
        propose: async (id) => (await tryProposal(context, id))?.coverage ?? null,
      });
      return [...checks, await checkWarehouse(() => context.warehouse(asked))];
    }),
  );
  const checks = Checks.parse(outcome);
  const terminal = openTerminal({ quiet: false });
  if (options.uncovered !== undefined) await writeUncovered(resolve(options.uncovered), checks);
  if (options.json === true) terminal.json(checks);
  else
    for (const { name, state, sentence, portal } of checks)
      terminal.say(`${SIGNS[state]} ${name}${portal === undefined ? '' : ` of ${portal}`}: ${sentence}`);
  if (checks.some((check) => check.state === 'ill')) process.exitCode = 1;
}

async function writeUncovered(
  file: string,
  checks: readonly z.output<typeof Checks>[number][],
): Promise<void> {
  const rows = checks.flatMap(({ portal, accounts }) =>
    (accounts ?? []).map(({ id, name, domain, owner }) => [portal ?? '', id, name, domain, owner]),
  );
  const text = [['portal', 'account_id', 'name', 'domain', 'owner'], ...rows]
    .map((row) => row.map(cell).join(','))
    .join('\n');
  await writeFile(file, `${text}\n`, { flag: 'wx' }).catch((cause: unknown) => {
    throw new AppError('conflict', `${file} cannot be written, or it is there already. Give another name.`, {
      cause,
    });
  });
}

// Text that a spreadsheet would run as a formula gets an apostrophe in front.
function cell(value: string | null | undefined): string {
  const text = value ?? '';
  const safe = /^[=+@\t\r-]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
