/** Writes docs/metrics.md from the metrics' and conventions' own files: npm run docs:metrics */
import { writeFile } from 'node:fs/promises';
import { metricsPage } from './metrics-page.ts';

await writeFile(new URL('metrics.md', import.meta.url), await metricsPage());
