import { Client } from '@hubspot/api-client';
import { onTestFinished } from 'vitest';
import { memorySource, type MemoryPortal } from '../../src/demo/fake/memory-source.ts';
import { startFakeHubSpot, type FakeHubSpot, type FakeOptions } from '../../src/demo/fake/server.ts';
import type { PortalSource } from '../../src/demo/source.ts';
import { VirtualClock } from '../../src/demo/virtual-clock.ts';

/** Where records live. */
export const OBJECTS = '/crm/objects/2026-09';
export const NOW = new Date('2026-03-01T12:00:00Z');
export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  /** the parsed body; null when it is no JSON */
  body: unknown;
}

export interface Asker {
  fake: FakeHubSpot;
  clock: VirtualClock;
  /** asks through HubSpot's own client, which takes any path */
  ask: (
    method: string,
    path: string,
    options?: { qs?: Record<string, string>; body?: unknown },
  ) => Promise<Answered>;
}

/** A fake HubSpot of its own, asked through the real client, closed when the test is over. */
export async function openFake(
  portal: MemoryPortal | PortalSource = {},
  options: Partial<Omit<FakeOptions, 'source'>> = {},
): Promise<Asker> {
  const clock = new VirtualClock(NOW);
  const source = 'at' in portal ? portal : memorySource({ anchor: NOW, ...portal });
  const fake = await startFakeHubSpot({ clock, ...options, source });
  onTestFinished(() => fake.close());
  const client = clientFor(fake, fake.oauth.staticToken);
  return {
    fake,
    clock,
    ask: (method, path, { qs, body } = {}) =>
      answered(
        client.apiRequest({
          method,
          path,
          ...(qs === undefined ? {} : { qs }),
          ...(body === undefined ? {} : { body }),
        }),
      ),
  };
}

export function clientFor(fake: FakeHubSpot, accessToken: string): Client {
  return new Client({ accessToken, basePath: fake.url, numberOfApiCallRetries: 0 });
}

/** Reads an answer to its end. */
export async function answered(asked: Promise<Response>): Promise<Answered> {
  const response = await asked;
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: jsonOrNull(text) };
}

/** The ids in a page of results. */
export function idsOf({ body }: Answered): string[] {
  return (body as { results: { id: string }[] }).results.map((one) => one.id);
}

/** The cursor to the next page, if there is one. */
export function nextOf({ body }: Answered): string | undefined {
  return (body as { paging?: { next: { after: string } } }).paging?.next.after;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The ids of every page of a list. */
export async function allPages(
  { ask }: Asker,
  path: string,
  qs: Record<string, string>,
): Promise<string[][]> {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page = await ask('GET', path, { qs: { ...qs, ...(after === undefined ? {} : { after }) } });
    pages.push(idsOf(page));
    after = nextOf(page);
  } while (after !== undefined);
  return pages;
}

/** So many seconds after the first of them was modified. */
export const at = (second: number): Date => new Date(NOW.getTime() - 1_000_000 + second * 1000);

/** Companies 7000, 7001, ...: each created at the same second and modified a second after the one before. */
export function manyCompanies(count: number): MemoryPortal {
  return {
    objects: {
      companies: Array.from({ length: count }, (_, n) => ({
        id: String(7000 + n),
        properties: { name: `Company ${n}`, seats: String(n) },
        createdAt: at(0),
        updatedAt: at(n),
      })),
    },
  };
}

/** Two companies and two contacts to write to. */
export const SMALL_PORTAL: MemoryPortal = {
  objects: {
    companies: [
      { id: '101', properties: { name: 'First', seats: '3' } },
      { id: '102', properties: { name: 'Second' } },
    ],
    contacts: [
      { id: '201', properties: { email: 'ada@first.example' } },
      { id: '202', properties: { email: 'bram@second.example' } },
    ],
  },
  properties: {
    companies: [
      {
        name: 'name',
        label: 'Name',
        type: 'string',
        fieldType: 'text',
        groupName: 'companyinformation',
        calculated: false,
        options: [],
      },
      {
        name: 'seats',
        label: 'Seats',
        type: 'number',
        fieldType: 'number',
        groupName: 'companyinformation',
        calculated: false,
        options: [],
      },
      {
        name: 'score',
        label: 'Score',
        type: 'number',
        fieldType: 'calculation_equation',
        groupName: 'companyinformation',
        calculated: true,
        options: [],
      },
      {
        name: 'plan',
        label: 'Plan',
        type: 'enumeration',
        fieldType: 'select',
        groupName: 'companyinformation',
        calculated: false,
        options: [{ label: 'Gold', value: 'gold' }],
      },
    ],
  },
};

/** The one record of an answer. */
export function record({ body }: Answered): {
  id: string;
  properties: Record<string, string | null>;
  updatedAt: string;
  archived: boolean;
} {
  return body as ReturnType<typeof record>;
}

/** GETs one record. */
export async function readOne({ ask }: Asker, type: string, id: string, properties = ''): Promise<Answered> {
  return ask('GET', `${OBJECTS}/${type}/${id}`, { qs: properties === '' ? {} : { properties } });
}
