import type { CardDocument } from '../core/accounts/card-document.ts';
import { hubspotUrl } from '../core/accounts/hubspot-url.ts';
import type { Frame } from '../core/portals/frame.ts';
import { html, type Html } from '../http/html.ts';
import { recordLink } from './records.ts';
import type { Text } from './text/text.ts';
import { dayOf } from './time.ts';

/** What the parts of an account's page are made from. */
export interface Portrait {
  text: Text;
  card: CardDocument;
  portal: Frame['portal'];
}

/** Where a fact was read; the card's document says it. */
export interface Origin {
  rule: string;
  property: string | null;
  records: readonly { type: string; id: string }[];
}

/** A record by its kind and number, as a link where HubSpot has a page for it. */
export function recordOfCard({ text, portal }: Portrait, { type, id }: Origin['records'][number]): Html {
  return recordLink(text, { type, id, hubspotUrl: hubspotUrl(portal, type, id) });
}

/**
 * Where a fact comes from: the rule in words, the property it was read from, the records. In a fold, for who doubts it. What the fact is
 * stands beside it, or is `named` where several folds stand together.
 */
export function origin(
  portrait: Portrait,
  what: string,
  { rule, property, records }: Origin,
  naming: 'beside' | 'named' = 'beside',
): Html {
  const { text } = portrait;
  return html`<details class="origin">
    <summary>
      ${text.t('accountPage.origin')}<span class="${naming === 'beside' && 'unseen'}">: ${what}</span>
    </summary>
    <p>${text.find(`rule.${rule}`, rule)}</p>
    ${property !== null && html`<p>${text.t('accountPage.property')} <code>${property}</code></p>`}
    ${
      records.length > 0 &&
      html`<ul>
        ${records.map((one) => html`<li>${recordOfCard(portrait, one)}</li>`)}
      </ul>`
    }
  </details>`;
}

/** A day of the card, as people write it. */
export function dayIn(text: Text, iso: string): string {
  return text.calendarDay(dayOf(iso));
}
