import { expect, it } from 'vitest';
import { mappedNames } from '../../../src/core/accounts/history-names.ts';
import { parseMapping } from '../../../src/core/accounts/mapping.ts';
import { DEMO_MAPPING } from '../../support/demo-mapping.ts';

it('keeps the history of what the mapping reads companies and deals by, and of how far they have come', () => {
  const names = mappedNames(parseMapping(DEMO_MAPPING));
  expect(names.companies).toEqual(
    expect.arrayContaining(['hf_plan', 'hf_renewal_date', 'hf_churn_date', 'lifecyclestage']),
  );
  expect(names.deals).toEqual(
    expect.arrayContaining(['amount', 'hf_term_start', 'hs_is_closed_won', 'dealstage']),
  );
  // Settings and lists of values are no properties; nor is what other records are read by.
  for (const word of ['day_after', 'customer', 'newbusiness', 'hs_next_payment_amount'])
    expect([...names.companies, ...names.deals]).not.toContain(word);
  expect(mappedNames(parseMapping({ version: 1 }))).toEqual({
    companies: ['lifecyclestage'],
    deals: ['dealstage'],
  });
});
