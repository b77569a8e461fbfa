import type { MappedField, MappingGroup, MappingView } from '../core/accounts/mapping-view.ts';
import { html, type Html } from '../http/html.ts';
import { whyAddress } from './records.ts';
import type { Text } from './text/text.ts';
import { time } from './time.ts';

type Version = MappingView['versions'][number];

const RULE_COLUMNS = ['source', 'accounts', 'moreBehind'] as const;
const FIELD_COLUMNS = ['field', 'property', 'filled'] as const;
const CHANGES_SHOWN = 12;

/** How many accounts each rule finds contracts of, in the order in which they are asked, and who is left. */
export function coverageCard(text: Text, { coverage, groups }: MappingView): Html | null {
  if (coverage === null) return null;
  const place = new Map<string, number | null>(groups.map((group) => [group.name, group.place]));
  return html`<section class="card" aria-labelledby="coverage">
    <div class="companies-head">
      <h2 id="coverage">${text.t('mapping.coverage')}</h2>
      <p class="fine">${text.t('mapping.covered', { accounts: coverage.covered })}</p>
    </div>
    <p class="fine">${text.t('mapping.coverageLead')}</p>
    <table class="stacks" role="table" aria-labelledby="coverage">
      <thead role="rowgroup">
        <tr role="row">
          ${RULE_COLUMNS.map((column) => html`<th role="columnheader" scope="col" ${column !== 'source' && html` class="amount"`}>${text.t(`mapping.${column}`)}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${coverage.sources.map(
          (row) =>
            html`<tr role="row">
              <td role="cell" class="account">
                <span class="company-name"
                  >${ordinal(place.get(row.source) ?? null)}${text.find(`source.${row.source}`, row.source)}</span
                >
              </td>
              <td role="cell" class="digits amount" data-label="${text.t('mapping.accounts')}">
                ${text.number(row.accounts)}
              </td>
              <td role="cell" class="digits amount" data-label="${text.t('mapping.moreBehind')}">
                ${row.behind === 0 ? text.t('mapping.zero') : text.number(row.behind)}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${uncovered(text, coverage.uncovered)}
  </section>`;
}

function ordinal(place: number | null): string {
  return place === null ? '' : `${place}. `;
}

function uncovered(text: Text, { accounts, list }: NonNullable<MappingView['coverage']>['uncovered']): Html {
  if (accounts === 0) return html`<p>${text.t('mapping.allCovered')}</p>`;
  return html`<div class="notice" data-tone="waiting">
    <p><strong>${text.t('mapping.uncovered', { accounts })}</strong></p>
    <ul class="names">
      ${list.map(
        ({ id, name }) =>
          html`<li><a href="${whyAddress(id)}">${name ?? text.t('why.nameless', { id })}</a></li>`,
      )}
    </ul>
    <p><a href="/problems?kind=no_rule_covers">${text.t('mapping.allUncovered')}</a></p>
  </div>`;
}

/** What each part of the mapping reads, in words, with how many records have it. */
export function groupsCard(text: Text, { groups, excludedTypes }: MappingView): Html {
  return html`<section class="card" aria-labelledby="says">
    <h2 id="says">${text.t('mapping.says')}</h2>
    <p class="fine">${text.t('mapping.saysLead')}</p>
    ${groups.length === 0 && html`<p class="empty">${text.t('mapping.nothingRead')}</p>`}
    ${groups.map((group) => groupPart(text, group, group.name === 'accounts' ? excludedTypes : []))}
  </section>`;
}

function groupPart(text: Text, group: MappingGroup, excludedTypes: readonly string[]): Html {
  const title =
    group.name === 'imported'
      ? text.find(`type.${group.objectType}`, group.objectType)
      : text.t(`mapping.group.${group.name}`);
  const summary =
    group.fields.length === 0
      ? text.t('mapping.nothingRead')
      : text.t('mapping.read', { fields: group.fields.length, records: group.records });
  // What has something to say is open; the rest is a click away.
  return html`<details class="group" ${group.name === 'accounts' && html` open`}>
    <summary>
      ${title}
      <span class="fine">${summary}</span>
      ${group.place !== null && html`<span class="badge">${text.t('mapping.place', { place: group.place })}</span>`}
    </summary>
    ${group.fields.length > 0 && fieldTable(text, group, title)}
    ${excludedTypes.length > 0 && html`<p class="fine">${text.t('mapping.excluded', { types: excludedTypes.join(', ') })}</p>`}
    ${group.unset.length > 0 && html`<p class="fine">${text.t('mapping.unset', { fields: group.unset.map((field) => fieldName(text, field)).join(', ') })}</p>`}
  </details>`;
}

function fieldTable(text: Text, group: MappingGroup, title: string): Html {
  return html`<table class="stacks mapped" role="table" aria-label="${title}">
    <thead role="rowgroup">
      <tr role="row">
        ${FIELD_COLUMNS.map((column) => html`<th role="columnheader" scope="col" ${column === 'filled' && html` class="amount"`}>${text.t(`mapping.${column}`)}</th>`)}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${group.fields.map((field) => fieldRow(text, group, field))}
    </tbody>
  </table>`;
}

function fieldRow(
  text: Text,
  { records }: MappingGroup,
  { field, property, filled, says, isHubSpots }: MappedField,
): Html {
  return html`<tr role="row">
    <td role="cell" class="account">${fieldName(text, field)}</td>
    <td role="cell" class="wide" data-label="${text.t('mapping.property')}">
      <code>${property}</code>
      ${isHubSpots && html`<span class="fine">${text.t('mapping.hubspots')}</span>`}
      ${says.length > 0 && html`<span class="meaning">${text.t('mapping.when', { values: says.join(', ') })}</span>`}
    </td>
    <td role="cell" class="digits amount" data-label="${text.t('mapping.filled')}">
      ${filledWords(text, filled, records)}
    </td>
  </tr>`;
}

function filledWords(text: Text, filled: number | null, records: number | null): Html | string {
  if (records === null || filled === null) return text.t('mapping.unknown');
  if (filled === 0) return text.t('mapping.noRecord');
  const share = filled / records;
  const words = share < 0.01 ? text.t('mapping.few', { percent: text.percent(0.01) }) : text.percent(share);
  return html`${text.number(filled)} <span class="fine">${words}</span>`;
}

function fieldName(text: Text, field: string): string {
  return text.find(`mapping.field.${field}`, field.replaceAll('_', ' '));
}

/** The rules by which the book is counted, those that differ from the house's first. */
export function rulesCard(text: Text, { book }: MappingView): Html {
  const rules = book.toSorted((a, b) => Number(a.isDefault) - Number(b.isDefault));
  return html`<section class="card" aria-labelledby="rules">
    <h2 id="rules">${text.t('mapping.rules')}</h2>
    <p class="fine">${text.t('mapping.rulesLead')}</p>
    <dl class="rule-list">
      ${rules.map(
        ({ name, value, isDefault }) =>
          html`<div>
            <dt>${text.find(`mapping.rule.${name}`, name.replaceAll('_', ' '))}</dt>
            <dd>
              ${value === null ? text.find(`mapping.without.${name}`, text.t('mapping.fromPortal')) : text.find(`mapping.choice.${value}`, value.replaceAll('_', ' '))}
              ${!isDefault && html`<span class="badge" data-tone="waiting">${text.t('mapping.changed')}</span>`}
            </dd>
          </div>`,
      )}
    </dl>
  </section>`;
}

/** Every version with who stored it, when, and what it changed. */
export function versionsCard(text: Text, { versions }: MappingView, now: Date): Html {
  return html`<section class="card" aria-labelledby="versions">
    <h2 id="versions">${text.t('mapping.versions')}</h2>
    ${
      versions.length === 0
        ? html`<p class="empty">${text.t('mapping.noVersions')}</p>`
        : html`<ol class="versions" reversed>
            ${versions.map((version) => versionItem(text, version, now))}
          </ol>`
    }
  </section>`;
}

function versionItem(
  text: Text,
  { version, author, authorName, knownFrom, changes }: Version,
  now: Date,
): Html {
  const who = text.find(`mapping.author.${author}`, authorName);
  const more = changes.length - CHANGES_SHOWN;
  return html`<li value="${version}">
    <p>
      <strong>${text.t('mapping.version', { version })}</strong>
      <span class="fine">${who}, ${time(text, knownFrom, now)}</span>
    </p>
    ${
      changes.length === 0
        ? html`<p class="fine">${text.t(version === 1 ? 'mapping.first' : 'mapping.noChange')}</p>`
        : html`<ul class="changes">
            ${changes.slice(0, CHANGES_SHOWN).map((change) => changeItem(text, change))}
            ${more > 0 && html`<li>${text.t('mapping.more', { count: more })}</li>`}
          </ul>`
    }
  </li>`;
}

function changeItem(text: Text, { path, from, to }: Version['changes'][number]): Html {
  const words =
    to === null
      ? text.t('mapping.wasRemoved', { from: from ?? '' })
      : from === null
        ? text.t('mapping.wasSet', { to })
        : text.t('mapping.wasChanged', { from, to });
  return html`<li><code>${path}</code> ${words}</li>`;
}
