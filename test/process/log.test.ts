import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { openLog } from '../../src/process/log.ts';
import { temporaryFolder } from '../support/folder.ts';

async function logged(
  write: (log: ReturnType<typeof openLog>['log']) => void,
): Promise<Record<string, unknown>[]> {
  const folder = await temporaryFolder();
  const { log, close } = openLog({ level: 'debug', role: 'web', folder });
  write(log);
  await close();
  const text = await readFile(join(folder, 'web.log'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

it('writes one JSON line a message, with the role and what the child log adds', async () => {
  const [line] = await logged((log) =>
    log.child({ requestId: 'r1', portal: 'demo' }).info('done', { rows: 3 }),
  );
  expect(line).toMatchObject({
    level: 'info',
    message: 'done',
    role: 'web',
    requestId: 'r1',
    portal: 'demo',
    rows: 3,
  });
  expect(line?.['timestamp']).toMatch(/^20\d\d-/);
});

it('never writes secrets or addresses, however deep they lie', async () => {
  const lines = await logged((log) =>
    log.info('x', {
      accessToken: 's3cret',
      request: { headers: { Authorization: 's3cret', cookie: 's3cret' }, userEmail: 's3cret' },
    }),
  );
  expect(JSON.stringify(lines)).not.toContain('s3cret');
});

it('keeps a message on one line and an error with its cause', async () => {
  const lines = await logged((log) =>
    log.error('a\nforged line', { error: new Error('outer', { cause: new Error('inner') }) }),
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({
    message: 'a forged line',
    error: { message: 'outer', cause: { message: 'inner' } },
  });
});

it('loses no line on the standard output when the process ends at once', async () => {
  const script = `
    import { openLog } from '${new URL('../../src/process/log.ts', import.meta.url).href}';
    const { log } = openLog({ level: 'info', role: 'web', folder: null });
    for (let n = 0; n < 2000; n += 1) log.info('line', { n });
    process.exit(0);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  const lines = stdout.trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { n: number }).n)).toEqual(
    Array.from({ length: 2000 }, (_, n) => n),
  );
});
