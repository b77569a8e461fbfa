import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import type { Delivery, Subscription, WebhookEvent } from '../../src/demo/fake/webhooks.ts';
import { freePort } from '../support/product.ts';
import { MINUTE_MS, NOW, openFake, type Asker } from './fake-client.ts';

interface Received {
  events: WebhookEvent[];
  raw: string;
  signature: string;
  timestamp: string;
}

interface Receiver {
  url: string;
  received: Received[];
  /** what to answer; `null` leaves the sender waiting */
  status: number | null;
}

async function openReceiver(): Promise<Receiver> {
  const receiver: Receiver = { url: '', received: [], status: 200 };
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const raw = Buffer.concat(chunks).toString();
      receiver.received.push({
        events: JSON.parse(raw) as WebhookEvent[],
        raw,
        signature: String(request.headers['x-hubspot-signature-v3']),
        timestamp: String(request.headers['x-hubspot-request-timestamp']),
      });
      if (receiver.status !== null) response.writeHead(receiver.status).end();
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  receiver.url = `http://127.0.0.1:${address.port}/webhooks/hubspot`;
  return receiver;
}

async function openBoth(
  subscriptions: Subscription[],
  signedUrl?: string,
): Promise<Asker & { receiver: Receiver; deliver: () => Promise<Delivery[]> }> {
  const receiver = await openReceiver();
  const asker = await openFake({
    objects: {
      companies: [{ id: '7000000101' }, { id: '7000000102' }],
      contacts: [{ id: '7000000201' }],
    },
  });
  asker.fake.webhooks.subscribe({
    url: receiver.url,
    subscriptions,
    ...(signedUrl === undefined ? {} : { signedUrl }),
  });
  return { ...asker, receiver, deliver: () => asker.fake.webhooks.deliver() };
}

const CREATED: Subscription = { subscriptionType: 'object.creation', objectType: 'company' };
const RENAMED: Subscription = {
  subscriptionType: 'object.propertyChange',
  objectType: 'company',
  propertyName: 'name',
};

it('tells what was subscribed, with who did it, and nothing else', async () => {
  const { fake, ask, receiver, deliver } = await openBoth([CREATED, RENAMED]);
  fake.state.create('contacts', { email: 'x@y.example' });
  fake.state.update('companies', '7000000101', { name: 'By hand', domain: 'a.example' });
  fake.state.update('companies', '7000000102', { name: 'Calculated' }, { silent: true });
  const body = { properties: { name: 'By the app' } };
  await ask('POST', '/crm/objects/2026-09/companies', { body });
  await deliver();
  expect(receiver.received.flatMap((one) => one.events)).toMatchObject([
    {
      subscriptionId: 2,
      portalId: 4_242_424,
      appId: 4711,
      occurredAt: NOW.getTime(),
      subscriptionType: 'object.propertyChange',
      attemptNumber: 0,
      objectId: 7_000_000_101,
      objectTypeId: '0-2',
      changeSource: 'CRM_UI',
      propertyName: 'name',
      propertyValue: 'By hand',
      isSensitive: false,
    },
    {
      subscriptionType: 'object.creation',
      changeSource: 'INTEGRATION',
      sourceId: '4711',
      changeFlag: 'CREATED',
    },
    { subscriptionType: 'object.propertyChange', propertyValue: 'By the app' },
  ]);
  expect(fake.webhooks.waiting()).toBe(0);
});

it('tells archiving, restoring, merging, erasing and associations in their own words', async () => {
  const { fake, receiver, deliver } = await openBoth([
    { subscriptionType: 'object.deletion', objectType: 'company' },
    { subscriptionType: 'object.restore', objectType: 'company' },
    { subscriptionType: 'company.merge' },
    { subscriptionType: 'contact.privacyDeletion' },
    { subscriptionType: 'company.associationChange' },
  ]);
  fake.faults.mergeMakesNewId = true;
  fake.state.associate('companies', '7000000101', 'contacts', '7000000201', { typeId: 2, backTypeId: 1 });
  fake.state.dissociate('companies', '7000000101', 'contacts', '7000000201');
  fake.state.archive('companies', '7000000101');
  fake.state.restore('companies', '7000000101');
  const { id } = fake.state.merge('companies', '7000000101', '7000000102');
  fake.state.purge('contacts', '7000000201');
  await deliver();
  const link = {
    subscriptionType: 'company.associationChange',
    associationType: 'COMPANY_TO_CONTACT',
    fromObjectId: 7_000_000_101,
    toObjectId: 7_000_000_201,
    isPrimaryAssociation: true,
  };
  expect(receiver.received[0]?.events).toMatchObject([
    { ...link, associationRemoved: false },
    { ...link, associationRemoved: true },
    { subscriptionType: 'object.deletion', objectId: 7_000_000_101, changeFlag: 'DELETED' },
    { subscriptionType: 'object.restore', changeFlag: 'RESTORED' },
    {
      subscriptionType: 'company.merge',
      primaryObjectId: 7_000_000_101,
      mergedObjectIds: [7_000_000_102],
      newObjectId: Number(id),
    },
    { subscriptionType: 'contact.privacyDeletion', objectId: 7_000_000_201 },
  ]);
  expect(receiver.received[0]?.events[4]).not.toHaveProperty('objectTypeId');
});

