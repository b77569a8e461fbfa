/** Asks again and again until it is true; fails with what was waited for. */
export async function untilTrue(
  what: string,
  isTrue: () => Promise<boolean>,
  longestMs = 40_000,
): Promise<void> {
  const end = performance.now() + longestMs;
  while (performance.now() < end) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`After ${longestMs / 1000} s it was still not so that ${what}.`);
}
