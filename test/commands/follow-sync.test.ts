import { expect, it } from 'vitest';
import { describeResult } from '../../src/commands/follow-sync.ts';
import { resultOf, typeResult } from '../support/sync-documents.ts';

it('a sync that listed everything again says how much, and not that it read nothing', () => {
  const types = [
    typeResult('companies', { compared: 1200, changed: 3, swept: true }),
    typeResult('contacts', { read: 2, compared: 800, changed: 1, swept: true }),
    typeResult('tickets', { swept: true }),
  ];
  expect(describeResult(resultOf({ types }))).toEqual([
    'Sync complete: 2 records read for being new or changed, 2,000 records of 3 kinds listed again and compared with what is here, 4 changes to records and links here, 3 requests (0 asked again), 0.0 s.',
  ]);
});

it('a sync that listed nothing again says what it read', () => {
  const types = [typeResult('companies', { read: 1, changed: 1 }), typeResult('contacts')];
  expect(describeResult(resultOf({ types }))).toEqual([
    'Sync complete: 1 record read, 1 change to records and links here, 3 requests (0 asked again), 0.0 s.',
  ]);
});
