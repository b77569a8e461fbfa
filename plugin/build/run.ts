/** `npm run build:card [-- FOLDER]`: builds the cards and the preview's script into `dist/card`, and prints their sizes. */
import { CARD_FOLDER } from '../../src/process/card-files.ts';
import { buildCard } from './build-card.ts';

// The product that asked for it may be killed; nobody would want the build then.
process.once('disconnect', () => process.exit(1));
process.channel?.unref();

const { files } = await buildCard(process.argv[2] ?? CARD_FOLDER);
for (const [part, { name, bytes, gzipBytes }] of Object.entries(files)) {
  const kb = (count: number): string => `${(count / 1000).toFixed(1)} kB`.padStart(9);
  process.stdout.write(`${part.padEnd(8)} ${kb(bytes)} ${kb(gzipBytes)} gzipped  ${name}\n`);
}
