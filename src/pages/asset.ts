import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('./assets/', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

export interface Asset {
  /** holds the hash of the bytes, so that browsers may keep it for ever */
  address: string;
  type: string;
  bytes: Buffer;
}

const byName: ReadonlyMap<string, Asset> = new Map(
  readdirSync(FOLDER).map((name) => [name, readAsset(name)]),
);

/** Every stylesheet, script and image of the pages, read once. */
export const ASSETS: readonly Asset[] = [...byName.values()];

/** The address of one of our files, for pages. */
export function asset(name: string): string {
  const found = byName.get(name);
  if (found === undefined) throw new RangeError(`There is no asset ${name}.`);
  return found.address;
}

function readAsset(name: string): Asset {
  const bytes = readFileSync(new URL(name, FOLDER));
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  const dot = name.lastIndexOf('.');
  const ending = name.slice(dot + 1);
  const type = TYPES[ending];
  if (type === undefined) throw new RangeError(`Say in asset.ts what type a file ending in .${ending} has.`);
  return { address: `/assets/${name.slice(0, dot)}.${hash}.${ending}`, type, bytes };
}
