import { expect, it } from 'vitest';
import { meanInterval } from '../../../../analytics/models/intervals/mean.ts';

it("the t interval of Student's sleep data is that of R", () => {
  // R 4.2.2: with(sleep, t.test(extra[group == 2], conf.level = 0.95)$conf.int), and at 0.8
  const extra = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const interval = meanInterval(extra);
  expect(interval?.low).toBeCloseTo(0.8976775393767055, 12);
  expect(interval?.high).toBeCloseTo(3.7623224606232943, 12);
  expect(meanInterval(extra, 0.8)?.low).toBeCloseTo(1.45431233414276, 12);
  expect(interval).toMatchObject({ method: 't', level: 0.95 });
});

it('there is none of one value, of none, and of equal ones', () => {
  expect(meanInterval([])).toBeNull();
  expect(meanInterval([3])).toBeNull();
  expect(meanInterval([3, 3, 3])).toBeNull();
  expect(() => meanInterval([1, NaN])).toThrow('finite numbers');
});
