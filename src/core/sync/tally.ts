import type { HubSpotPort, Tally } from '../hubspot-port.ts';

/** The same HubSpot, whose calls are counted apart: types are read side by side, and each wants to know what it cost. */
export function tallied(port: HubSpotPort, tally: Tally): HubSpotPort {
  return {
    accountInfo: (call) => port.accountInfo({ ...call, tally }),
    properties: (objectType, call) => port.properties(objectType, { ...call, tally }),
    pipelines: (objectType, call) => port.pipelines(objectType, { ...call, tally }),
    owners: (call) => port.owners({ ...call, tally }),
    schemas: (call) => port.schemas({ ...call, tally }),
    list: (request, call) => port.list(request, { ...call, tally }),
    batchRead: (request, call) => port.batchRead(request, { ...call, tally }),
    search: (request, call) => port.search(request, { ...call, tally }),
    associations: (request, call) => port.associations(request, { ...call, tally }),
    usage: () => port.usage(),
  };
}
