import type { Contradiction, Counts, FileResult, ImportResult } from './result.ts';

const COLUMNS: readonly { title: string; of: keyof Counts }[] = [
  { title: 'read', of: 'read' },
  { title: 'new', of: 'fresh' },
  { title: 'changed', of: 'changed' },
  { title: 'unchanged', of: 'unchanged' },
  { title: 'merged', of: 'merged' },
  { title: 'skipped', of: 'skipped' },
  { title: 'rejected', of: 'rejected' },
  { title: 'kept', of: 'kept' },
];
const SHOWN_REJECTS = 5;

/** What an import did, as lines for a terminal: every row in one column, then what was left out and why, then what the data contradict. */
export function describeImport(result: ImportResult): string[] {
  const { total, seconds, portal } = result;
  return [
    ...table(result),
    '',
    `${number(total.read)} rows read into the portal ${portal} in ${seconds.toFixed(1)} s: ${number(total.fresh + total.changed + total.unchanged)} loaded, ${number(total.merged)} merged, ${number(total.skipped)} skipped, ${number(total.rejected)} rejected.`,
    `${number(total.fresh + total.changed)} changed what is stored.`,
    ...result.files.flatMap(describeSkips),
    ...describeRejects(result),
    ...describeKept(result),
    ...describeContradictions(result.contradictions),
    ...result.notes,
  ];
}

function table({ files, total }: ImportResult): string[] {
  const rows = [
    ['kind', 'file', ...COLUMNS.map(({ title }) => title)],
    ...files.map((file) => [file.kind, file.file, ...COLUMNS.map(({ of }) => number(file[of]))]),
    ['total', '', ...COLUMNS.map(({ of }) => number(total[of]))],
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((text, column) =>
        column < 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}

function describeSkips({ file, kind, skippedBy }: FileResult): string[] {
  return Object.entries(skippedBy).map(
    ([rule, count]) => `${number(count)} rows of ${file} were skipped for ${kind}: ${rule}.`,
  );
}

function describeRejects({ files, rejects, rejectsFile }: ImportResult): string[] {
  const reasons = files.flatMap(({ file, kind, rejectedBy }) =>
    Object.entries(rejectedBy).map(
      ([reason, count]) => `${number(count)} rows of ${file} were rejected for ${kind}: ${reason}.`,
    ),
  );
  const first = rejects
    .slice(0, SHOWN_REJECTS)
    .map(({ file, line, detail }) => `  ${file}, line ${number(line)}: ${detail}`);
  return [...reasons, ...first, ...(rejectsFile === null ? [] : [`All of them: ${rejectsFile}`])];
}

function describeKept({ total, keptFile }: ImportResult): string[] {
  return keptFile === null
    ? []
    : [`${number(total.kept)} rows of earlier imports are kept, not in these files: ${keptFile}`];
}

function describeContradictions(contradictions: readonly Contradiction[]): string[] {
  if (contradictions.length === 0) return [];
  return [
    '',
    'What the rows of this portal say against each other; all of them are loaded:',
    ...contradictions.map(
      ({ sentence, found, of, examples }) =>
        `  ${number(found)} of ${number(of)} ${sentence} (${examples.join(', ')}${found > examples.length ? ' ...' : ''})`,
    ),
    '',
  ];
}

function number(value: number): string {
  return value.toLocaleString('en');
}
