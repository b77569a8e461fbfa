import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import iconv from 'iconv-lite';
import { plainEncoding } from './file-mapping.ts';

/** A row as it stands in the file. `line` is where it begins, the first line of the file being 1. */
export interface CsvRow {
  fields: string[];
  line: number;
}

/** Where the rest of a file cannot be read: behind a quotation mark that is never closed. */
export interface CsvBreak {
  line: number;
}

// A row longer than this is a quotation mark that was never closed: the rest of the file would go into memory as one row.
const LONGEST_ROW_BYTES = 4 * 1024 * 1024;

/**
 * Reads a file row by row, header included, however long it is. Answers where reading had to end early, or null. Quotation marks
 * inside a field are taken as they are.
 */
export async function* readCsv(
  path: string,
  options: { separator: string; encoding: string },
): AsyncGenerator<CsvRow, CsvBreak | null> {
  let isBroken = false;
  // Counted here: csv-parse takes a quoted CRLF for two lines.
  let line = 1;
  const source = createReadStream(path, { highWaterMark: 256 * 1024 });
  const parser = parse({
    delimiter: options.separator,
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: LONGEST_ROW_BYTES,
    // A thrown error would take the rows with it that were read before it and not yet asked for.
    skip_records_with_error: true,
    on_skip: () => {
      isBroken = true;
    },
  });
  const text: NodeJS.ReadableStream = isUtf8(options.encoding)
    ? source
    : source.pipe(iconv.decodeStream(plainEncoding(options.encoding)));
  source.on('error', (error) => parser.destroy(error));
  text.on('error', (error: Error) => parser.destroy(error));
  text.pipe(parser);
  try {
    for await (const fields of parser as AsyncIterable<string[]>) {
      yield { fields, line };
      line += 1 + linesInside(fields);
    }
  } finally {
    source.destroy();
  }
  return isBroken ? { line } : null;
}

// csv-parse reads bytes as UTF-8 itself, faster than behind a decoder.
function isUtf8(encoding: string): boolean {
  return /^utf-?8$/.test(plainEncoding(encoding));
}

function linesInside(fields: readonly string[]): number {
  let count = 0;
  for (const field of fields) {
    for (let at = field.indexOf('\n'); at !== -1; at = field.indexOf('\n', at + 1)) count += 1;
  }
  return count;
}
