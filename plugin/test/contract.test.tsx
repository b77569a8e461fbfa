import { globSync, readFileSync } from 'node:fs';
import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import {
  ACCOUNT_STATES,
  CardAnswer,
  HEALTH_BANDS,
  RENEWAL_BANDS,
} from '../../src/core/accounts/card-document.ts';
import { hubspotUrl } from '../../src/core/accounts/hubspot-url.ts';
import type { AccountAnswer } from '../src/app/cards/answer.ts';
import { readAnswer } from '../src/app/cards/read-answer.ts';
import { recordAddress } from '../src/app/cards/record-address.ts';
import { HEALTH_TONE, RENEWAL_TONE, STATUS_TONE } from '../src/app/cards/tones.ts';
import { COMPONENTS } from '../preview/components.ts';
import { fixture, hsFetch, shown, walk, type Fixture } from './rendered.tsx';

const CARDS = new URL('../src/app/cards/', import.meta.url);
const ACCOUNTS: readonly Fixture[] = [
  'customer',
  'former',
  'future',
  'uncovered',
  'insufficient',
  'runs_on',
  'huge',
];

beforeEach(() => void hsFetch.mockReset());

describe('the contract between the cards and their address', () => {
  it('holds every field that the cards read, in a type that they can take', () => {
    type Sent = Extract<z.output<typeof CardAnswer>, { ok: true }>;
    // Checked by the compiler: a field that the schema loses or lets be null does not compile here.
    expectTypeOf<Sent>().toExtend<AccountAnswer>();
  });

  it('has a colour for every state and band of the product, and for no other', () => {
    expect(Object.keys(STATUS_TONE).toSorted()).toEqual(ACCOUNT_STATES.toSorted());
    expect(Object.keys(RENEWAL_TONE).toSorted()).toEqual(RENEWAL_BANDS.toSorted());
    expect(Object.keys(HEALTH_TONE).toSorted()).toEqual(HEALTH_BANDS.toSorted());
  });

  it.each(ACCOUNTS)('%s, which the product’s schema takes, the cards take as well', (name) => {
    expect(readAnswer(fixture(name), true)).toEqual({ kind: 'account', answer: fixture(name) });
  });

  it('asks for no part that the schema may leave out', () => {
    const answer = fixture('customer');
    if (!answer.ok) throw new Error('the example holds no account');
    for (const part of [
      'asOf',
      'account',
      'tenure',
      'renewal',
      'value',
      'health',
      'surveys',
      'tickets',
      'people',
      'contracts',
      'timeline',
      'lastContact',
      'nextStep',
      'invoices',
      'sources',
    ]) {
      const { [part]: _gone, ...rest } = answer.card as Record<string, unknown>;
      expect(readAnswer({ ...answer, card: rest }, true), part).toEqual({
        kind: 'fault',
        fault: { kind: 'unreadable' },
      });
      expect(CardAnswer.safeParse({ ...answer, card: rest }).success, part).toBe(false);
    }
  });

  it('opens records where the product does', () => {
    const portal = { mode: 'token', uiDomain: 'app.hubspot.com', hubspotPortalId: '111' };
    const types = [
      'companies',
      'contacts',
      'deals',
      'tickets',
      'line_items',
      'subscriptions',
      'invoices',
      'feedback_submissions',
      'meetings',
      'calls',
      'emails',
      'notes',
      'tasks',
      'import',
      '2-77',
    ];
    const base = 'https://app.hubspot.com/contacts/111/record/';
    for (const type of types) {
      for (const id of ['7', 'contracts:7']) {
        const wanted = hubspotUrl(portal as Parameters<typeof hubspotUrl>[0], type, id);
        expect(recordAddress(base, { type, id }), type).toBe(wanted);
      }
    }
    expect(recordAddress(null, { type: 'deals', id: '7' })).toBeNull();
  });
});

describe.each(ACCOUNTS)('of %s', (name) => {
  it.each(['crm.record.sidebar', 'crm.record.tab'] as const)(
    'the card in %s shows words and figures only, by components that the preview has',
    async (location) => {
      const card = await shown(location, fixture(name));
      const { names, texts } = walk(card.getRootNode());
      expect([...names].filter((one) => !(one in COMPONENTS))).toEqual([]);
      expect(texts.length).toBeGreaterThan(20);
      expect(texts.filter((text) => /\b(null|undefined|NaN|Invalid)\b|\[object/.test(text))).toEqual([]);
    },
  );
});

it('every component that the cards import is drawn by the preview, and no other is', () => {
  const imported = globSync('**/*.tsx', { cwd: CARDS })
    .filter((file) => !file.includes('node_modules'))
    .map((file) => readFileSync(new URL(file.replaceAll('\\', '/'), CARDS), 'utf8'))
    .flatMap((text) => /import \{([^}]*)\} from '@hubspot\/ui-extensions'/.exec(text)?.[1]?.split(',') ?? [])
    .map((name) => name.trim())
    .filter((name) => /^[A-Z]/.test(name));
  expect(Object.keys(COMPONENTS).toSorted()).toEqual([...new Set(imported)].toSorted());
});

it('the cards ask for nothing that a worker does not have, and carry no schema', () => {
  for (const file of globSync('**/*.{ts,tsx}', { cwd: CARDS }).filter(
    (one) => !one.includes('node_modules'),
  )) {
    const text = readFileSync(new URL(file.replaceAll('\\', '/'), CARDS), 'utf8');
    expect(text, file).not.toMatch(/\b(window|document)\.\w|from 'zod'|from '\.\.\/\.\.\/\.\./);
  }
});
