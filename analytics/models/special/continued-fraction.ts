const TINY = 1e-300;
const PRECISION = 1e-16;
const MOST_STEPS = 1_000_000;

/**
 * 1 / (b0 + a1 / (b1 + a2 / (b2 + ...))) by the modified method of Lentz (Thompson & Barnett 1986). `step(k)` gives [a_k, b_k] from k = 1.
 */
export function inverseOfContinuedFraction(
  b0: number,
  step: (k: number) => readonly [number, number],
): number {
  let value = b0 === 0 ? TINY : b0;
  let c = value;
  let d = 0;
  for (let k = 1; k < MOST_STEPS; k += 1) {
    const [a, b] = step(k);
    d = away(b + a * d);
    c = away(b + a / c);
    d = 1 / d;
    value *= c * d;
    if (Math.abs(c * d - 1) <= PRECISION) break;
  }
  return 1 / value;
}

function away(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}
