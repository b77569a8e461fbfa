import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CASES } from './index.ts';

const TESTS = new URL('../../../', import.meta.url);

it('each of the forty known failures of a sync is shown by tests that are there by name', () => {
  expect(CASES.map((one) => Number(/^\d+/.exec(one.case)?.[0]))).toEqual(
    Array.from({ length: 40 }, (_, n) => n + 1),
  );
  for (const { case: name, shown } of CASES) {
    expect(shown.length, name).toBeGreaterThan(0);
    for (const [file, test] of shown) {
      const source = readFileSync(new URL(file, TESTS), 'utf8');
      const there = [`'${test}'`, `"${test}"`, `\`${test}\``].some((quoted) => source.includes(`${quoted},`));
      expect(there, `${name}: ${file} has no test '${test}'`).toBe(true);
    }
  }
});
