import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { AppError } from '../errors.ts';
import type { Kind } from './kinds.ts';
import { nameOf, type FileMapping, type ImportMapping } from './file-mapping.ts';
import { createRowMaker, type RowMaker } from './make-row.ts';
import { readCsv } from './read-csv.ts';

/** One section of the mapping, made ready: its file is there and has the columns that the section names. */
export interface FilePlan {
  mapping: FileMapping;
  path: string;
  objectType: string;
  idPrefix: string;
  /** null for a file without even a header */
  makeRow: RowMaker | null;
}

const SEPARATORS = [',', ';', '\t', '|'];

/** Makes a plan for every section, or throws one AppError `invalid` that lists what is wrong; nothing is loaded before. */
export async function checkFiles(
  folder: string,
  mapping: ImportMapping,
  timeZone: string,
): Promise<{ plans: FilePlan[]; unmapped: string[] }> {
  const present = await listCsvFiles(folder);
  const problems: string[] = [];
  const plans: FilePlan[] = [];
  for (const section of mapping.files) {
    try {
      plans.push(await planFile(folder, section, present, timeZone));
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0)
    throw new AppError('invalid', `${[...new Set(problems)].join('\n')}\nNothing was imported.`);
  const mapped = new Set(mapping.files.map(({ file }) => file));
  return {
    plans: plans.toSorted((a, b) => rankOf(a.mapping.kind) - rankOf(b.mapping.kind)),
    unmapped: present.filter((file) => !mapped.has(file)),
  };
}

// What others speak of comes first.
function rankOf(kind: Kind): number {
  return kind === 'accounts' ? 0 : kind === 'contracts' ? 1 : 2;
}

async function listCsvFiles(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /\.csv$/i.test(entry.name))
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
      .toSorted();
  } catch (error) {
    throw new AppError('invalid', `There is no folder ${folder}. Name the folder with the CSV files.`, {
      cause: error,
    });
  }
}

async function planFile(
  folder: string,
  mapping: FileMapping,
  present: readonly string[],
  timeZone: string,
): Promise<FilePlan> {
  const path = join(folder, mapping.file);
  const facts = await stat(path).catch(() => null);
  if (facts === null || !facts.isFile()) throw notThere(mapping.file, present);
  const header = await readHeader(path, mapping);
  if (header !== null) checkHeader(mapping, header);
  return {
    mapping,
    path,
    objectType: `import_${mapping.kind}`,
    idPrefix: `${nameOf(mapping)}:`,
    makeRow:
      header === null
        ? null
        : createRowMaker(mapping, header, {
            timeZone,
            onBadConstant: (sentence) => {
              throw new AppError('invalid', `${capital(sentence)}.`);
            },
          }),
  };
}

function notThere(file: string, present: readonly string[]): AppError {
  const list = present.length === 0 ? 'no CSV file at all' : present.slice(0, 20).join(', ');
  return new AppError(
    'invalid',
    `The mapping names the file ${file}, which is not in the folder; there is ${list}.`,
  );
}

async function readHeader(path: string, mapping: FileMapping): Promise<string[] | null> {
  for await (const { fields } of readCsv(path, mapping)) return fields.map((field) => field.trim());
  return null;
}

function checkHeader(mapping: FileMapping, header: readonly string[]): void {
  const { file, separator, encoding } = mapping;
  const [first = ''] = header;
  if (header.some((name) => name.includes('\0') || name.includes('\ufffd'))) {
    throw new AppError(
      'invalid',
      `${file} is not ${encoding}: set its encoding in the mapping, for example ${first.includes('\0') ? 'utf-16le' : 'windows-1252'}.`,
    );
  }
  const other = SEPARATORS.find((sign) => sign !== separator && first.includes(sign));
  if (header.length === 1 && other !== undefined) {
    throw new AppError(
      'invalid',
      `The columns of ${file} are separated by ${named(other)}, not by ${named(separator)}: set its separator in the mapping.`,
    );
  }
  const wanted = columnsOf(mapping);
  const missing = wanted.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new AppError(
      'invalid',
      `${file} has no column ${missing.join(', ')}; its columns are ${header.join(', ')}.`,
    );
  }
  const doubled = wanted.find((column) => header.indexOf(column) !== header.lastIndexOf(column));
  if (doubled !== undefined) {
    throw new AppError('invalid', `${file} has two columns ${doubled}; rename one of them in the file.`);
  }
}

function columnsOf({ columns, id, recorded_at: recordedAt, skip_when: skipWhen }: FileMapping): string[] {
  const ids = id === undefined || id === 'row' ? [] : id;
  const names = [
    ...Object.values(columns),
    ...(typeof ids === 'string' ? [ids] : ids),
    ...Object.keys(skipWhen),
  ];
  return [...new Set(recordedAt === undefined ? names : [...names, recordedAt])];
}

function named(separator: string): string {
  return separator === '\t' ? 'a tabulator ("\\t")' : `"${separator}"`;
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
