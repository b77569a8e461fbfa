import { statfs } from 'node:fs/promises';
import type { Coverage } from '../core/accounts/coverage.ts';
import type { PortalId } from '../core/actor.ts';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { HubSpotPort } from '../core/hubspot-port.ts';
import { isSkewed, refusesCard, skewSentence } from '../core/portals/clock-skew.ts';
import { readHealth, type Health } from '../core/portals/health.ts';
import { STANDARD_TYPES } from '../core/sync/object-types.ts';
import { findBrokenAudit } from '../store/audit.ts';
import { listPortals, type Portal } from '../store/portals.ts';
import { openSnapshots } from '../warehouse/snapshots.ts';
import { checkMapping, type MappingCheckParts } from './check-mapping.ts';

/** One thing the doctor looked at. */
export interface Check {
  name: string;
  state: 'well' | 'note' | 'ill';
  sentence: string;
  /** an imported portal that is looked at beside the one that was asked for */
  portal?: string;
  /** the accounts that the sentence is about, all of them */
  accounts?: Coverage['uncovered']['list'];
}

const LEAST_FREE_BYTES = 1024 ** 3;

export interface CheckedParts extends MappingCheckParts {
  dataDir: string;
  /** what the settings say that changes nothing */
  notes: readonly string[];
  portal: PortalId;
  /** also what the mappings of imported portals cover */
  withImported: boolean;
  /** null where HubSpot is not to be asked: the demo, while it does not run */
  hubspot: HubSpotPort | null;
  /** the time of this computer */
  clock: Clock;
  /** whether a worker should be alive */
  isRunning: boolean;
}

/** Looks at every part and says what to mend. Changes nothing. */
export async function runChecks(parts: CheckedParts): Promise<Check[]> {
  const checks: Check[] = [
    { name: 'settings', state: 'well', sentence: 'All settings are valid.' },
    ...parts.notes.map((sentence): Check => ({ name: 'settings', state: 'note', sentence })),
    await checkDisk(parts.dataDir),
  ];
  const portals = await listPortals(parts.store);
  const isOf = (wanted: Portal['mode']): boolean =>
    portals.some(({ id, mode }) => id === parts.portal && mode === wanted);
  const isImported = isOf('import');
  const hubspot = parts.hubspot === null ? UNASKED : await checkHubSpot(parts.hubspot, parts.clock);
  // The demo's HubSpot has a time of its own.
  const aheadSeconds = isOf('demo') ? null : hubspot.aheadSeconds;
  for (const { part, state, sentence } of await readParts(parts)) {
    // Where nothing runs there is no worker, and the warehouse is opened to see how it is now.
    if (!parts.isRunning && (part === 'worker' || part === 'warehouse')) continue;
    if (part === 'hubspot' && isImported) continue;
    // HubSpot has just told its time: what the last sync saw may be over.
    if (part === 'clock' && aheadSeconds !== null) continue;
    checks.push({
      name: part,
      state: state === 'ill' ? 'ill' : state === 'waiting' ? 'note' : 'well',
      sentence,
    });
  }
  const broken = await findBrokenAudit(parts.store, parts.portal);
  checks.push(
    broken === null
      ? { name: 'audit trail', state: 'well', sentence: 'The audit trail is whole.' }
      : {
          name: 'audit trail',
          state: 'ill',
          sentence: `The audit trail was changed from outside at entry ${broken}. Compare it with a backup.`,
        },
  );
  checks.push(...(await checkMapping(parts, parts.portal)));
  const others = portals.filter(({ id, mode }) => mode === 'import' && id !== parts.portal);
  for (const { id } of parts.withImported ? others : [])
    checks.push(...(await checkMapping(parts, id)).map((check) => ({ ...check, portal: id })));
  return [...checks, ...hubspot.checks, ...checkClock(aheadSeconds)];
}

// With eyes of its own: what a running product has open may look well when the file on the disk no longer is.
async function readParts({ dataDir, store, portal }: CheckedParts): Promise<Health[]> {
  const snapshots = openSnapshots({ dataDir });
  try {
    return await readHealth({ store, snapshots }, portal);
  } finally {
    await snapshots.close();
  }
}

async function checkDisk(folder: string): Promise<Check> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const text = `${(free / 1024 ** 3).toFixed(1)} GB free where ${folder} lies`;
  return free < LEAST_FREE_BYTES
    ? { name: 'disk', state: 'ill', sentence: `Only ${text}. Free space before the next sync.` }
    : { name: 'disk', state: 'well', sentence: `${text}.` };
}

function checkClock(aheadSeconds: number | null): Check[] {
  if (aheadSeconds === null || !isSkewed(aheadSeconds)) return [];
  const state = refusesCard(aheadSeconds) ? 'ill' : 'note';
  return [{ name: 'clock', state, sentence: skewSentence(aheadSeconds, 'now') }];
}

interface HubSpotChecks {
  checks: Check[];
  /** how much the clock of this computer is ahead of HubSpot's now; null where HubSpot does not say */
  aheadSeconds: number | null;
}

const UNASKED: HubSpotChecks = { checks: [], aheadSeconds: null };

async function checkHubSpot(hubspot: HubSpotPort, clock: Clock): Promise<HubSpotChecks> {
  try {
    const account = await hubspot.accountInfo();
    const { serverTime } = hubspot.usage();
    const aheadMs = serverTime === null ? null : clock.now().getTime() - serverTime.getTime();
    const access: Check = {
      name: 'HubSpot access',
      state: 'well',
      sentence: `Portal ${account.portalId} answers; its time zone is ${account.timeZone}, its currency ${account.companyCurrency}.`,
    };
    const refused = await Promise.all(STANDARD_TYPES.map((type) => checkType(hubspot, type)));
    return {
      checks: [access, ...refused.flatMap((check) => check ?? [])],
      aheadSeconds: aheadMs === null ? null : Math.round(aheadMs / 1000),
    };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      checks: [{ name: 'HubSpot access', state: 'ill', sentence: error.message }],
      aheadSeconds: null,
    };
  }
}

async function checkType(hubspot: HubSpotPort, objectType: string): Promise<Check | null> {
  try {
    await hubspot.list({ objectType, properties: [], limit: 1 });
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      name: `HubSpot ${objectType.replaceAll('_', ' ')}`,
      state: error.code === 'forbidden' ? 'note' : 'ill',
      sentence: error.message,
    };
  }
}

/** Opening the warehouse is its check; a damaged or newer one says so. */
export async function checkWarehouse(open: () => Promise<unknown>): Promise<Check> {
  try {
    await open();
    return { name: 'warehouse', state: 'well', sentence: 'The warehouse opens.' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { name: 'warehouse', state: 'ill', sentence: error.message };
  }
}
