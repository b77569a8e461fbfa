import { createHmac } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import type { Change } from './changes.ts';
import { singular, typeIdOf } from './names.ts';
import { APP_ID } from './types.ts';

/** What an app asks to be told: `object.creation` of a type, or in the older words `company.merge`. */
export interface Subscription {
  subscriptionType: string;
  objectType?: string;
  propertyName?: string;
}

export interface WebhookTarget {
  /** on loopback */
  url: string;
  /** the address HubSpot believes it calls, when a proxy stands before the app; it is the one that is signed */
  signedUrl?: string;
  subscriptions: readonly Subscription[];
}

export type WebhookEvent = Record<string, unknown>;

export interface Delivery {
  at: number;
  /** null when nothing answered in time */
  status: number | null;
  events: readonly WebhookEvent[];
}

/** An app's webhooks. Nothing is sent by itself: `deliver` sends what is due, so that a test holds the moment. */
export interface FakeWebhooks {
  subscribe(target: WebhookTarget): void;
  unsubscribe(): void;
  /** Sends everything that is due by the clock and answers what came of it. */
  deliver(): Promise<Delivery[]>;
  /** events not delivered yet, those that wait for their next try included */
  waiting(): number;
  /** switches */
  batchSize: number;
  answerWithinMs: number;
  /** every batch comes a second time */
  twice: boolean;
  /** the youngest come first */
  reversed: boolean;
  /** all events carry one eventId: HubSpot does not promise that it is unique */
  sameEventId: boolean;
}

interface Waiting {
  event: WebhookEvent;
  attempt: number;
  dueAt: number;
}

const MOST_EVENTS = 100;
const MINUTE_MS = 60_000;
/** After a failure HubSpot tries again up to ten times, spread over a day. */
const RETRY_AFTER_MINUTES = [1, 5, 15, 45, 90, 150, 210, 270, 300, 330];

export function createWebhooks(options: {
  clock: Clock;
  portalId: number;
  clientSecret: () => string;
}): FakeWebhooks & { take(change: Change): void } {
  const { clock, portalId, clientSecret } = options;
  let target: WebhookTarget | null = null;
  let waiting: Waiting[] = [];
  let nextEventId = 1;

  async function send(batch: readonly Waiting[], to: WebhookTarget): Promise<Delivery> {
    const events = batch.map((one) => ({ ...one.event, attemptNumber: one.attempt }));
    const at = clock.now().getTime();
    const status = await deliverWebhooks(
      {
        url: to.url,
        signedUrl: to.signedUrl ?? to.url,
        clientSecret: clientSecret(),
        clock,
        answerWithinMs: webhooks.answerWithinMs,
      },
      events,
    ).catch(() => null);
    return { at, status, events };
  }

  function retryLater(batch: readonly Waiting[]): void {
    for (const one of batch) {
      const minutes = RETRY_AFTER_MINUTES[one.attempt];
      if (minutes === undefined) continue; // HubSpot gives up
      waiting.push({ ...one, attempt: one.attempt + 1, dueAt: clock.now().getTime() + minutes * MINUTE_MS });
    }
  }

  const webhooks: FakeWebhooks & { take(change: Change): void } = {
    batchSize: MOST_EVENTS,
    answerWithinMs: 5000,
    twice: false,
    reversed: false,
    sameEventId: false,
    waiting: () => waiting.length,
    subscribe: (to) => {
      if (!isLoopback(to.url))
        throw new RangeError(`The fake sends webhooks to loopback only, not to ${to.url}.`);
      target = to;
    },
    unsubscribe: () => {
      target = null;
    },
    take: (change) => {
      const now = clock.now().getTime();
      for (const [n, subscription] of (target?.subscriptions ?? []).entries()) {
        if (!isMeant(subscription, change)) continue;
        const eventId = webhooks.sameEventId ? 1 : nextEventId++;
        const event = {
          eventId,
          subscriptionId: n + 1,
          portalId,
          appId: APP_ID,
          occurredAt: now,
          subscriptionType: subscription.subscriptionType,
          ...(subscription.subscriptionType.startsWith('object.')
            ? { objectTypeId: typeIdOf(change.type) }
            : {}),
          ...detailsOf(change),
        };
        waiting.push({ event, attempt: 0, dueAt: now });
      }
    },
    deliver: async () => {
      const now = clock.now().getTime();
      const due = waiting.filter((one) => one.dueAt <= now);
      waiting = waiting.filter((one) => one.dueAt > now);
      if (target === null) return [];
      if (webhooks.reversed) due.reverse();
      const deliveries: Delivery[] = [];
      for (let start = 0; start < due.length; start += webhooks.batchSize) {
        const batch = due.slice(start, start + webhooks.batchSize);
        for (let times = webhooks.twice ? 2 : 1; times > 0; times -= 1) {
          const delivery = await send(batch, target);
          deliveries.push(delivery);
          const failed = delivery.status === null || delivery.status < 200 || delivery.status > 299;
          if (failed && times === 1) retryLater(batch);
        }
      }
      return deliveries;
    },
  };
  return webhooks;
}

