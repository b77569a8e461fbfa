import type { PropertyDefinition } from '../../../src/core/hubspot-port.ts';
import { memorySource } from '../../../src/demo/fake/memory-source.ts';
import { htmlPage, missingScope } from '../../../src/demo/fake/replies.ts';
import { tooMany } from '../../../src/demo/fake/limits.ts';
import type { FakeHubSpot } from '../../../src/demo/fake/server.ts';
import type { FakeRequest, Fault, FaultRule } from '../../../src/demo/fake/types.ts';
import type { PortalSource } from '../../../src/demo/source.ts';
import { ANCHOR } from '../sync.ts';
import {
  MODEL_LINKS,
  MODEL_TYPES,
  type Change,
  type FaultName,
  type ModelType,
  type Moment,
  type Switch,
} from './steps.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Of ids of every length, as numbers and as text in different orders. */
const IDS: Record<ModelType, readonly string[]> = {
  companies: ['72', '7198', '7199', '719869649082', '80'],
  contacts: ['201', '1999', '20000000001', '31', '202'],
  deals: ['9', '90', '900000', '12345678901', '10'],
};

function defined(name: string, more: Partial<PropertyDefinition> = {}): PropertyDefinition {
  return {
    name,
    label: name,
    type: 'string',
    fieldType: 'text',
    groupName: 'test',
    calculated: false,
    options: [],
    ...more,
  };
}

const DEFINED = [defined('name'), defined('tier'), defined('score', { calculated: true })];

/** The portal in which every history begins: five records of three types, some linked, two of them modified in one millisecond. */
export function modelSource(): PortalSource {
  const dayBefore = ANCHOR.getTime() - 24 * 60 * MINUTE;
  return memorySource({
    anchor: ANCHOR,
    objects: Object.fromEntries(
      MODEL_TYPES.map((type) => [
        type,
        IDS[type].map((id, n) => ({
          id,
          properties: { name: `${type} ${n}`, score: String(n) },
          createdAt: new Date(dayBefore),
          updatedAt: new Date(dayBefore + Math.floor(n / 2) * MINUTE),
        })),
      ]),
    ),
    associations: MODEL_LINKS.slice(0, 5).map((link, n) => ({
      ...link,
      from: [link.fromType, IDS[link.fromType][n] ?? ''] as const,
      to: [link.toType, IDS[link.toType][n] ?? ''] as const,
    })),
    properties: Object.fromEntries(MODEL_TYPES.map((type) => [type, DEFINED])),
    labels: MODEL_LINKS.flatMap((link) => ('label' in link ? [link] : [])),
  });
}

// Only the types of a history are read: the scopes of all others are missing, so that a sync costs a third.
const OTHERS: FaultRule = {
  match: ({ path }) => {
    const type = /^\/crm\/properties\/2026-09\/(\w+)$/.exec(path)?.[1];
    return type !== undefined && !MODEL_TYPES.some((one) => one === type);
  },
  fault: { do: 'reply', reply: missingScope('crm.objects.others.read', 0) },
};

/** Lets a change happen; one for which there is no record is none. */
export function happen({ state, faults }: FakeHubSpot, change: Change): void {
  const live = (type: ModelType): string[] => [...state.all(type)].map(({ id }) => id);
  const pick = (ids: readonly string[], at: number): string | undefined => ids[at % Math.max(1, ids.length)];
  switch (change.do) {
    case 'create':
      state.create(change.type, { name: change.value });
      return;
    case 'edit': {
      const id = pick(live(change.type), change.at);
      if (id !== undefined) state.update(change.type, id, { [change.name]: change.value });
      return;
    }
    case 'drift': {
      const id = pick(live(change.type), change.at);
      if (id !== undefined) state.update(change.type, id, { score: change.value }, { silent: true });
      return;
    }
    case 'archive': {
      const id = pick(live(change.type), change.at);
      if (id !== undefined) state.archive(change.type, id);
      return;
    }
    case 'restore':
    case 'purge': {
      const archived = [...state.all(change.type, true)].map((record) => record.id);
      const id = pick(change.do === 'restore' ? archived : [...live(change.type), ...archived], change.at);
      if (id === undefined) return;
      if (change.do === 'restore') state.restore(change.type, id);
      else state.purge(change.type, id);
      return;
    }
    case 'merge': {
      const [loser, winner] = [pick(live(change.type), change.at), pick(live(change.type), change.into)];
      if (loser === undefined || winner === undefined || loser === winner) return;
      faults.mergeMakesNewId = change.newId;
      state.merge(change.type, winner, loser);
      return;
    }
    case 'link': {
      const link = MODEL_LINKS[change.link];
      if (link === undefined) return;
      const [from, to] = [pick(live(link.fromType), change.from), pick(live(link.toType), change.to)];
      if (from !== undefined && to !== undefined) state.associate(link.fromType, from, link.toType, to, link);
      return;
    }
    case 'unlink': {
      const link = MODEL_LINKS[change.link];
      const from = link === undefined ? undefined : pick(live(link.fromType), change.from);
      if (link === undefined || from === undefined) return;
      const linked = state.associations(link.fromType, from, link.toType).map(({ toId }) => toId);
      const to = pick(linked, change.at);
      if (to !== undefined)
        state.dissociate(link.fromType, from, link.toType, to, change.whole ? undefined : link.typeId);
    }
  }
}

