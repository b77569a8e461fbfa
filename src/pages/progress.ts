import type { SyncView } from '../core/portals/sync-view.ts';
import { html, type Html } from '../http/html.ts';
import type { Text } from './text/text.ts';
import { duration } from './time.ts';

type TypeRow = SyncView['types'][number];

const STEPS = ['definitions', 'records', 'sweeping', 'associations', 'publishing'] as const;

/** What the page's script does when something has ended: load the page anew, or offer to. */
export type OnChange = 'reload' | 'offer';

/**
 * The attributes by which the script keeps a section true: what it shows now, and the words it may need. It asks every `everyMs`;
 * where the page as a whole depends on whether a sync runs, a change of that counts too.
 */
export function liveAttributes(
  text: Text,
  view: SyncView,
  options: { everyMs: number; onChange: OnChange; watchState: boolean },
): Html {
  const words = {
    of: text.t('row.of', { done: '{done}', total: '{total}' }),
    read: text.t('row.read', { done: '{done}' }),
    custom: text.t('type.custom', { name: '{name}' }),
    waiting: text.t('row.waiting'),
    running: text.t('row.running'),
    done: text.t('row.done'),
    skipped: text.t('row.skipped'),
    failed: text.t('row.failed'),
    definitions: text.t('phase.definitions'),
    records: text.t('phase.records'),
    sweeping: text.t('phase.sweeping'),
    associations: text.t('phase.associations'),
    publishing: text.t('phase.publishing'),
    status: text.t('live.running', { phase: '{phase}', share: '{share}' }),
    finished: text.t('live.finished'),
    lost: text.t('live.lost'),
    signedOut: text.t('live.signedOut'),
  };
  return html` data-live data-state="${view.state}" data-phase-now="${view.phase}"
  data-share-now="${view.share}" data-stamp="${view.stamp}" data-every="${options.everyMs}"
  data-on-change="${options.onChange}"${options.watchState && html` data-watch-state`}
  data-words="${JSON.stringify(words)}"`;
}

/** The bar of the whole sync. */
export function overallBar(text: Text, view: SyncView): Html {
  return html`<div class="overall">
    <progress
      id="overall"
      max="1"
      value="${view.share}"
      aria-label="${text.t('first.overall')}"
      data-overall
    ></progress>
    <span class="share" data-share>${text.percent(view.share)}</span>
  </div>`;
}

/** What a screen reader is told, which is much less often than the bars move. */
export function liveStatus(text: Text, view: SyncView): Html {
  const sentence = {
    running: text.t('live.running', {
      phase: text.t(`phase.${view.phase}`),
      share: text.percent(view.share),
    }),
    waiting: text.t('live.waiting'),
    idle: '',
  }[view.state];
  return html`<p class="unseen" role="status" data-status>${sentence}</p>
    <p class="lost" data-lost hidden></p>`;
}

export function elapsed(view: SyncView, now: Date): Html {
  const ms = view.startedAt === null ? 0 : now.getTime() - view.startedAt.getTime();
  return html`<span class="digits" data-elapsed="${view.startedAt?.toISOString() ?? ''}"
    >${duration(ms)}</span
  >`;
}

export function phaseSteps(text: Text, view: SyncView): Html {
  const now = view.state === 'running' ? STEPS.indexOf(view.phase) : -1;
  return html`<ol class="steps" aria-label="${text.t('first.steps')}">
    ${STEPS.map(
      (phase, n) =>
        html`<li
          data-phase="${phase}"
          data-step="${n < now ? 'over' : n === now ? 'now' : 'ahead'}"
          ${n === now && html` aria-current="step"`}
        >
          <span>${text.t(`phase.${phase}`)}</span>
          ${phase === 'associations' && html`<span class="step-count" data-links>${linkCount(text, view)}</span>`}
        </li>`,
    )}
  </ol>`;
}

function linkCount(text: Text, { links }: SyncView): string {
  return links.total === 0
    ? ''
    : text.t('row.of', { done: text.number(links.done), total: text.number(links.total) });
}

/** One row for each record type, and an empty one that the script copies for types it learns of later. */
export function typeRows(text: Text, view: SyncView): Html {
  const empty: TypeRow = {
    objectType: '',
    label: null,
    done: 0,
    total: null,
    state: 'waiting',
    reason: null,
  };
  return html`<ul class="types" data-types>
      ${view.types.map((type) => typeRow(text, type))}
    </ul>
    <template data-new-type>${typeRow(text, empty)}</template>`;
}

function typeRow(text: Text, type: TypeRow): Html {
  const name = typeName(text, type.objectType, type.label);
  return html`<li class="type" data-type="${type.objectType}" data-state="${type.state}">
    <span class="type-name" data-name>${name}</span>
    <span class="type-count digits" data-count>${typeCount(text, type)}</span>
    ${typeBar(type, name)}
    <span class="type-state" data-word>${text.t(`row.${type.state}`)}</span>
    <p class="type-reason" data-reason${type.reason === null && html` hidden`}>${type.reason}</p>
  </li>`;
}

// A bar without a value moves by itself: read on, but nobody knows how far.
function typeBar({ done, total, state }: TypeRow, name: string): Html {
  const isOver = state === 'done';
  const isUnknown = state === 'running' && total === null;
  const [max, value] =
    isOver || total === null || total === 0 ? [1, isOver ? 1 : 0] : [total, Math.min(done, total)];
  return html`<progress
    aria-label="${name}"
    max="${max}"
    ${!isUnknown && html` value="${value}"`}
    data-bar
  ></progress>`;
}

function typeCount(text: Text, { done, total, state }: TypeRow): string {
  if (state === 'waiting' || state === 'skipped') return '';
  const count = text.number(done);
  return total === null || total < done || state === 'done'
    ? text.t('row.read', { done: count })
    : text.t('row.of', { done: count, total: text.number(total) });
}

/** A record type in plain words; a custom object is called as HubSpot calls it. */
export function typeName(text: Text, objectType: string, label: string | null): string {
  return text.find(`type.${objectType}`, label ?? text.t('type.custom', { name: objectType }));
}
