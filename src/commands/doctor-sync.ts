import { loadConfig } from '../config.ts';
import { getLedger, Ledger } from '../core/portals/ledger-view.ts';
import { holdOrCall } from './hold-or-call.ts';
import { withParts } from './offline-parts.ts';
import { portalNamed } from './open-context.ts';
import { openTerminal } from './terminal.ts';

type Row = Ledger['rows'][number];

const STATES = {
  complete: 'complete',
  settling: 'settling',
  linking: 'links to read',
  unlinked: 'links not readable',
  differs: 'DIFFERS',
  unknown: 'not known',
  refused: 'not readable',
} satisfies Record<Row['state'], string>;
const KINDS = {
  missing_here: 'is at HubSpot and not here',
  missing_there: 'is here as live and not in HubSpot’s search',
} satisfies Record<Row['differences'][number]['kind'], string>;
/** More of them stand on the page and in the JSON. */
const MOST_LISTED = 20;

/** `holdfast doctor --sync`: whether everything is here, type by type. Ends with 1 unless every type that may be read is complete or settling, its links too, and the last sync came to its end. */
export async function runDoctorSyncCommand(options: { json?: boolean; portal?: string }): Promise<void> {
  const config = loadConfig();
  const args = { portal: options.portal ?? null };
  const outcome = await holdOrCall(config.dataDir, { name: 'ledger', args }, () =>
    withParts(config, { startDemo: false }, async ({ store, portal }) =>
      getLedger({ store }, await portalNamed(store, options.portal ?? portal)),
    ),
  );
  const ledger = Ledger.nullable().parse(outcome);
  const terminal = openTerminal({ quiet: false });
  if (options.json === true) terminal.json(ledger);
  else for (const line of describeLedger(ledger)) terminal.say(line);
  if (ledger === null || !['complete', 'settling'].includes(ledger.state)) process.exitCode = 1;
}

/** The ledger as lines for a terminal; the last one is the verdict. */
export function describeLedger(ledger: Ledger | null): string[] {
  if (ledger === null)
    return [
      'Nothing was counted yet. Run a sync first; a portal that was imported has no HubSpot to compare with.',
    ];
  const cells = ledger.rows.map((row) => [
    nameOf(row),
    numberOf(row.hubspotTotal),
    numberOf(row.live),
    numberOf(row.archived),
    numberOf(row.merged),
    numberOf(row.purged),
    STATES[row.state],
  ]);
  const notes = ledger.rows.flatMap(notesOf);
  const beside = new Set(ledger.rows.flatMap((row) => row.linksRefused.map(({ reason }) => reason)));
  const besides = [...(ledger.result?.refused ?? []), ...(ledger.result?.associations.skipped ?? [])];
  const table = aligned([['', 'HubSpot', 'here', 'in the bin', 'merged', 'gone', ''], ...cells]);
  return [
    ...table,
    ...notes,
    ...besides.filter((sentence) => !beside.has(sentence)),
    ...oldestCount(ledger),
    ...ending(ledger),
    verdict(ledger),
  ];
}

function oldestCount({ rows }: Ledger): string[] {
  const [oldest] = rows
    .flatMap((row) => (row.checkedAt === null ? [] : [{ name: nameOf(row), at: row.checkedAt }]))
    .toSorted((a, b) => a.at.localeCompare(b.at));
  return oldest === undefined ? [] : [`The oldest count is that of ${oldest.name}, at ${oldest.at}.`];
}

// How the last run ended, where it did not end well.
function ending({ result }: Ledger): string[] {
  if (result === null || result.state === 'complete') return [];
  const resumes = result.resumesAt === null ? [] : [`The next sync can go on at ${result.resumesAt}.`];
  return [`The last sync ${result.state === 'failed' ? 'failed' : 'was stopped'} at ${result.finishedAt}.`]
    .concat(result.sentence ?? [])
    .concat(resumes);
}

function nameOf({ label, objectType }: Row): string {
  return label ?? objectType.replaceAll('_', ' ');
}

function notesOf(row: Row): string[] {
  const name = nameOf(row);
  if (row.reason !== null) return [`${name}: ${row.reason}`];
  const named = row.differences.slice(0, MOST_LISTED).map(({ id, kind }) => `${name} ${id} ${KINDS[kind]}.`);
  const more = row.differences.length - named.length;
  if (more > 0) named.push(`${name}: ${more} more; --json names them.`);
  if (row.state === 'differs' && named.length === 0)
    named.push(
      `${name}: ${row.differing} more or less than HubSpot counts. The next sync reads all of them and names which.`,
    );
  if (row.linksDue > 0)
    named.push(
      `${name}: links of ${numberOf(row.linksDue)} records are still to be read; the next sync asks again.`,
    );
  const refused = new Map(row.linksRefused.map(({ toType, reason }) => [toType, reason]));
  for (const toType of row.linksSkipped)
    named.push(
      `${name}: links to ${toType.replaceAll('_', ' ')} ${refused.has(toType) ? `are not readable. ${refused.get(toType)}` : 'are still to be read; the next sync asks again.'}`,
    );
  return named;
}

function verdict({ state, rows, reconciled, result }: Ledger): string {
  const count = rows.filter((row) => row.state === state).length;
  const kinds = kindsOf(count);
  const refused = rows.filter((row) => row.state === 'refused').length;
  const left = refused === 0 ? '' : ` ${kindsOf(refused)} cannot be read with the app’s scopes.`;
  switch (state) {
    case 'complete':
      return `Complete: ${reconciled.toLocaleString('en')} live records of ${kinds}, as many as HubSpot counts.${left}`;
    case 'settling':
      return `Settling: ${kinds} changed so lately that HubSpot’s count has not caught up. Sync again in a quarter of an hour.${left}`;
    case 'differs':
      return `Not complete: ${kinds} ${count === 1 ? 'differs' : 'differ'}. Run holdfast sync --full to read everything again and name what differs.${left}`;
    case 'linking':
      return `Not complete: links of ${kinds} are still to be read. Run holdfast sync, which asks for them again.${left}`;
    case 'unlinked':
      return `Not complete: HubSpot does not let this app read links of ${kinds}. Grant what is named above; the first sync after that reads them.${left}`;
    case 'unknown':
      if (result?.state !== 'complete')
        return `Not known: the last sync did not come to its end; the counts are those of before. Run holdfast sync.${left}`;
      return `Not known: ${kinds} ${count === 1 ? 'was' : 'were'} not counted. Run holdfast sync.${left}`;
  }
}

function kindsOf(count: number): string {
  return `${count} ${count === 1 ? 'kind' : 'kinds'}`;
}

function numberOf(value: number | null): string {
  return value === null ? '–' : value.toLocaleString('en');
}

// Numbers to the right, words to the left.
function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column === row.length - 1 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
