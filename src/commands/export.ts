import { resolve } from 'node:path';
import { z } from 'zod';
import { exportMarts } from '../core/accounts/export-marts.ts';
import { AppError } from '../core/errors.ts';
import { loadConfig } from '../config.ts';
import { VERSION } from '../process/version.ts';
import { portalNamed } from './open-context.ts';
import { holdOrCall } from './hold-or-call.ts';
import { withParts } from './offline-parts.ts';
import { openTerminal } from './terminal.ts';

const Written = z.array(z.object({ mart: z.string(), rows: z.number() }));

export interface ExportOptions {
  knownAt?: string;
  convention?: string;
  portal?: string;
  json?: boolean;
}

/** `holdfast export <dir>`: every public mart as one CSV file, as known now or at a moment. */
export async function runExportCommand(dir: string, options: ExportOptions): Promise<void> {
  if (options.convention !== undefined)
    throw new AppError(
      'unavailable',
      `Conventions are not in this version (${VERSION}). Leave --convention out.`,
    );
  const config = loadConfig();
  const terminal = openTerminal({ quiet: options.json === true });
  const folder = resolve(dir);
  const knownAt = options.knownAt ?? null;
  const args = { folder, knownAt, portal: options.portal ?? null };
  const outcome = await holdOrCall(config.dataDir, { name: 'export', args, onStep: terminal.progress }, () =>
    withParts(config, { startDemo: false }, async ({ context, portal, store }) =>
      exportMarts(context, await portalNamed(store, options.portal ?? portal), { folder, knownAt }),
    ),
  );
  const written = Written.parse(outcome);
  if (options.json === true) terminal.json(written);
  else for (const { mart, rows } of written) terminal.say(`${mart}.csv: ${rows.toLocaleString('en')} rows`);
}
