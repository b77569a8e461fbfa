import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '../..');
/** What the bundles are made of. */
const SOURCES = ['plugin/src/app/cards', 'plugin/preview', 'plugin/build'];
const PACKAGES = [
  '@hubspot/ui-extensions',
  '@hubspot/ui-extensions-dev-server',
  '@remote-ui/core',
  '@remote-ui/react',
  'react',
  'react-dom',
  'vite',
];

/** Where the built card lies, and the script that builds it. */
export const CARD_FOLDER = join(ROOT, 'dist/card');
export const CARD_SCRIPT = join(ROOT, 'plugin/build/run.ts');

const CardFile = z.object({ name: z.string(), bytes: z.number(), gzipBytes: z.number() });
/** What a build says of itself. */
export const CardManifest = z.object({
  sources: z.string(),
  files: z.object({ host: CardFile, sidebar: CardFile, tab: CardFile }),
});
export type CardManifest = z.output<typeof CardManifest>;

/** A hash of everything a build depends on: two equal ones make the same files. */
export function hashCardSources(): string {
  const hash = createHash('sha256');
  const packages = z
    .object({ devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).devDependencies;
  for (const name of PACKAGES) hash.update(`${name}@${packages[name] ?? 'none'}\0`);
  for (const file of SOURCES.flatMap((folder) => filesIn(join(ROOT, folder)))) {
    hash.update(`${relative(ROOT, file).replaceAll('\\', '/')}\0`);
    hash.update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 32);
}

/** The build in a folder; null where there is none, or none that is whole. */
export function readCardManifest(folder: string): CardManifest | null {
  try {
    return CardManifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  } catch {
    return null;
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}
