import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import { describeImport } from '../core/import/describe-import.ts';
import { ImportResult } from '../core/import/result.ts';
import { runImport } from '../core/import/run-import.ts';
import { loadConfig } from '../config.ts';
import { holdOrCall } from './hold-or-call.ts';
import { withParts } from './offline-parts.ts';
import { openTerminal } from './terminal.ts';

const DEFAULT_PORTAL = 'import';

/** `holdfast import <dir> --mapping <file>`: CSV files into a portal, with an account of every row. */
export async function runImportCommand(
  dir: string,
  options: { mapping: string; portal?: string; json?: boolean },
): Promise<void> {
  const config = loadConfig();
  const terminal = openTerminal({ quiet: options.json === true });
  const stop = new AbortController();
  const onStop = (): void =>
    stop.abort(
      new AppError('conflict', 'Stopped. What was loaded stays; the same import again goes on from there.'),
    );
  process.once('SIGINT', onStop);
  process.once('SIGTERM', onStop);
  const args = {
    folder: resolve(dir),
    portal: options.portal ?? DEFAULT_PORTAL,
    document: await readMappingFile(resolve(options.mapping)),
  };
  const outcome = await holdOrCall(config.dataDir, { name: 'import', args, onStep: terminal.progress }, () =>
    withParts(config, { startDemo: false }, ({ context }) =>
      runImport(context, {
        ...args,
        signal: stop.signal,
        onProgress: ({ file, rows }) =>
          terminal.progress({ label: `importing ${file}`, done: rows, total: null }),
      }),
    ),
  );
  terminal.endProgress();
  const result = ImportResult.parse(outcome);
  if (options.json === true) terminal.json(result);
  else for (const line of describeImport(result)) terminal.say(line);
}

async function readMappingFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('invalid', `The mapping ${file} cannot be read. Name a JSON file with --mapping.`, {
      cause: error,
    });
  });
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
  } catch (error) {
    throw new AppError(
      'invalid',
      `The mapping ${file} is no JSON: ${error instanceof Error ? error.message : 'it cannot be parsed'}.`,
      { cause: error },
    );
  }
}
