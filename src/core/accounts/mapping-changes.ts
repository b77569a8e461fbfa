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

// Lists are one setting each, but for rates and files: of those each row is one.
function leavesOf(value: unknown, path = '', leaves = new Map<string, unknown>()): Map<string, unknown> {
  if (Array.isArray(value) && !value.some((one) => typeof one === 'object')) leaves.set(path, value);
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value))
      leavesOf(inner, path === '' ? name : `${path}.${name}`, leaves);
  else leaves.set(path, value);
  return leaves;
}

function written(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
