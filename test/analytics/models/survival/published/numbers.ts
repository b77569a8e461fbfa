/** Rows of numbers: rows are parted by white space, numbers by commas. */
export function numbersOf(text: string): number[][] {
  return text
    .trim()
    .split(/\s+/)
    .map((row) => row.split(',').map(Number));
}
