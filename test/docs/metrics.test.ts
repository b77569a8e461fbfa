import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { metricsPage } from '../../docs/metrics-page.ts';

it('docs/metrics.md says what the files of the metrics and conventions say: npm run docs:metrics', async () => {
  expect(readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')).toBe(await metricsPage());
});