it('is signed over the address HubSpot believes it calls, the raw body and the time', async () => {
  const signedUrl = 'https://cs.example.com/webhooks/hubspot';
  const { fake, receiver, deliver } = await openBoth([CREATED], signedUrl);
  fake.state.create('companies', { name: 'Söhne & Co' });
  await deliver();
  const [one] = receiver.received;
  expect(one?.timestamp).toBe(String(NOW.getTime()));
  const text = `POST${signedUrl}${one?.raw}${one?.timestamp}`;
  expect(one?.signature).toBe(createHmac('sha256', fake.oauth.clientSecret).update(text).digest('base64'));
});

it('comes in batches of a hundred at most', async () => {
  const { fake, receiver, deliver } = await openBoth([CREATED]);
  for (let n = 0; n < 250; n += 1) fake.state.create('companies', {});
  await deliver();
  expect(receiver.received.map((one) => one.events.length)).toEqual([100, 100, 50]);
});

it('is tried again after a failure, later each time, ten times at most', async () => {
  const { fake, clock, receiver, deliver } = await openBoth([CREATED]);
  receiver.status = 503;
  fake.state.create('companies', {});
  const attempts: number[] = [];
  for (let minute = 0; minute <= 24 * 60; minute += 1) {
    for (const delivery of await deliver()) attempts.push(Number(delivery.events[0]?.['attemptNumber']));
    await clock.advance(MINUTE_MS);
  }
  expect(attempts).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(fake.webhooks.waiting()).toBe(0);
  expect(new Set(receiver.received.map((one) => one.events[0]?.['eventId'])).size).toBe(1);
});

it('is delivered by a later try, with the same event', async () => {
  const { fake, clock, receiver, deliver } = await openBoth([CREATED]);
  receiver.status = 500;
  fake.state.create('companies', {});
  expect(await deliver()).toMatchObject([{ status: 500 }]);
  receiver.status = 204;
  expect(await deliver()).toEqual([]);
  await clock.advance(MINUTE_MS);
  expect(await deliver()).toMatchObject([
    { status: 204, events: [{ attemptNumber: 1, occurredAt: NOW.getTime() }] },
  ]);
  expect(fake.webhooks.waiting()).toBe(0);
});

it('counts no answer in time, and no receiver at all, as a failure', async () => {
  const { fake, receiver, deliver } = await openBoth([CREATED]);
  receiver.status = null;
  fake.webhooks.answerWithinMs = 100;
  fake.state.create('companies', {});
  expect(await deliver()).toMatchObject([{ status: null }]);
  fake.webhooks.subscribe({ url: `http://127.0.0.1:${await freePort()}/nobody`, subscriptions: [CREATED] });
  fake.state.create('companies', {});
  expect(await deliver()).toMatchObject([{ status: null }]);
  expect(fake.webhooks.waiting()).toBe(2);
});

it('may come twice, in the wrong order, and with one id for all events', async () => {
  const { fake, receiver, deliver } = await openBoth([RENAMED]);
  Object.assign(fake.webhooks, { twice: true, reversed: true, sameEventId: true, batchSize: 2 });
  for (const name of ['first', 'second', 'third']) fake.state.update('companies', '7000000101', { name });
  await deliver();
  const values = receiver.received.map((one) => one.events.map((event) => event['propertyValue']));
  expect(values).toEqual([['third', 'second'], ['third', 'second'], ['first'], ['first']]);
  expect(new Set(receiver.received.flatMap((one) => one.events.map((event) => event['eventId'])))).toEqual(
    new Set([1]),
  );
});

it('is sent to loopback only, and to nobody after the app has left', async () => {
  const { fake, receiver, deliver } = await openBoth([CREATED]);
  expect(() => fake.webhooks.subscribe({ url: 'https://example.com/hook', subscriptions: [] })).toThrow(
    'loopback only',
  );
  fake.webhooks.unsubscribe();
  fake.state.create('companies', {});
  expect(await deliver()).toEqual([]);
  expect(receiver.received).toEqual([]);
});
