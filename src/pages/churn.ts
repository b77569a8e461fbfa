import type { Figure } from '../core/reports/report.ts';
import { churnInput, getChurnView, type ChurnInput, type ChurnView } from '../core/reports/churn-view.ts';
import { MEASURES, type Measure } from '../core/reports/conventions.ts';
import { getFrame } from '../core/portals/frame.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { figureValue, monthName, rate, SMALL_CELL } from './churn-figures.ts';
import { signedInPage, type PageExchange } from './layout.ts';
import { nothing } from './nothing.ts';
import { textIn, type Text } from './text/text.ts';

/** Churn and retention of a month under a convention: every figure with what it is made of, what led to it, and what others would say. */
export async function showChurn(exchange: PageExchange): Promise<Reply> {
  const { web, me, query, language } = exchange;
  const { portal } = me.actor;
  const input = churnInput(query);
  const [frame, view] = await Promise.all([getFrame(web, portal), getChurnView(web, portal, input)]);
  const text = textIn(language, frame.portal.timeZone);
  const title = text.t('churn.title');
  const body = html`<header class="hero">
      <h1>${title}</h1>
      <p class="lead">
        ${view === null ? text.t('churn.lead') : text.t('churn.known', { at: text.dateTime(view.knownAt) })}
      </p>
    </header>
    ${
      view === null
        ? html`<section class="card" aria-labelledby="churn-empty">
            <h2 id="churn-empty">${text.t('churn.beforeTitle')}</h2>
            <p class="empty">${text.t('churn.before')} <a href="/">${text.t('accounts.toStart')}</a></p>
          </section>`
        : html`<section class="card" aria-label="${text.t('churn.choice')}">
              ${choiceForm(text, view, input)}
            </section>
            ${figuresCard(text, view)} ${bridgeCard(text, view)} ${trendCard(text, view)}
            ${othersCard(text, view)}`
    }`;
  return { kind: 'page', html: signedInPage(exchange, text, frame, { title, body, current: 'churn' }) };
}

function choiceForm(text: Text, view: ChurnView, input: ChurnInput): Html {
  const option = (value: string, words: string, isChosen: boolean): Html =>
    html`<option value="${value}" ${isChosen && html` selected`}>${words}</option>`;
  const { report } = view;
  return html`<form class="search" method="get" action="/churn">
    <label class="field"
      ><span>${text.t('churn.convention')}</span>
      <select name="convention">
        ${view.others.map(({ id, name }) => option(id, name, id === report.convention))}
      </select></label
    ><label class="field"
      ><span>${text.t('churn.month')}</span>
      <select name="month">
        ${view.months.map((month) => option(month.slice(0, 7), monthName(text, month), month === report.month))}
      </select></label
    ><label class="field"
      ><span>${text.t('churn.over')}</span>
      <select name="over">
        ${(['month', 'year'] as const).map((over) => option(over, text.t(`churn.over.${over}`), over === input.over))}
      </select></label
    >
    <button class="button" type="submit">${text.t('churn.show')}</button>
  </form>`;
}

function figuresCard(text: Text, { report }: ChurnView): Html {
  const heading = text.t(report.over === 'year' ? 'churn.yearTo' : 'churn.in', {
    month: monthName(text, report.month),
  });
  return html`<section class="card" aria-labelledby="figures">
    <h2 id="figures">${heading}</h2>
    <p class="fine">${text.t('churn.countedBy', { convention: report.conventionName })}</p>
    <dl class="facts figures">
      ${report.figures.map((figure) => figureFact(text, figure, report.currency))}
    </dl>
    <p class="fine">${text.t('churn.smallNote', { n: SMALL_CELL })}</p>
  </section>`;
}

function figureFact(text: Text, figure: Figure, currency: string): Html {
  const isMoney = ['gross_revenue', 'net_revenue', 'quick_ratio', 'renewal_value'].some((name) =>
    figure.id.startsWith(name),
  );
  const amount = (value: number): string =>
    isMoney ? text.wholeMoney(value, currency) : text.number(Math.round(value * 100) / 100);
  return html`<div>
    <dt>${text.find(`metric.${figure.id}`, figure.name)}</dt>
    <dd class="digits">${figureValue(text, figure)}</dd>
    <dd class="note">
      ${text.t('churn.of', { numerator: amount(figure.numerator), denominator: amount(figure.denominator), n: text.number(Math.round(figure.n)) })}
    </dd>
    ${
      figure.interval !== null &&
      html`<dd class="note">
        ${text.t('churn.interval', { low: rate(text, figure.id, figure.interval.low), high: rate(text, figure.id, figure.interval.high) })}
      </dd>`
    }
    ${figure.convention === 'house' && html`<dd class="note">${text.t('churn.house')}</dd>`}
  </div>`;
}

