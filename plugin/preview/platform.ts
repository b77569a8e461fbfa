import { isRecord, type Settings } from './settings.ts';

/** The address that the card believes Holdfast to have: HubSpot fetches https only, and only what the app's config permits. */
const API_HOST = 'https://holdfast.preview';
const CARD_PATH = '/api/card/accounts/';
const DEFAULT_TIMEOUT_MS = 15_000;

export interface Alert {
  type?: string;
  title?: string;
  message: string;
}

/** What HubSpot gives a card, played by this page. */
export interface Platform {
  context: Readonly<Record<string, unknown>>;
  actions: Readonly<Record<string, (...given: never[]) => unknown>>;
  hsFetch: (url: string, options?: { timeout?: number }) => Promise<Response>;
}

export function createPlatform(settings: Settings, onAlert: (alert: Alert) => void): Platform {
  const { words } = settings;
  const elsewhere = (): void => onAlert({ type: 'info', message: words.onlyInHubSpot });
  return {
    context: {
      location: settings.location,
      crm: { objectId: settings.objectId, objectTypeId: '0-2' },
      portal: { id: settings.portalId, timezone: settings.timeZone },
      user: {
        id: 0,
        email: '',
        emails: [],
        firstName: '',
        lastName: '',
        roles: [],
        teams: [],
        permissions: [],
        locale: navigator.language,
      },
      extension: { appId: 0, appName: 'Holdfast', cardTitle: settings.title },
      variables: { API_HOST },
    },
    actions: {
      addAlert: (alert: Alert) => onAlert(alert),
      copyTextToClipboard: (text: string) => navigator.clipboard.writeText(text),
      reloadPage: () => location.reload(),
      refreshObjectProperties: () => {},
      onCrmPropertiesUpdate: () => {},
      fetchCrmObjectProperties: () => Promise.resolve({}),
      closeOverlay: () => {},
      openIframeModal: elsewhere,
      navigateToPage: elsewhere,
    },
    hsFetch: (url, options = {}) => fetchAsHubSpot(url, settings, options.timeout ?? DEFAULT_TIMEOUT_MS),
  };
}

// As HubSpot does: other hosts are refused, and a failing status arrives as a status of 200 with an envelope around it.
async function fetchAsHubSpot(url: string, settings: Settings, timeout: number): Promise<Response> {
  const wanted = API_HOST + CARD_PATH;
  if (!url.startsWith(wanted)) return wrapped(403, null);
  const answer = await fetch(settings.api + url.slice(wanted.length), {
    headers: { accept: 'application/json' },
    cache: 'no-store',
    signal: AbortSignal.timeout(timeout),
  });
  return answer.ok ? answer : wrapped(answer.status, await answer.text());
}

function wrapped(status: number, responseBody: string | null): Response {
  return Response.json({
    status: 'error',
    category: 'BAD_GATEWAY',
    context: { appServerStatusCode: [String(status)] },
    responseBody,
  });
}

/** What the card's bundle finds in its global scope, as in HubSpot's worker. */
export function workerApi({ context, actions }: Platform): Record<string, unknown> {
  const nothing = () => Promise.resolve(Response.json({ data: {} }));
  return {
    useExtensionContext: () => context,
    useExtensionActions: () => actions,
    useExtensionApi: () => ({ context, actions }),
    useAppPageLocation: () => null,
    fetchCrmProperties: nothing,
    fetchAssociations: nothing,
    fetchCrmSearch: nothing,
    fetchHubSpotApi: nothing,
    formatCrmProperties: (request: unknown) =>
      Promise.resolve(Response.json(isRecord(request) ? request['propertiesList'] : [])),
  };
}
