import { getActivity, type Activity } from '../core/portals/activity.ts';
import { getFrame } from '../core/portals/frame.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { signedInPage, type PageExchange } from './layout.ts';
import { textIn, type Text } from './text/text.ts';
import { time } from './time.ts';

type Entry = Activity['entries'][number];
type Outgoing = Activity['outgoing'][number];

/** What was done and by whom, and what left Holdfast or would have. */
export async function showActivity(exchange: PageExchange): Promise<Reply> {
  const { web, me, language } = exchange;
  const [frame, activity] = await Promise.all([getFrame(web, me.actor.portal), getActivity(web, me.actor)]);
  const text = textIn(language, frame.portal.timeZone);
  const now = web.clock.now();
  const title = text.t('activity.title');
  const body = html`<header class="hero">
      <h1>${title}</h1>
      <p class="lead">${text.t('activity.lead')}</p>
    </header>
    <section class="card" aria-labelledby="outgoing">
      <h2 id="outgoing">${text.t('activity.outgoing')}</h2>
      ${
        activity.outgoing.length === 0
          ? html`<p class="empty">${text.t('activity.outgoingNone')}</p>`
          : outgoingTable(text, activity.outgoing, now)
      }
    </section>
    <section class="card" aria-labelledby="trail">
      <h2 id="trail">${text.t('activity.trail')}</h2>
      ${
        activity.entries.length === 0
          ? html`<p class="empty">${text.t('activity.trailNone')}</p>`
          : trailTable(text, activity.entries, now)
      }
    </section>`;
  return { kind: 'page', html: signedInPage(exchange, text, frame, { title, body, current: 'activity' }) };
}

function table(text: Text, labelledBy: string, heads: readonly string[], rows: readonly Html[]): Html {
  return html`<table class="stacks" role="table" aria-labelledby="${labelledBy}">
      <thead role="rowgroup">
        <tr role="row">
          ${heads.map((head) => html`<th role="columnheader" scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows}
      </tbody>
    </table>
    <p class="fine">${text.t('activity.newest', { count: rows.length })}</p>`;
}

function outgoingTable(text: Text, outgoing: readonly Outgoing[], now: Date): Html {
  const [what, where, state, when] = (['what', 'where', 'state', 'when'] as const).map((key) =>
    text.t(`activity.${key}`),
  );
  const rows = outgoing.map(
    (row) =>
      html`<tr role="row">
        <td role="cell" class="company">
          <details>
            <summary class="company-name">${text.t(`kind.${row.kind}`)}</summary>
            <dl class="payload">
              ${Object.entries(row.payload).map(
                ([name, value]) =>
                  html`<dt>${name}</dt>
                    <dd>${written(value)}</dd>`,
              )}
            </dl>
          </details>
        </td>
        <td role="cell" data-label="${where}">${row.target}</td>
        <td role="cell" data-label="${state}">
          <span class="badge" data-tone="${toneOf(row)}">${text.t(`outbox.${row.state}`)}</span>
        </td>
        <td role="cell" data-label="${when}">${time(text, row.created_at, now)}</td>
      </tr>`,
  );
  return table(text, 'outgoing', [what ?? '', where ?? '', state ?? '', when ?? ''], rows);
}

function toneOf({ state }: Outgoing): 'well' | 'waiting' | 'ill' {
  return state === 'sent' ? 'well' : state === 'parked' || state === 'failed' ? 'ill' : 'waiting';
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function trailTable(text: Text, entries: readonly Entry[], now: Date): Html {
  const [what, who, when] = (['what', 'who', 'when'] as const).map((key) => text.t(`activity.${key}`));
  const rows = entries.map(
    (entry) =>
      html`<tr role="row">
        <td role="cell" data-label="${when}">${time(text, entry.at, now)}</td>
        <td role="cell" data-label="${who}">${actorName(text, entry)}</td>
        <td role="cell" data-label="${what}">
          ${text.find(`action.${entry.action}`, entry.action)} ${details(entry)}
        </td>
      </tr>`,
  );
  return table(text, 'trail', [when ?? '', who ?? '', what ?? ''], rows);
}

function actorName(text: Text, { actor, actorName: name }: Entry): string {
  return actor === name ? text.find(`actor.${actor.split(':')[0] ?? ''}`, actor) : name;
}

function details({ details: facts }: Entry): Html | null {
  const words = Object.entries(facts).map(([name, value]) => `${name} ${written(value)}`);
  return words.length === 0 ? null : html`<span class="fine">(${words.join(', ')})</span>`;
}
