import { readFileSync } from 'node:fs';
import { vi, type Mock } from 'vitest';
import { createRenderer, type RenderedNode } from '@hubspot/ui-extensions/testing';
import { LoadingButton } from '@hubspot/ui-extensions';
import { CardAnswer } from '../../src/core/accounts/card-document.ts';
import { SidebarCard } from '../src/app/cards/SidebarCard.tsx';
import { TabCard } from '../src/app/cards/TabCard.tsx';

export const HOST = 'https://holdfast.example.com';
export const COMPANY = 7_000_000_084;

export type Fixture =
  | 'customer'
  | 'former'
  | 'future'
  | 'uncovered'
  | 'insufficient'
  | 'runs_on'
  | 'huge'
  | 'not_found'
  | 'not_an_account';
export type Known = Extract<CardAnswer, { ok: true }>;

/** One of the answers in `test/fixtures/card`, held against the product's schema. */
export function fixture(name: Fixture): CardAnswer {
  const file = new URL(`../../test/fixtures/card/${name}.json`, import.meta.url);
  return CardAnswer.parse(JSON.parse(readFileSync(file, 'utf8')));
}

export function known(name: Fixture): Known {
  const answer = fixture(name);
  if (!answer.ok) throw new Error(`${name} holds no account.`);
  return answer;
}

/** What `hubspot.fetch` answers; HubSpot's test renderer leaves it to us. */
export const hsFetch: Mock<(url: string, options: unknown) => Promise<Response>> = vi.fn();

export function answers(body: unknown, status = 200): void {
  hsFetch.mockImplementation(() => Promise.resolve(Response.json(body, { status })));
}

type Location = 'crm.record.sidebar' | 'crm.record.tab';

interface Surroundings {
  user?: { locale?: string };
  variables?: Record<string, string | number>;
}

/** A card on the record of a company, waiting for its answer. */
export function open(location: Location, { user = {}, variables = { API_HOST: HOST } }: Surroundings = {}) {
  Object.assign(globalThis, { self: globalThis, hsFetch });
  const renderer = createRenderer(location);
  renderer.mocks.context.crm = { objectId: COMPANY, objectTypeId: '0-2' };
  renderer.mocks.context.variables = variables;
  Object.assign(renderer.mocks.context.user, user);
  renderer.render(location === 'crm.record.sidebar' ? <SidebarCard /> : <TabCard />);
  return renderer;
}

/** A card that has its answer. */
export async function shown(location: Location, body: unknown, surroundings: Surroundings = {}) {
  answers(body);
  const renderer = open(location, surroundings);
  await renderer.waitFor(() => renderer.find(LoadingButton));
  return renderer;
}

/** Every component in the tree, and every text, those in the properties included. */
export function walk(node: RenderedNode): { names: Set<string>; texts: string[] } {
  const names = new Set<string>();
  const texts: string[] = [];
  const visit = (one: RenderedNode): void => {
    if ('name' in one) {
      names.add(one.name);
      for (const value of Object.values<unknown>(one.props)) if (typeof value === 'string') texts.push(value);
    }
    if ('childNodes' in one) {
      for (const child of one.childNodes) visit(child);
    } else texts.push(one.text);
  };
  visit(node);
  return { names, texts };
}

/** All words in and below a node, parts divided by a bar. */
export function wordsOf(node: RenderedNode): string {
  return textsIn(node).join(' | ');
}

function textsIn(node: RenderedNode): string[] {
  if (!('childNodes' in node)) return [node.text];
  return node.childNodes.flatMap((child) => textsIn(child));
}
