import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SeenIds } from '../../../src/core/import/seen-ids.ts';

it('answers as a map of every id would, over any number of ids', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 2 }), fc.boolean()), {
        maxLength: 8000,
      }),
      (rows) => {
        const seen = new SeenIds();
        const model = new Map<string, { content: string | null; line: number }>();
        for (const [index, [number, version, isReadable]] of rows.entries()) {
          const id = `U-${number.toString(16)}`;
          const content = `${id} of version ${version}`;
          const line = index + 2;
          const before = model.get(id);
          expect(seen.has(id)).toBe(before !== undefined);
          if (!isReadable) {
            seen.note(id, line);
            if (before === undefined) model.set(id, { content: null, line });
            continue;
          }
          const known = before === undefined || before.content === null ? null : before;
          expect(seen.add(id, content, line)).toEqual(
            known === null
              ? { state: 'new' }
              : { state: known.content === content ? 'equal' : 'other', line: known.line },
          );
          if (known === null) model.set(id, { content, line });
        }
      },
    ),
    { seed: 3, numRuns: 20 },
  );
});

it('keeps two hundred thousand ids apart', () => {
  const seen = new SeenIds();
  for (let id = 0; id < 200_000; id += 1)
    expect(seen.add(String(id), 'same', 1).state === 'new' || id).toBe(true);
  for (let id = 0; id < 200_000; id += 1)
    expect(seen.add(String(id), 'same', 1).state === 'equal' || id).toBe(true);
  expect(seen.has('200000')).toBe(false);
});
