import { parseMapping } from '../../src/core/accounts/mapping.ts';
import { DEMO_MAPPING } from './demo-mapping.ts';
import type { BuildInputs } from '../../src/warehouse/build.ts';

/** What marts of the demo portal are built with at a moment. */
export function demoInputs(knownAt: Date, mapping: unknown = DEMO_MAPPING): BuildInputs {
  const parsed = parseMapping(mapping);
  return {
    mapping: JSON.stringify(parsed),
    book: JSON.stringify(parsed.book),
    timeZone: 'Europe/Berlin',
    homeCurrency: 'USD',
    today: knownAt.toISOString().slice(0, 10),
    knownAt,
    appId: null,
  };
}