/** Turns a switch of the fake, or lets something go wrong from now on. */
export function turn({ faults, definitions }: FakeHubSpot, step: Switch): void {
  switch (step.do) {
    case 'define':
      definitions.put(step.type, { ...defined(step.name), hasUniqueValue: false });
      return;
    case 'lag':
      faults.indexLagMs = step.minutes * MINUTE;
      return;
    case 'tail':
      faults.outOfOrderMs = step.minutes * MINUTE;
      return;
    case 'ids':
      faults.idOrder = step.order;
      return;
    case 'pages':
      faults.pageRows = step.rows;
      faults.associationPage = step.rows;
      faults.opaqueCursors = step.opaque;
      faults.shortPages = step.short === 0 ? null : (page) => (page % 3 === 0 ? step.short : 0);
      return;
    case 'unknown ids':
      faults.unknownIds = step.answer;
      return;
    case 'fault':
      faults.rules.push(ruleOf(step.fault, step.at, step.times));
      return;
  }
}

/** All is well from now on, also at the beginning; search has caught up as soon as the clock has moved on. */
export function calm({ faults }: FakeHubSpot): void {
  faults.rules = [OTHERS];
  faults.betweenRequests = null;
  faults.indexLagMs = 0;
  faults.outOfOrderMs = 0;
  faults.shortPages = null;
}

export function isAt({ method, path, query }: FakeRequest, { type, read }: Moment): boolean {
  const isBin = query.get('archived') === 'true';
  switch (read) {
    case 'list':
    case 'bin':
      return method === 'GET' && path === `/crm/objects/2026-09/${type}` && isBin === (read === 'bin');
    case 'search':
      return path === `/crm/objects/2026-09/${type}/search`;
    case 'batch':
      return path === `/crm/objects/2026-09/${type}/batch/read`;
    case 'properties':
      return path === `/crm/properties/2026-09/${type}`;
    case 'links':
      return path.startsWith(`/crm/associations/2026-09/${type}/`);
  }
}

function ruleOf(name: FaultName, at: Moment, times: number): FaultRule {
  const batch: Moment = { type: at.type, read: name === 'refused batch' ? 'batch' : 'links' };
  const place = name === 'refused batch' || name === 'failed links' ? batch : at;
  return { fault: faultOf(name), match: (request) => isAt(request, place), times };
}

function faultOf(name: FaultName): Fault {
  switch (name) {
    case 'burst':
      return { do: 'reply', reply: tooMany('TEN_SECONDLY_ROLLING', 3) };
    case 'slow search':
      return { do: 'reply', reply: tooMany('SECONDLY') };
    case 'daily':
      return { do: 'reply', reply: tooMany('DAILY') };
    case 'unavailable':
      return { do: 'reply', reply: { status: 503, body: { message: 'unavailable' } } };
    case 'error page':
      return { do: 'reply', reply: htmlPage(524) };
    case 'login page':
      return { do: 'reply', reply: { ...htmlPage(502), status: 200 } };
    case 'reset':
    case 'cut':
      return { do: name };
    case 'refused batch':
      return { do: 'reply', reply: { status: 400, body: { message: 'not now' } } };
    case 'failed links': {
      const errors = [{ category: 'INTERNAL_ERROR', message: 'try later', context: {} }];
      return { do: 'reply', reply: { status: 207, body: { status: 'COMPLETE', results: [], errors } } };
    }
  }
}
