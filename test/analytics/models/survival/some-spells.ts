import fc from 'fast-check';

/** Small books with ties, delayed entry, censoring and a few rows that were never at risk. */
export const someSpells = fc.array(
  fc.record({
    entry: fc.integer({ min: 0, max: 12 }),
    exit: fc.integer({ min: 0, max: 25 }),
    event: fc.boolean(),
  }),
  { maxLength: 60 },
);
