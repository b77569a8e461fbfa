import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleCard, CARD_ENTRIES } from '../../plugin/build/build-card.ts';
import { round, type BenchRow } from './row.ts';

const EMPTY = resolve(import.meta.dirname, '../../plugin/test/EmptyCard.tsx');

/** The larger of the two cards as HubSpot builds it, minified and gzipped, beside a card that shows nothing, built the same way. */
export async function measureCardBundle(): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bundle-'));
  try {
    const empty = await bundleCard(folder, EMPTY);
    const cards = [
      await bundleCard(folder, CARD_ENTRIES.sidebar),
      await bundleCard(folder, CARD_ENTRIES.tab),
    ];
    const row = (name: string, size: 'bytes' | 'gzipBytes'): BenchRow => ({
      name,
      value: round(Math.max(...cards.map((card) => card[size])) / 1000),
      unit: 'kB',
      baseline: round(empty[size] / 1000),
    });
    return [row('card.bundle_kb', 'bytes'), row('card.bundle_gzip_kb', 'gzipBytes')];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
