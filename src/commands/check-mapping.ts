import { describeCoverage, readCoverage, someOf, type Coverage } from '../core/accounts/coverage.ts';
import { readMappingFile, type MappingFile } from '../core/accounts/mapping-file.ts';
import type { PortalId } from '../core/actor.ts';
import { systemClock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Store } from '../store/sql.ts';
import { openSnapshots } from '../warehouse/snapshots.ts';
import type { Check } from './checks.ts';

export interface MappingCheckParts {
  dataDir: string;
  store: Store;
  mappingFile: MappingFile | undefined;
  /** what a mapping that is proposed now would cover, where none is stored; null where nothing can be proposed yet */
  propose(portal: PortalId): Promise<Coverage | null>;
}

/**
 * What each rule of the mapping covers, which accounts none covers and what in the data is to be worked off, from what is published. Where no
 * mapping is stored, the same of a proposal.
 */
export async function checkMapping(parts: MappingCheckParts, portal: PortalId): Promise<Check[]> {
  const { dataDir, store, mappingFile } = parts;
  const snapshots = openSnapshots({ dataDir });
  try {
    const file = mappingFile?.portal === portal ? await checkFile(mappingFile) : [];
    const read = await readCoverage({ store, clock: systemClock, snapshots }, portal);
    if (read !== null) return [...file, ...describe(standing(read.mapping), read.coverage)];
    const proposed = await parts.propose(portal);
    return proposed === null
      ? file
      : [
          ...file,
          ...describe(
            'none is stored. The one proposed from the portal’s properties (holdfast mapping propose) would cover this',
            proposed,
          ),
        ];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ name: 'mapping', state: 'ill', sentence: error.message }];
  } finally {
    await snapshots.close();
  }
}

async function checkFile({ path }: MappingFile): Promise<Check[]> {
  try {
    await readMappingFile(path);
    return [{ name: 'mapping file', state: 'well', sentence: `${path} rules over the stored versions.` }];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ name: 'mapping file', state: 'ill', sentence: error.message }];
  }
}

function standing({ version, author }: { version: number; author: string }): string {
  return `version ${version}${author === 'proposed' ? ', proposed from the portal’s properties: look at it once' : ''}`;
}

function describe(which: string, coverage: Coverage): Check[] {
  const isLookedAt = !which.includes('proposed');
  const [contracts, ...rest] = describeCoverage({ ...coverage, problems: [] });
  const rules = rest.slice(0, coverage.sources.length).map((line) => line.trim());
  const checks: Check[] = [
    {
      name: 'mapping',
      state: isLookedAt ? 'well' : 'note',
      sentence: `${which}. ${contracts ?? ''} ${rules.join('; ')}.`,
    },
  ];
  const { uncovered, problems } = coverage;
  if (uncovered.accounts > 0) {
    checks.push({
      name: 'uncovered',
      state: 'note',
      sentence: `${number(uncovered.accounts)} called a customer, but no rule finds a contract: ${someOf(uncovered)}. All of them: holdfast doctor --uncovered <file>, or --json.`,
      accounts: uncovered.list,
    });
  }
  if (problems.length > 0) {
    const list = problems
      .map((one) => `${one.problem.replaceAll('_', ' ')} ${number(one.findings)}`)
      .join(', ');
    checks.push({ name: 'data problems', state: 'note', sentence: `To work off: ${list}.` });
  }
  return checks;
}

function number(value: number): string {
  return value.toLocaleString('en');
}
