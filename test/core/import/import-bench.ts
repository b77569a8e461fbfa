import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { silentLog } from '../../../src/core/log.ts';
import type { ImportContext } from '../../../src/core/import/context.ts';
import { parseImportMapping } from '../../../src/core/import/file-mapping.ts';
import { importFiles } from '../../../src/core/import/import-files.ts';
import type { ImportResult } from '../../../src/core/import/result.ts';
import type { VirtualClock } from '../../../src/demo/virtual-clock.ts';
import type { Warehouse } from '../../../src/warehouse/warehouse.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { openMirror, rowsOf, type Row } from '../../warehouse/mirror.ts';

/** A section of a mapping as a person writes it. */
export type Section = Record<string, unknown>;

export interface ImportBench {
  ctx: ImportContext;
  warehouse: Warehouse;
  clock: VirtualClock;
  dataDir: string;
  folder: string;
  /** Puts a file into the folder. */
  put(file: string, content: string | Buffer): Promise<void>;
  run(sections: readonly Section[], folder?: string): Promise<ImportResult>;
  /** the stored rows of a kind: id and properties */
  stored(kind: string): Promise<{ id: string; properties: Record<string, string> }[]>;
  versions(): Promise<number>;
}

/** A folder for files, an empty mirror, and a clock that stands at noon. */
export async function importBench(): Promise<ImportBench> {
  const { warehouse, clock, dataDir } = await openMirror();
  const folder = await temporaryFolder();
  const ctx: ImportContext = {
    warehouse,
    clock,
    log: silentLog,
    dataDir,
    signal: new AbortController().signal,
    onProgress: () => {},
    failpoint: () => {},
  };
  return {
    ctx,
    warehouse,
    clock,
    dataDir,
    folder,
    put: async (file, content) => {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), content);
    },
    run: (files, from) =>
      importFiles(ctx, { folder: from ?? folder, mapping: parseImportMapping({ files }), timeZone: 'UTC' }),
    stored: async (kind) =>
      (
        await rowsOf(
          warehouse,
          `select id, properties from objects where object_type = 'import_${kind}' order by id`,
        )
      ).map(toStored),
    versions: async () => {
      const [row] = await rowsOf(
        warehouse,
        `select (select count(*) from objects)::integer + (select count(*) from object_versions)::integer as versions`,
      );
      return Number(row?.['versions']);
    },
  };
}

function toStored(row: Row): { id: string; properties: Record<string, string> } {
  return {
    id: String(row['id']),
    properties: JSON.parse(String(row['properties'])) as Record<string, string>,
  };
}

/** The properties of the only stored row of a kind. */
export async function onlyRow(bench: ImportBench, kind: string): Promise<Record<string, string> | undefined> {
  const rows = await bench.stored(kind);
  return rows.length === 1 ? rows[0]?.properties : undefined;
}

export const ACCOUNTS: Section = {
  file: 'accounts.csv',
  kind: 'accounts',
  columns: { account_id: 'id', name: 'name' },
};

/** The rejected rows as `line: reason`. */
export function reasons(result: ImportResult): string[] {
  return result.rejects.map(({ line, reason }) => `${line}: ${reason}`);
}

/** A worked example's sections, as they are in docs/examples. */
export async function exampleSections(name: string): Promise<Section[]> {
  const file = new URL(`../../../docs/examples/${name}.mapping.json`, import.meta.url);
  const document = JSON.parse(await readFile(file, 'utf8')) as { imports: { files: Section[] } };
  return document.imports.files;
}

/** A folder beside this file. */
export function fixture(name: string): string {
  return join(import.meta.dirname, 'fixtures', name);
}
