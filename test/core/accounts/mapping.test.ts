import { expect, it } from 'vitest';
import { mappingJsonSchema, parseMapping } from '../../../src/core/accounts/mapping.ts';
import { buildInputs } from '../../../src/core/accounts/portal-mapping.ts';
import { proposeMapping } from '../../../src/core/accounts/propose.ts';
import { AppError } from '../../../src/core/errors.ts';
import { propertiesOf } from '../../../src/demo/generator/definitions.ts';
import { GENERATED_TYPES } from '../../../src/demo/generator/shape.ts';
import { DEMO_MAPPING } from '../../support/demo-mapping.ts';

it('an empty mapping has the house’s rules', () => {
  const { book, contracts } = parseMapping({ version: 1 });
  expect(book).toMatchObject({
    grace_days: 30,
    renewal_min_months: 5,
    pause: 'own_line',
    churn_source: 'contracts',
  });
  expect(contracts.order).toEqual(['subscriptions', 'line_items', 'deals', 'companies']);
});

it('everything wrong with a mapping is said at once', () => {
  try {
    parseMapping({
      version: 2,
      contracts: { order: ['deals', 'deals'] },
      book: { grace_days: -1 },
      surprise: 1,
    });
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    for (const path of [
      'version:',
      'contracts.order: Name each source once.',
      'book.grace_days:',
      'surprise',
    ])
      expect(error.message).toContain(path);
  }
});

it('what is proposed for the demo portal from its properties is how it was made', () => {
  const properties = GENERATED_TYPES.flatMap((objectType) =>
    propertiesOf(objectType).map(({ name, label, type }) => ({ objectType, name, label, type })),
  );
  const proposed = proposeMapping(properties);
  const wanted = parseMapping(DEMO_MAPPING);
  expect(proposed).toEqual(wanted);
});

it('a portal with nothing of its own gets HubSpot’s own names', () => {
  const proposed = proposeMapping([
    { objectType: 'deals', name: 'closedate', label: 'Close Date', type: 'datetime' },
    { objectType: 'deals', name: 'amount', label: 'Amount', type: 'number' },
    { objectType: 'deals', name: 'hs_is_closed_won', label: 'Is Closed Won', type: 'bool' },
  ]);
  expect(proposed.contracts.deals).toMatchObject({
    start: 'closedate',
    amount: 'amount',
    won: 'hs_is_closed_won',
    mrr: null,
  });
});

it('the JSON Schema describes what is accepted', () => {
  expect(mappingJsonSchema()).toMatchObject({ type: 'object', required: ['version'] });
});

it('today is the portal’s day, or the book’s', () => {
  const mapping = parseMapping({ version: 1 });
  const facts = {
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    appId: null,
    knownAt: new Date('2026-03-01T23:30:00Z'),
  };
  expect(buildInputs(mapping, facts)).toMatchObject({ today: '2026-03-02', homeCurrency: 'EUR' });
  const fixed = parseMapping({
    version: 1,
    book: { as_of: '2024-12-31', home_currency: 'USD', time_zone: 'UTC' },
  });
  expect(buildInputs(fixed, facts)).toMatchObject({
    today: '2024-12-31',
    homeCurrency: 'USD',
    timeZone: 'UTC',
  });
});
