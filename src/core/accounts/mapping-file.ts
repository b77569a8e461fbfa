import { readFile } from 'node:fs/promises';
import type { PortalId } from '../actor.ts';
import { AppError } from '../errors.ts';
import { parseMapping, type Mapping } from './mapping.ts';

/** MAPPING_FILE: a file that rules over the stored versions of the settings' portal. */
export interface MappingFile {
  portal: PortalId;
  path: string;
}

/** Reads a mapping's file. Throws AppError `invalid` that names the file and lists everything that is wrong with it. */
export async function readMappingFile(path: string): Promise<Mapping> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('invalid', `The mapping ${path} cannot be read. Name a JSON file that is there.`, {
      cause,
    });
  });
  try {
    return parseMapping(parseJson(text));
  } catch (cause) {
    if (!(cause instanceof AppError)) throw cause;
    throw new AppError('invalid', `${path}: ${cause.message}`, { cause });
  }
}

/** The document of a text that a person wrote. Throws AppError `invalid` that says where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
  } catch (cause) {
    throw new AppError(
      'invalid',
      `This is no JSON: ${cause instanceof Error ? cause.message : 'it cannot be parsed'}.`,
      { cause },
    );
  }
}

/** Refuses to store a version that a file rules over. */
export function refuseWhileFileRules(file: MappingFile | undefined, portal: PortalId): void {
  if (file?.portal === portal)
    throw new AppError(
      'conflict',
      `The file ${file.path} is this portal’s mapping (MAPPING_FILE). Change the file, or leave MAPPING_FILE out and start again.`,
    );
}
