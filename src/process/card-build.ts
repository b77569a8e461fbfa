import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { join, resolve } from 'node:path';
import type { Log } from '../core/log.ts';
import type { CardBundles, CardBundlesState } from '../core/web-context.ts';
import { CARD_SCRIPT, hashCardSources, readCardManifest } from './card-files.ts';

const BUILDER = resolve(
  import.meta.dirname,
  '../../node_modules/@hubspot/ui-extensions-dev-server/package.json',
);
const MOST_ERROR_TEXT = 4000;

export const NO_BUILDER =
  'The preview needs the development packages, which are not installed here. Run npm ci without --omit=dev, then start Holdfast again.';
export const BUILD_FAILED =
  'The card could not be built, and the log says why. Mend it, run npm run build:card, and load this page again.';

export interface CardBuild extends CardBundles {
  /** Builds in a process of its own, at low priority, when what lies there is missing or stale. Resolves when that has ended. */
  ensure(): Promise<void>;
  close(): Promise<void>;
}

interface CardBuildOptions {
  folder: string;
  log: Log;
  /** a file of HubSpot's builder, by which one sees that it is installed */
  builder?: string;
}

/** The built card in `folder`, and the build of it. */
export function openCardBuild({ folder, log, builder = BUILDER }: CardBuildOptions): CardBuild {
  let state: CardBundlesState = { state: 'building' };
  let files: ReadonlyMap<string, Buffer> = new Map();
  let child: ChildProcess | null = null;
  let isClosed = false;

  const load = (): boolean => {
    const manifest = readCardManifest(folder);
    if (manifest === null || manifest.sources !== hashCardSources()) return false;
    const { host, sidebar, tab } = manifest.files;
    files = new Map([host, sidebar, tab].map(({ name }) => [name, readFileSync(join(folder, name))]));
    const address = ({ name }: { name: string }): string => `/card/${name}`;
    state = { state: 'ready', host: address(host), sidebar: address(sidebar), tab: address(tab) };
    return true;
  };

  const build = async (): Promise<void> => {
    const startedAt = performance.now();
    const ended = await runBuild(folder, (started) => {
      child = started;
    });
    child = null;
    if (isClosed) return;
    if (ended.code === 0 && load()) {
      log.info('built the card for the preview', { ms: Math.round(performance.now() - startedAt) });
      return;
    }
    log.warn('the card could not be built', { code: ended.code, output: ended.errors });
    state = { state: 'missing', sentence: BUILD_FAILED };
  };

  return {
    state: () => {
      // Somebody may have built it by hand since.
      if (state.state === 'missing') load();
      return state;
    },
    file: (name) => files.get(name) ?? null,
    ensure: async () => {
      if (load()) return;
      if (existsSync(builder)) await build();
      else state = { state: 'missing', sentence: NO_BUILDER };
    },
    close: async () => {
      isClosed = true;
      if (child === null) return;
      const gone = new Promise((resolve) => child?.once('exit', resolve));
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function runBuild(
  folder: string,
  onStart: (child: ChildProcess) => void,
): Promise<{ code: number | null; errors: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [CARD_SCRIPT, folder], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    onStart(child);
    let errors = '';
    child.stderr?.on('data', (text: Buffer) => {
      errors = (errors + text.toString()).slice(-MOST_ERROR_TEXT);
    });
    child.on('error', (error) => resolve({ code: null, errors: error.message }));
    child.on('close', (code) => resolve({ code, errors }));
    yieldToPages(child);
  });
}

// Nobody waits for it as they wait for a page.
function yieldToPages({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // a process that has ended already, or a system that does not let us: it runs as it is
  }
}
