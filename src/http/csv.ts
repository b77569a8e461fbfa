export type Cell = string | number | boolean | null;

/** What a spreadsheet would run as a formula when a cell begins with it; the wide forms are taken for the narrow ones. */
const RUNS = /^[=+\-@\t\r\n\0＝＋－＠]/;
const NUMBER = /^[+-]?\d+([.,]\d+)?$/;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A table as CSV after RFC 4180: commas, CRLF, a row of names first. A byte order mark in front tells spreadsheets that it is UTF-8. What is not
 * known is an empty cell; text that a spreadsheet would run gets an apostrophe in front.
 */
export function csvText<Row>(
  columns: Readonly<Record<string, (row: Row) => Cell>>,
  rows: readonly Row[],
): string {
  const lines = [
    Object.keys(columns),
    ...rows.map((row) => Object.values(columns).map((read) => read(row))),
  ].map((cells) => `${cells.map(cellText).join(',')}\r\n`);
  return BYTE_ORDER_MARK + lines.join('');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = RUNS.test(cell) && !NUMBER.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
