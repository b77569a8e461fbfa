import { resolve } from 'node:path';
import { z } from 'zod';
import { Coverage, describeCoverage } from '../core/accounts/coverage.ts';
import { Mapping, mappingJsonSchema } from '../core/accounts/mapping.ts';
import { readMappingFile } from '../core/accounts/mapping-file.ts';
import { rebuildMarts } from '../core/accounts/rebuild.ts';
import { proposeFor, tryMapping } from '../core/accounts/try-mapping.ts';
import { AppError } from '../core/errors.ts';
import { loadConfig } from '../config.ts';
import { holdOrCall } from './hold-or-call.ts';
import { carryOutMapping, VersionLine, type MappingAsked } from './mapping-actions.ts';
import { withParts } from './offline-parts.ts';
import { mappingFileOf, portalNamed } from './open-context.ts';
import { openTerminal, type Terminal } from './terminal.ts';

export interface MappingOptions {
  portal?: string;
  json?: boolean;
}

const VersionList = z.array(VersionLine);
const SetResult = z.object({ version: z.number(), isNew: z.boolean() });

/** `holdfast mapping show`: the mapping in force, as JSON. */
export async function showMapping(options: MappingOptions): Promise<void> {
  const { outcome, terminal } = await ask({ action: 'show', portal: options.portal ?? null }, options);
  terminal.json(Mapping.parse(outcome));
}

/** `holdfast mapping propose`: what the portal's own properties suggest, as JSON; stores nothing. */
export async function proposeMapping(options: MappingOptions): Promise<void> {
  const { outcome, terminal } = await ask({ action: 'propose', portal: options.portal ?? null }, options);
  terminal.json(Mapping.parse(outcome));
}

/** `holdfast mapping versions`: who stored which version, when, and what it changed. */
export async function listVersions(options: MappingOptions): Promise<void> {
  const { outcome, terminal } = await ask({ action: 'versions', portal: options.portal ?? null }, options);
  const versions = VersionList.parse(outcome);
  if (options.json === true) terminal.json(versions);
  else if (versions.length === 0) terminal.say('There is no mapping yet; the first sync proposes one.');
  else
    for (const { version, author, knownFrom, changes } of versions) {
      terminal.say(`Version ${version}, ${knownFrom.slice(0, 16).replace('T', ' ')} UTC, by ${author}`);
      for (const change of changes) terminal.say(`  ${change}`);
      if (changes.length === 0) terminal.say(version === 1 ? '  the first one' : '  nothing that counts');
    }
}

/** `holdfast mapping check <file>`: whether it can be used, and what it would cover of the portal's own records; stores nothing. */
export async function checkMappingFile(file: string, options: MappingOptions): Promise<void> {
  const document = await readMappingFile(resolve(file));
  const { outcome, terminal } = await ask(
    { action: 'check', portal: options.portal ?? null, document },
    options,
  );
  const coverage = Coverage.parse(outcome);
  if (options.json === true) terminal.json(coverage);
  else {
    terminal.say(`${file} can be used. Nothing was stored.`);
    for (const line of describeCoverage(coverage)) terminal.say(line);
  }
}

/** `holdfast mapping set <file>`: the portal's next version; the tables are published anew before it ends. */
export async function setMappingFromFile(file: string, options: MappingOptions): Promise<void> {
  const document = await readMappingFile(resolve(file));
  const { outcome, terminal } = await ask(
    { action: 'set', portal: options.portal ?? null, document },
    options,
  );
  const { version, isNew } = SetResult.parse(outcome);
  if (options.json === true) terminal.json({ version, isNew });
  else
    terminal.say(
      isNew
        ? `Version ${version} is stored, and what is shown was computed with it.`
        : `Nothing was changed: version ${version} says the same.`,
    );
}

/** `holdfast mapping schema`: what a mapping may hold, as JSON Schema. */
export function printMappingSchema(): void {
  openTerminal({ quiet: true }).json(mappingJsonSchema());
}

async function ask(
  asked: MappingAsked,
  options: MappingOptions,
): Promise<{ outcome: unknown; terminal: Terminal }> {
  const config = loadConfig();
  const terminal = openTerminal({ quiet: options.json === true });
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new AppError('conflict', 'Stopped.')));
  if (asked.action === 'check' || asked.action === 'set')
    terminal.progress({ label: 'computing the tables', done: 0, total: null });
  const outcome = await holdOrCall(
    config.dataDir,
    { name: 'mapping', args: asked, onStep: terminal.progress },
    () =>
      withParts(config, { startDemo: false }, async ({ context, portal, store }) =>
        carryOutMapping(
          {
            store,
            mappingFile: mappingFileOf(config),
            tryMapping: (id, document) => tryMapping(context, id, document),
            propose: (id) => proposeFor(context, id),
            rebuild: (id) => rebuildMarts(context, id, stop.signal),
          },
          await portalNamed(store, asked.portal ?? portal),
          asked,
        ),
      ),
  );
  terminal.endProgress();
  return { outcome, terminal };
}
