import { format } from 'prettier';
import { listMetrics } from '../src/core/reports/catalogue.ts';
import { conventions, MEASURES, Switches } from '../src/core/reports/conventions.ts';

const HEAD = `# Metrics and conventions

Made from the files in \`analytics/metrics\` and \`analytics/conventions\` by \`npm run docs:metrics\`; a test holds it to them. The same list is printed by
\`npx holdfast metrics\`, the numbers by \`npx holdfast report\`. Vendors' conventions are our reading of what they publish, never their output.
`;

/** The text of docs/metrics.md. */
export async function metricsPage(): Promise<string> {
  const parts = [
    HEAD,
    '## Metrics',
    ...listMetrics().map(describeMetric),
    '## Conventions',
    ...conventions().map(describe),
  ];
  return format(`${parts.join('\n\n')}\n`, { parser: 'markdown', printWidth: 110 });
}

function describeMetric(metric: ReturnType<typeof listMetrics>[number]): string {
  return [
    `### ${metric.name}`,
    `\`${metric.id}\`, version ${metric.version}, ${metric.isByConvention ? 'by convention' : 'by the house’s rules'}; interval: ${metric.interval}.`,
    [
      ['Counts', metric.counts],
      ['Over', metric.over],
      ['Leaves out', metric.excludes],
      ['Not known', metric.null],
      ['By', metric.by],
    ]
      .map(([name, text]) => `- **${name}:** ${text}`)
      .join('\n'),
  ].join('\n\n');
}

function describe(convention: ReturnType<typeof conventions>[number]): string {
  const names = Switches.keyof().options;
  const rows = names.map(
    (name) => `| \`${name}\` | ${MEASURES.map((measure) => convention[measure][name]).join(' | ')} |`,
  );
  return [
    `### ${convention.name}`,
    `\`${convention.id}\`, version ${convention.version}. ${convention.says} Source: ${convention.source}.`,
    [
      '| switch | customer churn | gross revenue churn | net revenue churn |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n'),
  ].join('\n\n');
}
