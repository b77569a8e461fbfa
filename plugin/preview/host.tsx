/**
 * Shows a card outside HubSpot. The bundle that follows this script is the one HubSpot runs: it finds the same globals, draws into the same
 * kind of remote root, and its tree is drawn here by components of our own.
 */
import * as React from 'react';
import { createRoot } from 'react-dom/client';
import { createRemoteRoot } from '@remote-ui/core';
import * as RemoteUI from '@remote-ui/react';
import { createController, createRemoteReceiver, RemoteRenderer } from '@remote-ui/react/host';
import { Alerts, createAlerts } from './alerts.tsx';
import { COMPONENTS } from './components.ts';
import { createPlatform, workerApi } from './platform.ts';
import { readSettings, type Settings } from './settings.ts';
import { HostWords } from './words.ts';

type Extension = (api: unknown) => React.ReactElement;

const element = document.querySelector<HTMLElement>('[data-card-preview]');
if (element !== null) openHost(element, readSettings(element));

function openHost(element: HTMLElement, settings: Settings): void {
  const alerts = createAlerts();
  const platform = createPlatform(settings, alerts.add);
  const api = workerApi(platform);
  let isShown = false;
  Object.assign(globalThis, {
    React,
    RemoteUI,
    __HUBSPOT_EXTENSION_WORKER__: true,
    logger: console,
    hsFetch: platform.hsFetch,
    hsWorkerAPI: api,
    extend_V2: (extension: Extension) => {
      isShown = true;
      show(element, extension({ context: platform.context, actions: platform.actions }), settings, alerts);
    },
  });
  addEventListener('load', () => {
    if (!isShown) element.textContent = settings.words.notLoaded;
  });
}

function show(
  element: HTMLElement,
  card: React.ReactElement,
  { words }: Settings,
  alerts: ReturnType<typeof createAlerts>,
): void {
  const receiver = createRemoteReceiver();
  const remote = createRemoteRoot(receiver.receive, { strict: false });
  RemoteUI.createRoot(remote).render(card);
  void remote.mount(); // the receiver is in this page: there is nothing to wait for
  const controller = createController(COMPONENTS);
  createRoot(element).render(
    <HostWords.Provider value={words}>
      <RemoteRenderer receiver={receiver} controller={controller} />
      <Alerts alerts={alerts} />
    </HostWords.Provider>,
  );
}
