import type { PortalId } from '../core/actor.ts';
import { readCoverage, type Coverage } from '../core/accounts/coverage.ts';
import { systemClock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Store } from '../store/sql.ts';
import { openSnapshots } from '../warehouse/snapshots.ts';
import type { Check } from './checks.ts';

/** What the mapping covers and what in the data is to be worked off, from the published snapshot. */
export async function checkMapping(dataDir: string, store: Store, portal: PortalId): Promise<Check[]> {
  const snapshots = openSnapshots({ dataDir });
  try {
    const coverage = await readCoverage({ store, clock: systemClock, snapshots }, portal);
    return coverage === null ? [] : describe(coverage);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ name: 'mapping', state: 'ill', sentence: error.message }];
  } finally {
    await snapshots.close();
  }
}

function describe({ mapping, covered, uncovered, problems }: Coverage): Check[] {
  const total = covered.reduce((sum, one) => sum + one.accounts, 0);
  const parts = covered.map((one) => `${number(one.accounts)} from ${words(one.source)}`).join(', ');
  const which =
    mapping === null
      ? 'no mapping yet'
      : `version ${mapping.version}${mapping.author === 'proposed' ? ', proposed from the portal’s properties: look at it once' : ''}`;
  const checks: Check[] = [
    {
      name: 'mapping',
      state: mapping?.author === 'proposed' ? 'note' : 'well',
      sentence: `${which}. Contracts of ${number(total)} accounts${parts === '' ? '' : `: ${parts}`}.`,
    },
  ];
  if (uncovered.accounts > 0) {
    checks.push({
      name: 'uncovered',
      state: 'note',
      sentence: `${number(uncovered.accounts)} called a customer, but no rule finds a contract: ${uncovered.examples}.`,
    });
  }
  if (problems.length > 0) {
    const list = problems.map((one) => `${words(one.problem)} ${number(one.findings)}`).join(', ');
    checks.push({ name: 'data problems', state: 'note', sentence: `To work off: ${list}.` });
  }
  return checks;
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}

function number(value: number): string {
  return value.toLocaleString('en');
}
