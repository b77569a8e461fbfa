import { html, type Html } from '../http/html.ts';
import type { Text } from './text/text.ts';

interface NamedRecord {
  type: string;
  id: string;
  /** what it is called, where that is known and says more than its kind */
  name?: string | null;
  /** null where HubSpot has no page for it */
  hubspotUrl: string | null;
}

/** A record by its name, else by its kind and number; where HubSpot shows it, a link there. A long name is cut, and whole in its tooltip. */
export function recordLink(text: Text, { type, id, name: called = null, hubspotUrl }: NamedRecord): Html {
  const kind = text.find(`record.${type}`, type);
  const name =
    called === null
      ? html`${kind} <span class="number">${id}</span>`
      : html`<span class="record-name" title="${called} (${kind} ${id})">${called}</span>`;
  return hubspotUrl === null
    ? name
    : html`<a href="${hubspotUrl}" target="_blank" rel="noopener noreferrer"
        >${name}<span class="unseen">, ${text.t('record.newTab')}</span></a
      >`;
}

/** Says once, for those who see the page, where its records' links lead; nothing where there is none. */
export function newTabNote(text: Text, records: readonly { hubspotUrl: string | null }[]): Html | null {
  return records.some((one) => one.hubspotUrl !== null)
    ? html`<p class="fine">${text.t('record.note')}</p>`
    : null;
}

/** Where the page stands that explains one company. */
export function whyAddress(companyId: string): string {
  return `/why?${new URLSearchParams({ company: companyId }).toString()}`;
}
