import { getFrame } from '../core/portals/frame.ts';
import { LENS_UNITS, type LensSwitch } from '../core/reports/lens.ts';
import { getLensView, lensInput, type LensView } from '../core/reports/lens-view.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { monthName } from './churn-figures.ts';
import { signedInPage, type PageExchange } from './layout.ts';
import { textIn, type Text } from './text/text.ts';

/** More of them are summed up in one line. */
const MOST_ACCOUNTS = 25;

/** Why two conventions give two numbers for a month: each rule in which they differ, and the accounts it counts another way. */
export async function showChurnLens(exchange: PageExchange): Promise<Reply> {
  const { web, me, query, language } = exchange;
  const { portal } = me.actor;
  const input = lensInput(query);
  const [frame, view] = await Promise.all([getFrame(web, portal), getLensView(web, portal, input)]);
  const text = textIn(language, frame.portal.timeZone);
  const title = text.t('lens.title');
  const back = new URLSearchParams({
    convention: input.from,
    ...(input.month === null ? {} : { month: input.month }),
  });
  const body = html`<header class="hero">
      <h1>${title}</h1>
      <p class="lead"><a href="/churn?${back.toString()}">${text.t('lens.back')}</a></p>
    </header>
    ${
      view === null
        ? html`<section class="card" aria-labelledby="lens-empty">
            <h2 id="lens-empty">${text.t('churn.beforeTitle')}</h2>
            <p class="empty">${text.t('churn.before')}</p>
          </section>`
        : html`${gapCard(text, view)}
          ${view.lens.switches.filter(({ accounts }) => accounts.length > 0).map((one) => switchCard(text, view, one))}`
    }`;
  return { kind: 'page', html: signedInPage(exchange, text, frame, { title, body, current: 'churn' }) };
}

/** Hundred-millionths of a share as percentage points. */
function points(text: Text, units: number): string {
  return new Intl.NumberFormat(text.language, {
    signDisplay: 'exceptZero',
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
  }).format((units / LENS_UNITS) * 100);
}

function share(text: Text, units: number): string {
  return new Intl.NumberFormat(text.language, {
    style: 'percent',
    minimumFractionDigits: 2,
    maximumFractionDigits: 4,
  }).format(units / LENS_UNITS);
}

function gapCard(text: Text, { input, month, from, to, lens }: LensView): Html {
  const turned = (one: LensSwitch): Html =>
    html`${text.t(`switch.${one.name}`)}
      <span class="note"
        >${text.find(`switch.${one.name}.${one.from}`, one.from)} →
        ${text.find(`switch.${one.name}.${one.to}`, one.to)}</span
      >`;
  return html`<section class="card" aria-labelledby="gap">
    <h2 id="gap">
      ${text.t('lens.gap', { measure: text.t(`metric.${input.measure}`), month: monthName(text, month) })}
    </h2>
    <p class="fine">${text.t('lens.note')}</p>
    ${shareTable(text, 'gap', text.t('lens.rule'), [
      [from.name, share(text, lens.from)],
      ...lens.switches.map((one): ShareRow => [turned(one), inPoints(text, one.share)]),
      [to.name, share(text, lens.to)],
    ])}
  </section>`;
}

function switchCard(text: Text, view: LensView, one: LensSwitch): Html {
  const sorted = one.accounts.toSorted((a, b) => Math.abs(b.share) - Math.abs(a.share));
  const shown = sorted.filter(({ account }) => account !== null).slice(0, MOST_ACCOUNTS);
  const rest = sorted.filter((row) => !shown.includes(row));
  const restShare = rest.reduce((sum, row) => sum + row.share, 0);
  const id = `switch-${one.name}`;
  const link = (account: string): Html =>
    html`<a href="/accounts/${encodeURIComponent(account)}">${view.names[account] ?? account}</a>`;
  return html`<section class="card" aria-labelledby="${id}">
    <h2 id="${id}">${text.t(`switch.${one.name}`)}</h2>
    <p class="fine">${text.t('lens.accountsNote', { points: points(text, one.share) })}</p>
    ${shareTable(text, id, text.t('lens.account'), [
      ...shown.map((row): ShareRow => [link(row.account ?? ''), inPoints(text, row.share)]),
      ...(rest.length > 0
        ? [[text.t('lens.rest', { count: rest.length }), inPoints(text, restShare)] satisfies ShareRow]
        : []),
    ])}
  </section>`;
}

/** What takes a share, and the share in words. */
type ShareRow = [Html | string, string];

function inPoints(text: Text, units: number): string {
  return text.t('lens.points', { points: points(text, units) });
}

function shareTable(text: Text, labelledBy: string, head: string, rows: readonly ShareRow[]): Html {
  return html`<table class="stacks" role="table" aria-labelledby="${labelledBy}">
    <thead role="rowgroup">
      <tr role="row">
        <th role="columnheader" scope="col">${head}</th>
        <th role="columnheader" scope="col" class="amount">${text.t('lens.share')}</th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        ([name, value]) =>
          html`<tr role="row">
            <td role="rowheader" class="account wide">${name}</td>
            <td role="cell" class="digits amount" data-label="${text.t('lens.share')}">${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
