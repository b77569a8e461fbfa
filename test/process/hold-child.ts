import { holdDataDir } from '../../src/process/data-dir.ts';

// Holds the folder until it is killed, or says why it cannot.
try {
  await holdDataDir(process.argv[2] ?? '', 'holdfast start');
  process.send?.('held');
  setInterval(() => {}, 1000);
} catch (error) {
  process.send?.(error instanceof Error ? error.message : String(error));
  process.disconnect();
}
