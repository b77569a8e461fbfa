/** What the page tells the host. */
export interface Settings {
  location: 'crm.record.sidebar' | 'crm.record.tab';
  title: string;
  /** a number in HubSpot; accounts that were imported have other ids */
  objectId: string;
  portalId: number;
  timeZone: string;
  /** where accounts are read, without the id */
  api: string;
  words: { newTab: string; notLoaded: string; onlyInHubSpot: string; alerts: string; table: string };
}

/** Reads what the page wrote into its element; the page is ours, so anything else is a fault. */
export function readSettings(element: HTMLElement): Settings {
  const given: unknown = JSON.parse(element.dataset['settings'] ?? 'null');
  if (!isRecord(given) || !isRecord(given['words']))
    throw new Error('The page holds no settings for the preview.');
  return given as unknown as Settings;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
