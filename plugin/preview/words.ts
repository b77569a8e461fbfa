import { createContext } from 'react';
import type { Settings } from './settings.ts';

/** The few words of the host itself, from the page's catalogue. */
export const HostWords = createContext<Settings['words']>({
  newTab: '',
  notLoaded: '',
  onlyInHubSpot: '',
  alerts: '',
  table: '',
});
