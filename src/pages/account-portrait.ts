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

/** A record by its name, else by its kind and number, as a link where HubSpot has a page for it. */
export function recordOfCard(
  { text, portal }: Portrait,
  { type, id }: Origin['records'][number],
  name: string | null = null,
): Html {
  return recordLink(text, { type, id, name, hubspotUrl: hubspotUrl(portal, type, id) });
}

/** A fact by its name, and where it was read; null for one that is not known. */
export interface Sourced {
  what: string;
  origin: Origin | null;
}

/** Where the facts above come from, for who doubts them: of each the rule in words, the property it was read from and the records; all in one fold. */
export function originFold(portrait: Portrait, title: string, facts: readonly Sourced[]): Html | null {
  const known = facts.flatMap(({ what, origin }) => (origin === null ? [] : [{ what, origin }]));
  if (known.length === 0) return null;
  return html`<details class="origins">
    <summary>${title}</summary>
    <dl>
      ${known.map(
        ({ what, origin }) =>
          html`<div class="origin">
            <dt>${what}</dt>
            ${originOf(portrait, origin)}
          </div>`,
      )}
    </dl>
  </details>`;
}

function originOf(portrait: Portrait, { rule, property, records }: Origin): Html {
  const { text } = portrait;
  return html`<dd>${text.find(`rule.${rule}`, rule)}</dd>
    ${property !== null && html`<dd>${readFrom(text, property)}</dd>`}
    ${records.length > 0 && html`<dd class="origin-records">${records.map((one) => html`<span>${recordOfCard(portrait, one)}</span>`)}</dd>`}`;
}

/** What a value was read from: the property, or in words what was made of several. */
export function readFrom(text: Text, rule: string): Html {
  const words = text.find(`contractRule.${rule}`, '');
  return words === '' ? html`${text.t('accountPage.origin.property')} <code>${rule}</code>` : html`${words}`;
}

/** A day of the card, as people write it. */
export function dayIn(text: Text, iso: string): string {
  return text.calendarDay(dayOf(iso));
}
