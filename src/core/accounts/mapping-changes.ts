import { isDeepStrictEqual } from 'node:util';
import type { Mapping } from './mapping.ts';

/** One setting of a mapping that is another one than before; null where it was, or is, not set. */
export interface MappingChange {
  /** with dots: contracts.deals.start */
  path: string;
  from: string | null;
  to: string | null;
}

/** What differs between two mappings, path by path, in the order of the newer one. */
export function mappingChanges(before: Mapping, after: Mapping): MappingChange[] {
  const old = leavesOf(before);
  const now = leavesOf(after);
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((path) => {
    const [from, to] = [old.get(path) ?? null, now.get(path) ?? null];
    return isDeepStrictEqual(from, to) ? [] : [{ path, from: written(from), to: written(to) }];
  });
}

/** A change as a sentence of the command line. */
export function describeChange({ path, from, to }: MappingChange): string {
  if (from === null) return `${path} is now ${to}`;
  if (to === null) return `${path} is no longer set (was ${from})`;
  return `${path} is now ${to} (was ${from})`;
}

// A list of texts is one setting, and so is a row of a list of rates; an empty list is one that is not set.
function leavesOf(value: unknown, path = '', leaves = new Map<string, unknown>()): Map<string, unknown> {
  if (Array.isArray(value) && value.every(isScalar)) {
    if (value.length > 0) leaves.set(path, value);
  } else if (Array.isArray(value) && value.every(isRow)) {
    for (const [n, row] of value.entries()) leaves.set(`${path}.${n + 1}`, Object.values(row).join(' '));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, inner] of Object.entries(value))
      leavesOf(inner, path === '' ? name : `${path}.${name}`, leaves);
  } else leaves.set(path, value);
  return leaves;
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isRow(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.values(value).every(isScalar);
}

function written(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
