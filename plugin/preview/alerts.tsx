import { useContext, useSyncExternalStore } from 'react';
import type { Alert } from './platform.ts';
import { HostWords } from './words.ts';

const SHOWN_MS = 6000;

export interface AlertStore {
  add: (alert: Alert) => void;
  subscribe: (onChange: () => void) => () => void;
  shown: () => readonly (Alert & { id: number })[];
}

/** What the card told the user, for some seconds each. */
export function createAlerts(): AlertStore {
  let shown: readonly (Alert & { id: number })[] = [];
  let count = 0;
  const listeners = new Set<() => void>();
  const change = (next: typeof shown): void => {
    shown = next;
    for (const listener of listeners) listener();
  };
  return {
    add: (alert) => {
      count += 1;
      const id = count;
      change([...shown, { ...alert, id }]);
      setTimeout(() => change(shown.filter((one) => one.id !== id)), SHOWN_MS);
    },
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    shown: () => shown,
  };
}

export function Alerts({ alerts }: { alerts: AlertStore }) {
  const words = useContext(HostWords);
  const shown = useSyncExternalStore(alerts.subscribe, alerts.shown);
  return (
    <div className="hs-toasts" role="status" aria-label={words.alerts}>
      {shown.map(({ id, type = 'info', title, message }) => (
        <div key={id} className="hs-alert" data-tone={type}>
          {title !== undefined && <strong>{title}</strong>}
          <p>{message}</p>
        </div>
      ))}
    </div>
  );
}
