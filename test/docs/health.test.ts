import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it, onTestFinished } from 'vitest';

it('the page on health says the rules that are in force', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const db = await instance.connect();
  onTestFinished(() => {
    db.closeSync();
    instance.closeSync();
  });
  await db.run(readFileSync(new URL('../../analytics/staging/60_health_rules.sql', import.meta.url), 'utf8'));
  const rules = await db.runAndReadAll(
    'select measure, weight::integer, worst::integer, best::integer from health_rules()',
  );
  const page = readFileSync(new URL('../../docs/health.md', import.meta.url), 'utf8');
  const told = [...page.matchAll(/^\| `(\w+)` .*\| +(\d+) \| +(\d+) \| +(\d+) \|$/gm)].map((match) => [
    match[1],
    ...match.slice(2).map(Number),
  ]);
  expect(told).toEqual(rules.getRows());
  const facts = await db.runAndReadAll(
    `select health_version(), health_least_coverage(),
      min(s) filter (health_band(s) = 'good'), min(s) filter (health_band(s) = 'watch')
     from range(101) r(s)`,
  );
  const [version, coverage, good, watch] = facts.getRows()[0] ?? [];
  expect(page).toContain(`\`${String(version)}\``);
  expect(page).toContain(`below ${String(coverage)} percent there is no score`);
  expect(page).toContain(`good from ${String(good)}, watch from ${String(watch)}, risk below`);
});
