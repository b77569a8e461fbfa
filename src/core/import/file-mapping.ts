import iconv from 'iconv-lite';
import { z } from 'zod';
import { AppError } from '../errors.ts';
import { dateFormatProblem } from './date-format.ts';
import { KINDS, KIND_FIELDS, type Kind } from './kinds.ts';

const Constant = z.union([z.string(), z.number(), z.boolean()]);
const Texts = z.array(z.string());

/** How one file is read as rows of one kind. A file that holds two kinds has two sections. */
const FileMappingShape = z.strictObject({
  file: z
    .string()
    .min(1)
    .regex(/^[^:\\]+$/, 'may hold neither : nor \\')
    .refine((file) => !file.startsWith('/') && !file.split('/').includes('..'), {
      error: 'must lie inside the folder that is imported',
    })
    .describe('The file, seen from the imported folder: accounts.csv'),
  name: z
    .string()
    .regex(/^[^:]+$/, 'may not hold :')
    .optional()
    .describe('What the ids of its rows begin with; left out, the file’s name without .csv.'),
  kind: z
    .enum(KINDS, {
      error: ({ input }) => `the kind ${JSON.stringify(input)} is unknown; there are ${KINDS.join(', ')}`,
    })
    .describe('What each row of the file is.'),
  columns: z
    .record(z.string(), z.string())
    .default({})
    .describe('For each field of the kind the name of its column: {"account_id": "Record ID"}.'),
  constants: z
    .record(z.string(), Constant)
    .default({})
    .describe('Fields that have the same value in every row: {"currency": "EUR"}.'),
  values: z
    .record(z.string(), z.record(z.string(), z.string()))
    .default({})
    .describe('Translations, for a field from the file’s value to ours: {"kind": {"Upsell": "expansion"}}.'),
  id: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .optional()
    .describe(
      'The column that identifies a row, or several; "row" takes the row’s number, for files without one that only ever grow at the end.',
    ),
  date_format: z
    .union([z.string(), Texts.min(1)])
    .default('iso')
    .describe(
      'How dates are written: dd-MM-yyyy, MM/dd/yyyy HH:mm, d MMM yyyy, iso; or several, tried in this order.',
    ),
  decimal: z.enum(['.', ',']).default('.').describe('The decimal sign.'),
  thousands: z
    .enum(['.', ',', "'", ' '])
    .optional()
    .describe('The sign between thousands; left out, numbers have none.'),
  separator: z.string().length(1).default(',').describe('The sign between columns: , or ; or a tabulator.'),
  encoding: z
    .string()
    .default('utf-8')
    .refine(isEncoding, {
      error: 'is no encoding we know; write for example utf-8, windows-1252 or utf-16le',
    })
    .describe('utf-8 (with or without BOM), windows-1252, utf-16le ...'),
  time_zone: z
    .string()
    .refine(isTimeZone, { error: 'is no time zone; write for example Europe/Berlin' })
    .optional()
    .describe('The zone of times that name none; left out, the book’s, else UTC.'),
  true_values: Texts.default(['true', 'yes', '1']).describe('What means yes; capital letters do not matter.'),
  false_values: Texts.default(['false', 'no', '0']).describe('What means no.'),
  skip_when: z
    .record(z.string(), Texts.min(1))
    .default({})
    .describe('Leaves out the rows in which a column has one of these values: {"Score": [""]}.'),
  recorded_at: z
    .string()
    .optional()
    .describe(
      'The column that says when a row was recorded: in the first import of a portal it is known from then on, later from the import on.',
    ),
  other_columns: z
    .enum(['keep', 'leave'])
    .default('keep')
    .describe('Whether columns that are not mapped are kept, as raw.<column>.'),
});

const FileMapping = FileMappingShape.superRefine((mapping, ctx) => {
  const say = (path: string, message: string): void => {
    ctx.addIssue({ code: 'custom', path: [path], message });
  };
  for (const part of ['columns', 'constants', 'values'] as const) {
    for (const field of Object.keys(mapping[part])) {
      if (!Object.hasOwn(KIND_FIELDS[mapping.kind].fields, field))
        say(part, unknownField(mapping.kind, field));
    }
  }
  for (const sentence of unmapped(mapping)) say('columns', sentence);
  const problem = dateFormatProblem(formatsOf(mapping));
  if (problem !== null) say('date_format', problem);
  if (mapping.thousands === mapping.decimal) say('thousands', 'must differ from the decimal sign');
});
export type FileMapping = z.output<typeof FileMapping>;

/** The files of an import. */
export const ImportMapping = z
  .strictObject({ files: z.array(FileMapping).min(1, 'name at least one file') })
  .superRefine(({ files }, ctx) => {
    const seen = new Set<string>();
    for (const [index, mapping] of files.entries()) {
      const key = `${mapping.kind} ${nameOf(mapping)}`;
      if (seen.has(key))
        ctx.addIssue({
          code: 'custom',
          path: ['files', index, 'name'],
          message: `${mapping.file} is read as ${mapping.kind} twice; give this section a name of its own`,
        });
      seen.add(key);
    }
  })
  .describe('Which CSV files are read, as what, and how.');
export type ImportMapping = z.output<typeof ImportMapping>;

/** What the ids of a section's rows begin with. */
export function nameOf(mapping: { file: string; name?: string | undefined }): string {
  return mapping.name ?? mapping.file.replace(/\.csv$/i, '');
}

export function formatsOf(mapping: { date_format: string | string[] }): string[] {
  return typeof mapping.date_format === 'string' ? [mapping.date_format] : mapping.date_format;
}

/** An encoding's plain name: people write "utf-8 with BOM", and a mark at the beginning is always understood. */
export function plainEncoding(encoding: string): string {
  return encoding
    .trim()
    .toLowerCase()
    .replace(/[\s-]*(?:with bom|bom|sig)$/, '');
}

// Ways to write bytes as letters, which iconv-lite counts among the encodings.
const NO_TEXT = new Set(['base64', 'hex', 'internal', 'binary']);

function isEncoding(encoding: string): boolean {
  const name = plainEncoding(encoding);
  return !NO_TEXT.has(name) && iconv.encodingExists(name);
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function unknownField(kind: Kind, field: string): string {
  return `${kind} have no field ${field}; they have ${Object.keys(KIND_FIELDS[kind].fields).join(', ')}`;
}

function unmapped(mapping: z.output<typeof FileMappingShape>): string[] {
  const { columns, constants, kind, id } = mapping;
  const has = (field: string): boolean => Object.hasOwn(columns, field) || Object.hasOwn(constants, field);
  const [idField] = KIND_FIELDS[kind].id;
  const missing = KIND_FIELDS[kind].mapped
    .map((need) => (typeof need === 'string' ? [need] : need))
    .filter((fields) => !fields.some((field) => has(field) || (field === idField && isColumn(id))))
    .map((fields) => `${kind} need a column or a constant for ${fields.join(' or ')}`);
  if (id === undefined && !KIND_FIELDS[kind].id.every(has))
    missing.push(`say with id which column identifies a row of ${mapping.file}, or "row" where none does`);
  return missing;
}

function isColumn(id: string | string[] | undefined): boolean {
  return typeof id === 'string' && id !== 'row';
}

/** Reads the files' part of a mapping, or throws one AppError `invalid` that lists what is wrong with it. */
export function parseImportMapping(raw: unknown): ImportMapping {
  const parsed = ImportMapping.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const path = ['imports', ...issue.path].join('.');
    return `  ${path}: ${issue.message}`;
  });
  throw new AppError('invalid', `The mapping cannot be used:\n${problems.join('\n')}`);
}
