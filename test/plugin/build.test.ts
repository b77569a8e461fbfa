import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import * as React from 'react';
import * as RemoteUI from '@remote-ui/react';
import { afterAll, describe, expect, it } from 'vitest';
import { buildCard } from '../../plugin/build/build-card.ts';
import { silentLog } from '../../src/core/log.ts';
import { BUILD_FAILED, NO_BUILDER, openCardBuild } from '../../src/process/card-build.ts';
import { CARD_SCRIPT, hashCardSources, readCardManifest } from '../../src/process/card-files.ts';

const LARGEST_KB = 150;
const folder = mkdtempSync(join(tmpdir(), 'holdfast-card-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const contents = (name: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(at(name)).map((file) => [file, readFileSync(join(at(name), file), 'latin1')]),
  );

describe('the build', () => {
  it('gives the same bytes twice, in bundles that are small enough', async () => {
    const { files } = await buildCard(at('one'));
    await buildCard(at('two'));
    expect(contents('two')).toEqual(contents('one'));
    expect(readdirSync(at('one')).toSorted()).toEqual(
      [files.host.name, files.sidebar.name, files.tab.name, 'manifest.json'].toSorted(),
    );
    for (const card of [files.sidebar, files.tab]) expect(card.bytes).toBeLessThan(LARGEST_KB * 1000);
    expect(readdirSync(folder).toSorted()).toEqual(['one', 'two']);
  });

  it('names no folder of the machine that made it', () => {
    for (const [file, text] of Object.entries(contents('one'))) {
      expect(text.includes(process.cwd()), file).toBe(false);
    }
  });

  it.each(['sidebar', 'tab'] as const)('%s runs where there is neither a window nor a document', (card) => {
    const { files } = readCardManifest(at('one')) ?? {};
    if (files === undefined) throw new Error('there is no build');
    let extended = 0;
    const worker: Record<string, unknown> = { React, RemoteUI, Intl, __HUBSPOT_EXTENSION_WORKER__: true };
    worker['self'] = worker;
    worker['extend_V2'] = () => {
      extended += 1;
    };
    runInContext(readFileSync(join(at('one'), files[card].name), 'utf8'), createContext(worker));
    expect(extended).toBe(1);
  });
});

describe('the product', () => {
  const open = (name: string, builder?: string) =>
    openCardBuild({ folder: at(name), log: silentLog, ...(builder === undefined ? {} : { builder }) });

  it('serves a build that is fresh without making it again', async () => {
    const before = statSync(join(at('one'), 'manifest.json')).mtimeMs;
    const build = open('one');
    expect(build.state()).toEqual({ state: 'building' });
    await build.ensure();
    const state = build.state();
    if (state.state !== 'ready') throw new Error(state.state);
    for (const address of [state.host, state.sidebar, state.tab]) {
      expect(address).toMatch(/^\/card\/\w+\.[0-9a-f]{16}\.js$/);
      expect(build.file(address.slice('/card/'.length))?.length).toBeGreaterThan(1000);
    }
    expect(build.file('manifest.json')).toBeNull();
    expect(build.file('../../package.json')).toBeNull();
    expect(statSync(join(at('one'), 'manifest.json')).mtimeMs).toBe(before);
  });

  it('makes a missing and a stale one in a process of its own', async () => {
    const missing = open('three');
    const making = missing.ensure();
    expect(missing.state()).toEqual({ state: 'building' });
    await making;
    expect(missing.state().state).toBe('ready');
    const manifest = join(at('three'), 'manifest.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(hashCardSources(), 'older'));
    utimesSync(manifest, 0, 0);
    const stale = open('three');
    await stale.ensure();
    expect(stale.state().state).toBe('ready');
    expect(readCardManifest(at('three'))?.sources).toBe(hashCardSources());
  });

  it('says what to do where the development packages are not installed', async () => {
    const build = open('four', at('nowhere/package.json'));
    await build.ensure();
    expect(build.state()).toEqual({ state: 'missing', sentence: NO_BUILDER });
  });

  it('says so when the build fails, and takes one that was made by hand since', async () => {
    writeFileSync(at('five'), 'a file where the folder should be');
    const build = openCardBuild({ folder: join(at('five'), 'card'), log: silentLog });
    await build.ensure();
    expect(build.state()).toEqual({ state: 'missing', sentence: BUILD_FAILED });
    rmSync(at('five'));
    await buildCard(join(at('five'), 'card'));
    expect(build.state().state).toBe('ready');
  });

  it('ends a build when it is told to stop', async () => {
    const build = open('six');
    const making = build.ensure();
    await build.close();
    await making;
    expect(readCardManifest(at('six'))).toBeNull();
  });

  it('leaves no build behind when it is killed', async () => {
    const child = fork(CARD_SCRIPT, [at('seven')], { silent: true });
    child.disconnect();
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(code).toBe(1);
    expect(readCardManifest(at('seven'))).toBeNull();
  });
});