function bridgeCard(text: Text, { bridge, report }: ChurnView): Html {
  const row = (name: string, amount: string, accounts: string): Html =>
    html`<tr role="row">
      <td role="rowheader" class="account wide">${name}</td>
      <td role="cell" class="digits amount" data-label="${text.t('churn.amount')}">${amount}</td>
      <td role="cell" class="digits amount" data-label="${text.t('churn.accounts')}">${accounts}</td>
    </tr>`;
  return html`<section class="card" aria-labelledby="bridge">
    <h2 id="bridge">${text.t('churn.bridge')}</h2>
    <p class="fine">${text.t('churn.bridgeNote', { currency: report.currency })}</p>
    <table class="stacks" role="table" aria-labelledby="bridge">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">${text.t('churn.movement')}</th>
          <th role="columnheader" scope="col" class="amount">${text.t('churn.amount')}</th>
          <th role="columnheader" scope="col" class="amount">${text.t('churn.accounts')}</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${row(text.t('churn.opening'), text.money(bridge.opening, report.currency), '')}
        ${bridge.lines.map(({ kind, amount, accounts }) =>
          row(text.t(`movement.${kind}`), text.money(amount, report.currency), text.number(accounts)),
        )}
        ${row(text.t('churn.closing'), text.money(bridge.closing, report.currency), '')}
      </tbody>
    </table>
  </section>`;
}

function trendCard(text: Text, { trend, report }: ChurnView): Html {
  const cell = (label: string, value: number | null, n: number): Html =>
    html`<td role="cell" class="digits amount" data-label="${label}">
      ${value === null || n < SMALL_CELL ? nothing(text) : rate(text, '', value)}
    </td>`;
  const columns = [text.t('metric.customer_churn'), text.t('churn.grr'), text.t('churn.nrr')];
  return html`<section class="card" aria-labelledby="trend">
    <h2 id="trend">${text.t('churn.trend')}</h2>
    <p class="fine">${text.t('churn.trendNote', { convention: report.conventionName, n: SMALL_CELL })}</p>
    <table class="stacks" role="table" aria-labelledby="trend">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">${text.t('churn.month')}</th>
          <th role="columnheader" scope="col" class="amount">${text.t('churn.customers')}</th>
          ${columns.map((name) => html`<th role="columnheader" scope="col" class="amount">${name}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${trend.toReversed().map(
          ({ month, customers, churn, gross, net }) =>
            html`<tr role="row">
              <td role="rowheader" class="account wide">${monthName(text, month)}</td>
              <td role="cell" class="digits amount" data-label="${text.t('churn.customers')}">
                ${text.number(Math.round(customers))}
              </td>
              ${cell(columns[0] ?? '', churn, customers)} ${cell(columns[1] ?? '', gross, customers)}
              ${cell(columns[2] ?? '', net, customers)}
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function othersCard(text: Text, { others, report }: ChurnView): Html {
  const lens = (
    to: string,
    measure: Measure,
    { value, n }: ChurnView['others'][number]['values'][Measure],
  ): Html => {
    if (value === null) return nothing(text);
    if (n < SMALL_CELL) return html`<span class="note">${text.t('churn.small')}</span>`;
    if (to === report.convention) return html`${rate(text, measure, value)}`;
    const query = new URLSearchParams({
      measure,
      from: report.convention,
      to,
      month: report.month.slice(0, 7),
    });
    return html`<a href="/churn/lens?${query.toString()}">${rate(text, measure, value)}</a>`;
  };
  return html`<section class="card" aria-labelledby="others">
    <h2 id="others">${text.t('churn.others', { month: monthName(text, report.month) })}</h2>
    <p class="fine">${text.t('churn.othersNote', { convention: report.conventionName })}</p>
    <table class="stacks" role="table" aria-labelledby="others">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">${text.t('churn.convention')}</th>
          ${MEASURES.map((measure) => html`<th role="columnheader" scope="col" class="amount">${text.t(`metric.${measure}`)}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${others.map(
          ({ id, name, values }) =>
            html`<tr role="row">
              <td role="rowheader" class="account wide">${name}</td>
              ${MEASURES.map((measure) => html`<td role="cell" class="digits amount" data-label="${text.t(`metric.${measure}`)}">${lens(id, measure, values[measure])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
