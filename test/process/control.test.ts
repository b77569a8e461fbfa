import { expect, it, onTestFinished } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { silentLog } from '../../src/core/log.ts';
import { callControl, serveControl, type ControlHandler } from '../../src/process/control.ts';

const SECRET = 'a-secret';

async function serve(
  handlers: Record<string, ControlHandler>,
): Promise<{ controlPort: number; secret: string }> {
  const server = await serveControl(SECRET, handlers, silentLog);
  onTestFinished(() => server.close());
  return { controlPort: server.port, secret: SECRET };
}

it('carries a command, its progress and its result', async () => {
  const holder = await serve({
    double: async (args, progress) => {
      progress({ done: 1 });
      progress({ done: 2 });
      return { got: args };
    },
  });
  const seen: unknown[] = [];
  expect(await callControl(holder, 'double', { n: 2 }, (report) => seen.push(report))).toEqual({
    got: { n: 2 },
  });
  expect(seen).toEqual([{ done: 1 }, { done: 2 }]);
});

it('carries a refusal with its code and sentence, and nothing of a fault', async () => {
  const holder = await serve({
    refuse: () => Promise.reject(new AppError('conflict', 'A sync is running.')),
    break: () => Promise.reject(new Error('secret detail')),
  });
  await expect(callControl(holder, 'refuse', {})).rejects.toMatchObject({
    code: 'conflict',
    message: 'A sync is running.',
  });
  await expect(callControl(holder, 'break', {})).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.not.stringContaining('secret'),
  });
});

it('refuses a wrong secret and a command that is only on the prototype', async () => {
  const holder = await serve({});
  await expect(callControl({ ...holder, secret: 'b-secret' }, 'x', {})).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  await expect(callControl(holder, 'toString', {})).rejects.toMatchObject({ code: 'not_found' });
});

it('says so when the product stops before the answer', async () => {
  const server = await serveControl(SECRET, { wait: () => new Promise(() => {}) }, silentLog);
  const call = callControl({ controlPort: server.port, secret: SECRET }, 'wait', {});
  const refused = expect(call).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await server.close();
  await refused;
});

it('says so while the product is still starting', async () => {
  await expect(callControl({ controlPort: null, secret: SECRET }, 'sync', {})).rejects.toThrow(
    /starting or stopping/,
  );
});
