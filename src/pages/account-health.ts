import type { CardDocument } from '../core/accounts/card-document.ts';
import { html, type Html } from '../http/html.ts';
import { dayIn, originFold, type Portrait } from './account-portrait.ts';
import { healthBadge } from './account-words.ts';

type Driver = CardDocument['health']['drivers'][number];

/** What the score is made of: for every measure the points it adds and those it keeps from the full score, the most missed first. */
export function healthCard(portrait: Portrait): Html {
  const { text, card } = portrait;
  const { score, band, coverage, version, drivers } = card.health;
  const sorted = drivers.toSorted((a, b) => b.missing - a.missing);
  return html`<section class="card" aria-labelledby="health">
    <div class="companies-head">
      <h2 id="health">
        ${score === null || band === null ? text.t('accounts.field.health') : html`${text.t('accountPage.scoreOf', { score })} ${healthBadge(text, band)}`}
      </h2>
      <p class="fine">${text.t('accountPage.version', { version })}</p>
    </div>
    ${
      drivers.length === 0
        ? html`<p class="empty">${text.t('accountPage.noHealth')}</p>`
        : html`${score === null && html`<p class="notice">${text.t('accountPage.tooLittle', { share: text.percent(coverage / 100) })}</p>`}
            <ul class="drivers">
              ${sorted.map((driver) => driverRow(portrait, driver))}
            </ul>
            ${originFold(
              portrait,
              text.t('accountPage.healthOrigin'),
              sorted.map((driver) => ({
                what: text.t(`accountPage.measure.${driver.measure}`),
                origin: driver.source,
              })),
            )}`
    }
  </section>`;
}

function driverRow(portrait: Portrait, driver: Driver): Html {
  const { text } = portrait;
  const name = text.t(`accountPage.measure.${driver.measure}`);
  if (driver.value === null)
    return html`<li class="driver">
      <p class="driver-head">
        <strong>${name}</strong> <span class="soft">${text.t('accountPage.unmeasured')}</span>
      </p>
    </li>`;
  const points = { earned: driver.earned, missing: driver.missing, weight: driver.weight };
  return html`<li class="driver">
    <p class="driver-head">
      <strong>${name}</strong>
      <span class="digits">${text.t('accountPage.points', points)}</span>
    </p>
    ${bar(driver)}
    <p class="fine digits">
      ${text.t(`accountPage.measured.${driver.unit}`, { value: driver.value })}${driver.day !== null && `, ${dayIn(text, driver.day)}`}.
      ${text.t('accountPage.scale', { worst: text.t(`accountPage.unit.${driver.unit}`, { value: driver.worst }), best: text.t(`accountPage.unit.${driver.unit}`, { value: driver.best }) })}
    </p>
  </li>`;
}

// As long as its weight; the words beside it say the same. Lengths are attributes, which the content policy allows where it refuses styles.
function bar({ earned, missing }: Driver): Html {
  return html`<svg class="points" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
    <rect class="points-missing" x="0" y="0" width="${earned + missing}" height="4" />
    <rect class="points-earned" x="0" y="0" width="${earned}" height="4" />
  </svg>`;
}
