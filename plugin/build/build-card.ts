import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { remoteBuild } from '@hubspot/ui-extensions-dev-server/build';
import { build } from 'vite';
import { hashCardSources, type CardManifest } from '../../src/process/card-files.ts';

const CARDS = resolve(import.meta.dirname, '../src/app/cards');
export const CARD_ENTRIES = { sidebar: join(CARDS, 'SidebarCard.tsx'), tab: join(CARDS, 'TabCard.tsx') };
const HOST = resolve(import.meta.dirname, '../preview/host.tsx');

/**
 * Builds both cards as HubSpot's remote build does, and the script of the preview beside them. Writes into a new folder, then puts it in the
 * place of the old one, so that a reader finds one build or the other. Needs the development packages, and no network.
 */
export async function buildCard(folder: string): Promise<CardManifest> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}-`);
  try {
    const manifest: CardManifest = {
      sources: hashCardSources(),
      files: {
        sidebar: await bundleCard(work, CARD_ENTRIES.sidebar),
        tab: await bundleCard(work, CARD_ENTRIES.tab),
        host: await bundleHost(work),
      },
    };
    await writeFile(join(work, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    await replaceFolder(folder, work);
    return manifest;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

type CardFile = CardManifest['files']['host'];

/** One card, by HubSpot's own build. */
export async function bundleCard(folder: string, entryPoint: string): Promise<CardFile> {
  const out = await mkdtemp(join(folder, 'out-'));
  // HubSpot's build takes it from the environment; without it React comes in its slower, larger form for development.
  process.env['NODE_ENV'] = 'production';
  await remoteBuild({ root: dirname(entryPoint), entryPoint, outputDir: out, logLevel: 'warn' });
  return keep(folder, out, nameOf(entryPoint));
}

async function bundleHost(folder: string): Promise<CardFile> {
  const out = await mkdtemp(join(folder, 'out-'));
  await build({
    configFile: false,
    root: dirname(HOST),
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      lib: { entry: HOST, name: 'HoldfastPreview', formats: ['iife'], fileName: () => 'host.js' },
      outDir: out,
      emptyOutDir: false,
      target: 'es2023',
      minify: true,
    },
  });
  return keep(folder, out, 'host');
}

// The name holds the hash of the bytes, so that browsers may keep a file for ever.
async function keep(folder: string, out: string, name: string): Promise<CardFile> {
  const bytes = await readFile(join(out, `${name}.js`));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const file = `${name}.${hash}.js`;
  await writeFile(join(folder, file), bytes);
  await rm(out, { recursive: true });
  return { name: file, bytes: bytes.length, gzipBytes: gzipSync(bytes, { level: 9 }).length };
}

async function replaceFolder(folder: string, work: string): Promise<void> {
  const old = `${work}.old`;
  await rename(folder, old).catch(() => {}); // there is none the first time
  await rename(work, folder);
  await rm(old, { recursive: true, force: true });
}

function nameOf(entryPoint: string): string {
  return /([^/\\]+)\.tsx$/.exec(entryPoint)?.[1] ?? 'card';
}
