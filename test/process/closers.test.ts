import { expect, it } from 'vitest';
import { silentLog } from '../../src/core/log.ts';
import { createClosers } from '../../src/process/closers.ts';

it('closes in reverse order, once, and goes on past a part that fails', async () => {
  const closed: string[] = [];
  const closers = createClosers(silentLog);
  closers.push('store', () => void closed.push('store'));
  closers.push('queue', () => Promise.reject(new Error('stuck')));
  closers.push('server', () => void closed.push('server'));
  await Promise.all([closers.closeAll(), closers.closeAll()]);
  expect(closed).toEqual(['server', 'store']);
});
