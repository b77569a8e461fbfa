import { conventions } from '../core/reports/conventions.ts';
import { listMetrics } from '../core/reports/catalogue.ts';
import { openTerminal } from './terminal.ts';

/** `holdfast metrics`: every number that can be reported, and the conventions it can be counted under. */
export function runMetricsCommand(options: { json?: boolean }): void {
  const terminal = openTerminal({ quiet: false });
  const rules = conventions().map(({ id, name, version, source, says }) => ({
    id,
    name,
    version,
    source,
    says,
  }));
  if (options.json === true) {
    terminal.json({ metrics: listMetrics(), conventions: rules });
    return;
  }
  for (const metric of listMetrics()) {
    terminal.say(`${metric.id} (version ${metric.version}): ${metric.name}`);
    terminal.say(`  counts    ${metric.counts}`);
    terminal.say(`  over      ${metric.over}`);
    terminal.say(`  excludes  ${metric.excludes}`);
    terminal.say(`  null      ${metric.null}`);
    terminal.say(`  by        ${metric.by}`);
  }
  terminal.say('');
  terminal.say('Conventions, for holdfast report --convention:');
  for (const { id, name, says } of rules) terminal.say(`${id}: ${name}. ${says}`);
}
