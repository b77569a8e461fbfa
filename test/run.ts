/**
 * Everything that must hold before a change lands, in its short form: types, lint, format, dead code, tests.
 * Ends with `N passed, N failed` alone on a line; a check counts as one.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '..');
const BIN = join(ROOT, 'node_modules', '.bin');
const CHECKS: readonly { name: string; command: string; args: readonly string[] }[] = [
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  { name: 'types of the cards', command: 'tsc', args: ['-p', 'plugin/src/app/cards'] },
  { name: 'types of the preview', command: 'tsc', args: ['-p', 'plugin'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'format', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
  { name: 'dead code', command: 'knip', args: [] },
];

const VitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(
    z.object({ name: z.string(), status: z.string(), assertionResults: z.array(z.unknown()) }),
  ),
});

function run(command: string, args: readonly string[]): boolean {
  // The PATH of the children starts with the packaged Node, so that every tool runs on it.
  const path = `${BIN}${process.platform === 'win32' ? ';' : ':'}${process.env['PATH'] ?? ''}`;
  const done = spawnSync(join(BIN, command), [...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  return done.status === 0;
}

function runChecks(): { passed: number; failed: string[] } {
  const failed = CHECKS.filter(({ name, command, args }) => {
    process.stdout.write(`\n== ${name}\n`);
    return !run(command, args);
  }).map((check) => check.name);
  return { passed: CHECKS.length - failed.length, failed };
}

function runTests(args: readonly string[]): { passed: number; failed: number } {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  const report = join(folder, 'report.json');
  process.stdout.write('\n== tests\n');
  const ok = run('vitest', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  ]);
  const counted = existsSync(report) ? countTests(report) : { passed: 0, failed: 1 };
  rmSync(folder, { recursive: true, force: true });
  // A run that failed without a failed test (a file that does not load, an unhandled rejection) is a failure all the same.
  return { passed: counted.passed, failed: ok ? counted.failed : Math.max(1, counted.failed) };
}

function countTests(report: string): { passed: number; failed: number } {
  const parsed = VitestReport.parse(JSON.parse(readFileSync(report, 'utf8')));
  const empty = parsed.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  return { passed: parsed.numPassedTests, failed: parsed.numFailedTests + parsed.numPendingTests + empty };
}

const only = process.argv.includes('--checks')
  ? 'checks'
  : process.argv.includes('--tests')
    ? 'tests'
    : 'all';
const rest = process.argv.slice(2).filter((arg) => arg !== '--checks' && arg !== '--tests');
const checks = only === 'tests' ? { passed: 0, failed: [] } : runChecks();
const tests = only === 'checks' ? { passed: 0, failed: 0 } : runTests(rest);
if (checks.failed.length > 0) process.stdout.write(`\nFailed checks: ${checks.failed.join(', ')}\n`);
const failed = checks.failed.length + tests.failed;
process.stdout.write(`\n${checks.passed + tests.passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
