import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { en } from '../../src/pages/text/en.ts';
import { textIn } from '../../src/pages/text/text.ts';

const PAGES = new URL('../../src/pages/', import.meta.url);
const PREVIEW = new URL('../../plugin/preview/', import.meta.url);
const css = readFileSync(new URL('assets/holdfast.css', PAGES), 'utf8');

/** WCAG 2.2: words need 4.5, and what one must see to use a page needs 3. */
const WORDS = 4.5;
const SHAPES = 3;
const PAIRS: readonly [front: string, back: string, least: number][] = [
  ...['canvas', 'surface', 'sunken'].flatMap((back): [string, string, number][] => [
    ['ink', back, WORDS],
    ['ink-soft', back, WORDS],
    ['accent', back, WORDS],
    ['accent-strong', back, WORDS],
    ['focus', back, SHAPES],
  ]),
  ['on-accent', 'accent', WORDS],
  ['on-accent', 'accent-strong', WORDS],
  ['accent-strong', 'accent-soft', WORDS],
  ['well', 'well-soft', WORDS],
  ['well', 'surface', WORDS],
  ['waiting', 'waiting-soft', WORDS],
  ['waiting', 'surface', WORDS],
  ['ill', 'ill-soft', WORDS],
  ['ill', 'surface', WORDS],
  ['demo', 'demo-soft', WORDS],
  ['focus', 'demo-soft', SHAPES],
  ['focus', 'accent-soft', SHAPES],
  ['line-strong', 'surface', SHAPES],
  ['line-strong', 'canvas', SHAPES],
];

function tokensIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}

const light = tokensIn(css.slice(0, css.indexOf('@media screen and (prefers-color-scheme: dark)')));
const dark = tokensIn(
  css.slice(css.indexOf('@media screen and (prefers-color-scheme: dark)'), css.indexOf('/* Ground */')),
);

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe.each([
  ['light', light],
  ['dark', { ...light, ...dark }],
])('in the %s scheme', (_name, tokens) => {
  it.each(PAIRS)('%s on %s has a contrast of at least %f', (front, back, least) => {
    expect(contrast(tokens[front] ?? '', tokens[back] ?? '')).toBeGreaterThanOrEqual(least);
  });
});

it('dark has a word on every colour that light names', () => {
  expect(Object.keys(dark).toSorted()).toEqual(Object.keys(light).toSorted());
});

it('colours are named once, as tokens, and nowhere else', () => {
  const rules = css.slice(css.indexOf('/* Ground */'));
  expect(rules).not.toMatch(/#[0-9a-f]{3,8}\b|rgb\(|hsl\(/i);
  const used = new Set([...css.matchAll(/var\(--([\w-]+)\)/g)].map((match) => match[1] ?? ''));
  const known = new Set([...css.matchAll(/^\s+--([\w-]+):/gm)].map((match) => match[1] ?? ''));
  expect([...used].filter((name) => !known.has(name))).toEqual([]);
  expect([...known].filter((name) => !used.has(name))).toEqual([]);
});

describe('the stylesheet of the preview', () => {
  const own = readFileSync(new URL('assets/card-preview.css', PAGES), 'utf8');

  it('is made from the same tokens and names no colour of its own', () => {
    expect(own).not.toMatch(/#[0-9a-f]{3,8}\b|rgb\(|hsl\(/i);
    const used = new Set([...own.matchAll(/var\(--([\w-]+)\)/g)].map((match) => match[1] ?? ''));
    const known = new Set([...(css + own).matchAll(/^\s+--([\w-]+):/gm)].map((match) => match[1] ?? ''));
    expect(used.size).toBeGreaterThan(20);
    expect([...used].filter((name) => !known.has(name))).toEqual([]);
  });

  it('has a rule for every class that the preview draws', () => {
    const drawn = globSync('*.tsx', { cwd: PREVIEW })
      .map((file) => readFileSync(new URL(file, PREVIEW), 'utf8'))
      .flatMap((text) => [...text.matchAll(/['"](hs-[\w-]+)['"]/g)].map((match) => match[1] ?? ''));
    expect(drawn.length).toBeGreaterThan(20);
    expect([...new Set(drawn)].filter((name) => !own.includes(`.${name}`))).toEqual([]);
  });
});

it.each(['holdfast.css', 'card-preview.css'])(
  'nothing in %s moves for those who asked for stillness',
  (file) => {
    const css = readFileSync(new URL(`assets/${file}`, PAGES), 'utf8');
    const still = css.replace(/@media \(prefers-reduced-motion: no-preference\) \{[\s\S]*?\n\}/, '');
    expect(still).not.toBe(css);
    expect(still).not.toMatch(/transition|animation|@keyframes/);
  },
);

it('no page has a style or a script in it, which the content policy would refuse', () => {
  const files = globSync('**/*.ts', { cwd: PAGES });
  expect(files.length).toBeGreaterThan(15);
  for (const file of files) {
    const text = readFileSync(new URL(file, PAGES), 'utf8');
    expect(text, file).not.toMatch(/\sstyle="|<style|\son\w+="|javascript:/);
  }
});

describe('the words of the pages', () => {
  const sources = globSync('**/*.ts', { cwd: PAGES })
    .filter((file) => !file.startsWith('text/'))
    .map((file) => readFileSync(new URL(file, PAGES), 'utf8'))
    .join('\n');

  it('are all used', () => {
    // `health.${row.part}` uses every key that begins with health.
    const prefixes = [...sources.matchAll(/[`']([\w.]+\.)\$\{/g)].map((match) => match[1] ?? '');
    const unused = Object.keys(en).filter(
      (key) =>
        !sources.includes(`'${key}'`) &&
        !prefixes.some((prefix) => key.startsWith(prefix)) &&
        !key.startsWith('time.'),
    );
    expect(unused).toEqual([]);
  });

  it('stand in the catalogue and not in the pages', () => {
    const bare = [...sources.matchAll(/>\s*([A-Z][a-z]+ [a-z]+[^<$`]*)</g)].map((match) => match[1]?.trim());
    expect(bare).toEqual([]);
  });

  it('count in the right number', () => {
    const text = textIn('en', 'UTC');
    expect([0, 1, 2, 1000].map((companies) => text.t('start.title', { companies }))).toEqual([
      '0 companies from HubSpot',
      '1 company from HubSpot',
      '2 companies from HubSpot',
      '1,000 companies from HubSpot',
    ]);
  });

  it('tell ages in the largest unit that is full', () => {
    const text = textIn('en', 'UTC');
    const now = new Date('2026-03-02T12:00:00Z');
    const ages = [0, 59, 60, 3599, 3600, 86_399, 86_400, 172_800, -30].map((seconds) =>
      text.ago(new Date(now.getTime() - seconds * 1000), now),
    );
    expect(ages).toEqual([
      'just now',
      'just now',
      '1 minute ago',
      '59 minutes ago',
      '1 hour ago',
      '23 hours ago',
      'yesterday',
      '2 days ago',
      'just now',
    ]);
  });

  it('fall back to UTC and to English where HubSpot or a browser names something unknown', () => {
    expect(textIn('en', 'Mars/Olympus').timeZone).toBe('UTC');
    expect(textIn('en', null).timeZone).toBe('UTC');
    expect(textIn('xx', 'UTC').t('nav.people')).toBe('People');
    expect(textIn('en', 'UTC').find('stage.constructor', 'as stored')).toBe('as stored');
    expect(textIn('en', 'UTC').find('toString', 'as stored')).toBe('as stored');
  });
});
