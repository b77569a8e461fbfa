import { studentQuantile } from '../special/student.ts';
import { DEFAULT_LEVEL, type Interval, requireLevel } from './interval.ts';

/**
 * Student's t interval of a mean, in the unit of the values. Null below two values, and where all are equal: a spread of 0 would claim a
 * certainty that so few values do not give.
 */
export function meanInterval(values: readonly number[], level: number = DEFAULT_LEVEL): Interval | null {
  requireLevel(level);
  if (!values.every(Number.isFinite))
    throw new RangeError('A mean needs finite numbers; leave missing ones out.');
  const n = values.length;
  if (n < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (squares === 0) return null;
  const half = -studentQuantile((1 - level) / 2, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { low: mean - half, high: mean + half, method: 't', level };
}
