import type { CardDocument } from '../core/accounts/card-document.ts';
import { html, type Html } from '../http/html.ts';
import { dayIn, recordOfCard, type Portrait } from './account-portrait.ts';
import { badge, unknown, type Tone } from './account-words.ts';
import type { Text } from './text/text.ts';

export type Answer = CardDocument['surveys']['answers'][number];

const GROUP_TONES: Readonly<Record<NonNullable<Answer['group']>, Tone>> = {
  promoter: 'well',
  passive: null,
  detractor: 'ill',
};

export function answerGroup(text: Text, { group }: Answer): Html | null {
  return group === null ? null : badge(text.t(`accountPage.group.${group}`), GROUP_TONES[group]);
}

/** "NPS 3 of 10" */
export function answerWords(text: Text, { type, score, scaleMax }: Answer): Html {
  if (score === null) return html`${type} ${unknown(text.t('accountPage.noScore'))}`;
  return html`${text.t(scaleMax === null ? 'accountPage.answer' : 'accountPage.answerOf', { type, score: text.number(score), most: scaleMax ?? 0 })}`;
}

/** Who answered what and when, and who was asked and did not. */
export function surveysCard({ text, card }: Portrait): Html {
  const { answers, total } = card.surveys;
  return html`<section class="card tight" aria-labelledby="surveys">
    <div class="companies-head">
      <h2 id="surveys">${text.t('accountPage.surveys')}</h2>
      ${total > answers.length && html`<p class="fine">${text.t('accountPage.newestOf', { shown: answers.length, total })}</p>`}
    </div>
    ${
      answers.length === 0
        ? html`<p class="fine">${text.t('accountPage.noAnswers')}</p>`
        : html`<ul class="entries">
            ${answers.map(
              (one) =>
                html`<li>
                  <span class="entry-day digits">${dayIn(text, one.day)}</span>
                  <span
                    ><strong>${answerWords(text, one)}</strong> ${answerGroup(text, one)}
                    <span class="under"
                      >${one.contact ?? text.t('accountPage.nobody')}${one.hasWords && `, ${text.t('accountPage.withWords')}`}</span
                    ></span
                  >
                </li>`,
            )}
          </ul>`
    }
    <h3>${text.t('accountPage.silentTitle')}</h3>
    ${silentList(text, card)}
  </section>`;
}

/** How many were asked and are silent. Where nobody is, only answers show that somebody was asked. */
export function silence(text: Text, { surveys, sources }: CardDocument): string {
  const { silent, answers } = surveys;
  if (silent === null) return text.t('accountPage.askedUnknown');
  if (silent.length > 0) return text.t('accountPage.silent', { people: silent.length });
  const wasAsked = sources.silent !== null && answers.length > 0;
  return wasAsked ? text.t('accountPage.silent', { people: 0 }) : text.t('accountPage.nobodyAsked');
}

function silentList(text: Text, card: CardDocument): Html {
  const { silent } = card.surveys;
  if (silent === null || silent.length === 0) return html`<p class="fine">${silence(text, card)}</p>`;
  return html`<ul class="entries">
    ${silent.map(
      (one) =>
        html`<li>
          <span class="entry-day digits">${dayIn(text, one.askedOn)}</span>
          <span>${one.contact ?? text.t('accountPage.nameless', { id: one.contactId })}</span>
        </li>`,
    )}
  </ul>`;
}

export function ticketsCard(portrait: Portrait): Html | null {
  const { text, card } = portrait;
  const { open, list } = card.tickets;
  if (list.length === 0) return null;
  return html`<section class="card tight" aria-labelledby="tickets">
    <div class="companies-head">
      <h2 id="tickets">${text.t('accountPage.tickets')}</h2>
      ${open > list.length && html`<p class="fine">${text.t('accountPage.firstOf', { shown: list.length, total: open })}</p>`}
    </div>
    <ul class="entries">
      ${list.map(
        (one) =>
          html`<li>
            <span class="entry-day digits"
              >${one.openedOn === null ? text.t('nothing') : dayIn(text, one.openedOn)}</span
            >
            <span
              >${recordOfCard(portrait, one.record, one.subject)}
              <span class="under"
                >${[
                  one.priority === null
                    ? null
                    : text.t('accountPage.priority', {
                        word: text
                          .find(`accountPage.priority.${one.priority.toLowerCase()}`, one.priority)
                          .toLowerCase(),
                      }),
                  one.stage,
                  one.daysOpen === null ? null : text.t('accountPage.open', { days: one.daysOpen }),
                ]
                  .filter((word) => word !== null)
                  .join(', ')}</span
              ></span
            >
          </li>`,
      )}
    </ul>
  </section>`;
}

export function peopleCard({ text, card }: Portrait): Html | null {
  if (card.people.length === 0) return null;
  return html`<section class="card tight" aria-labelledby="people">
    <h2 id="people">${text.t('accountPage.people')}</h2>
    <ul class="people-list">
      ${card.people.map(
        (one) =>
          html`<li>
            <strong>${one.name ?? text.t('accountPage.nameless', { id: one.id })}</strong>
            ${one.hasLeft && badge(text.t('accountPage.hasLeft'), 'waiting')}
            <span class="under"
              >${[one.role === null ? null : text.find(`accountPage.role.${one.role}`, one.role), one.title]
                .filter((word) => word !== null)
                .join(', ')}</span
            >
          </li>`,
      )}
    </ul>
  </section>`;
}
