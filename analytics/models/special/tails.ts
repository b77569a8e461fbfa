/**
 * Both tails of a distribution at one point: `lower` = P(X <= x), `upper` = P(X > x). Each has its own digits: a p-value of 1e-40 is not
 * lost in a difference from 1. `lnUpper` is the natural logarithm of `upper` and goes on where that one is too small for a double.
 */
export interface Tails {
  readonly lower: number;
  readonly upper: number;
  readonly lnUpper: number;
}