/** Sends webhook events as HubSpot does: an array of up to 100, signed with v3; answers the receiver's status. */
export async function deliverWebhooks(
  options: { url: string; signedUrl?: string; clientSecret: string; clock: Clock; answerWithinMs?: number },
  events: readonly WebhookEvent[],
): Promise<number> {
  if (events.length > MOST_EVENTS) throw new RangeError('HubSpot sends 100 events at most');
  const body = JSON.stringify(events);
  const timestamp = String(options.clock.now().getTime());
  const signature = createHmac('sha256', options.clientSecret)
    .update(`POST${options.signedUrl ?? options.url}${body}${timestamp}`)
    .digest('base64');
  const response = await fetch(options.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hubspot-signature-v3': signature,
      'x-hubspot-request-timestamp': timestamp,
    },
    body,
    ...(options.answerWithinMs === undefined ? {} : { signal: AbortSignal.timeout(options.answerWithinMs) }),
  });
  await response.arrayBuffer();
  return response.status;
}

function isMeant({ subscriptionType, objectType, propertyName }: Subscription, change: Change): boolean {
  const [subject, kind] = subscriptionType.split('.');
  const meantType = subject === 'object' ? objectType : subject;
  return (
    kind === change.kind &&
    meantType === singular(change.type) &&
    (change.kind !== 'propertyChange' || propertyName === change.name)
  );
}

function detailsOf(change: Change): WebhookEvent {
  const author =
    change.by === 'app'
      ? { changeSource: 'INTEGRATION', sourceId: String(APP_ID) }
      : { changeSource: 'CRM_UI', sourceId: 'userId:1' };
  const objectId = Number(change.id);
  switch (change.kind) {
    case 'creation':
      return { objectId, ...author, changeFlag: 'CREATED' };
    case 'deletion':
      return { objectId, ...author, changeFlag: 'DELETED' };
    case 'restore':
      return { objectId, ...author, changeFlag: 'RESTORED' };
    case 'privacyDeletion':
      return { objectId, ...author };
    case 'propertyChange':
      return {
        objectId,
        ...author,
        propertyName: change.name,
        propertyValue: change.value,
        isSensitive: false,
      };
    case 'merge':
      return {
        objectId,
        ...author,
        changeFlag: 'MERGED',
        primaryObjectId: Number(change.primaryId),
        mergedObjectIds: change.mergedIds.map(Number),
        newObjectId: objectId,
        numberOfPropertiesMoved: change.moved,
      };
    case 'associationChange':
      return {
        ...author,
        associationType: `${singular(change.type)}_TO_${singular(change.toType)}`.toUpperCase(),
        associationTypeId: change.typeId,
        fromObjectId: objectId,
        toObjectId: Number(change.toId),
        associationRemoved: change.removed,
        isPrimaryAssociation: [1, 2, 5, 6, 25, 26].includes(change.typeId),
      };
  }
}

function isLoopback(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}
