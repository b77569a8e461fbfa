import { globSync, readFileSync } from 'node:fs';
import { dirname, posix, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
/** Types, errors, clock, log, actor and the HubSpot port: the part of core that everyone may name. */
const SHARED_CORE = /^src\/core\/(errors|clock|log|actor|hubspot-port)\.ts$/;

/** Which folders a folder may import; its own is always allowed, `core!` means the shared part of core only. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'analytics/models': [],
  'analytics/conventions': [],
  'src/store': ['core!'],
  'src/warehouse': ['core!'],
  'src/hubspot': ['core!'],
  'src/core': ['src/store', 'src/warehouse', 'analytics/models', 'analytics/conventions'],
  'src/http': ['core!'],
  'src/pages': ['src/core', 'src/http'],
  'src/api': ['src/core', 'src/http'],
  'src/jobs': ['src/core', 'src/http'],
  'src/demo': ['core!'],
};
const NEVER_IMPORTED = new Set(['src/main.ts']);
const FREE = /^src\/(main|app|routes|config)\.ts$|^src\/(commands|process)\//;

function folderOf(file: string): string {
  return (
    Object.keys(MAY_IMPORT).find((folder) => file.startsWith(`${folder}/`)) ??
    file.split('/').slice(0, 2).join('/')
  );
}

function importsOf(file: string): string[] {
  const text = readFileSync(resolve(ROOT, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

function allowed(from: string, to: string): boolean {
  if (NEVER_IMPORTED.has(to)) return false;
  if (FREE.test(from)) return true;
  const home = folderOf(from);
  const target = folderOf(to);
  if (home === target) return true;
  const list = MAY_IMPORT[home] ?? [];
  return list.includes(target) || (list.includes('core!') && SHARED_CORE.test(to));
}

const files = globSync(['src/**/*.ts', 'analytics/**/*.ts'], { cwd: ROOT }).map((file) =>
  file.replaceAll('\\', '/'),
);

it('sees the project', () => {
  expect(files.length).toBeGreaterThan(40);
});

it('every import stays within the house', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => posix.normalize(posix.join(dirname(file), name)))
      .filter((target) => !allowed(file, target))
      .map((target) => `${file} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

it('core knows neither Express nor the process, and models know neither files nor the clock', () => {
  const wrong = files.flatMap((file) => {
    const names = importsOf(file);
    const text = readFileSync(resolve(ROOT, file), 'utf8');
    if (file.startsWith('src/core/')) {
      return [
        ...names.filter(
          (name) => name === 'express' || name === 'node:process' || name === '@hubspot/api-client',
        ),
        ...(/\bprocess\.(env|exit|argv|on|kill)\b/.test(text) ? ['process'] : []),
      ].map((name) => `${file} uses ${name}`);
    }
    if (/^analytics\/(models|conventions)\//.test(file)) {
      return [
        ...names.filter((name) => name.startsWith('node:')),
        ...(/\bMath\.random\b|\bDate\.now\b|new Date\(\)/.test(text) ? ['clock or unseeded random'] : []),
      ].map((name) => `${file} uses ${name}`);
    }
    return [];
  });
  expect(wrong).toEqual([]);
});

it('only config.ts reads the environment', () => {
  const readers = files.filter(
    (file) =>
      file !== 'src/config.ts' &&
      // main hands the environment to config.ts; children inherit it whole
      !/^src\/(main|process\/children)\.ts$/.test(file) &&
      /\bprocess\.env\b/.test(readFileSync(resolve(ROOT, file), 'utf8')),
  );
  expect(readers).toEqual([]);
});

it('the demo is imported by the command line and by nothing else', () => {
  const wrong = files.filter(
    (file) =>
      !file.startsWith('src/demo/') &&
      !/^src\/(main\.ts|commands\/demo-hubspot\.ts)$/.test(file) &&
      importsOf(file).some((name) =>
        relative(ROOT, resolve(ROOT, dirname(file), name)).startsWith('src/demo'),
      ),
  );
  expect(wrong).toEqual([]);
});
