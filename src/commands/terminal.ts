import cliProgress from 'cli-progress';

/** What a command says to people: sentences on the standard output, progress on the standard error. */
export interface Terminal {
  say(sentence: string): void;
  /** one JSON document for programs */
  json(value: unknown): void;
  progress: (report: { label: string; done: number; total: number | null }) => void;
  /** Takes the progress bar away. */
  endProgress(): void;
}

const LINE_EVERY_MS = 5_000;

/** A bar on a terminal; elsewhere one line whenever five seconds have passed, so that logs stay short. */
export function openTerminal(options: { quiet: boolean }): Terminal {
  const bar = process.stderr.isTTY && !options.quiet ? progressBar() : null;
  let lastLineAt = 0;
  let running = false;
  return {
    say: (sentence) => void process.stdout.write(`${sentence}\n`),
    json: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    progress: ({ label, done, total }) => {
      if (options.quiet) return;
      if (bar !== null) {
        if (!running) bar.start(total ?? Math.max(done, 1), done, { label });
        running = true;
        bar.setTotal(total ?? Math.max(done, 1));
        bar.update(done, { label });
      } else if (Date.now() - lastLineAt > LINE_EVERY_MS) {
        lastLineAt = Date.now();
        process.stderr.write(`${lineOf(label, done, total)}\n`);
      }
    },
    endProgress: () => {
      if (running) bar?.stop();
      running = false;
    },
  };
}

function lineOf(label: string, done: number, total: number | null): string {
  if (total === null) return done === 0 ? label : `${label}: ${done.toLocaleString('en')}`;
  return `${label}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
}

function progressBar(): cliProgress.SingleBar {
  return new cliProgress.SingleBar({
    format: '{bar} {percentage}% {label}: {value} of {total}',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
  });
}
