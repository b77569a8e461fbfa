import { ROLES, type Role } from '../core/actor.ts';
import { listPeople } from '../core/people/manage.ts';
import { getFrame } from '../core/portals/frame.ts';
import type { Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { postForm, signedInPage, type PageExchange } from './layout.ts';
import { textIn, type Text } from './text/text.ts';
import { day } from './time.ts';

type Person = Awaited<ReturnType<typeof listPeople>>[number];

/** What a refused form says, and what was typed into it. */
export interface Refusal {
  status: number;
  /** about the page as a whole */
  message?: string;
  /** beside the fields of the invitation */
  fields?: Partial<Record<'name' | 'email' | 'role', string>>;
  typed?: { name: string; email: string; role: string };
}

/** Everybody of the portal, and the form that invites another one. */
export async function showPeople(exchange: PageExchange): Promise<Reply> {
  return peoplePage(exchange, { status: 200 });
}

export async function peoplePage(exchange: PageExchange, refusal: Refusal): Promise<Reply> {
  const { web, me, language } = exchange;
  const [frame, people] = await Promise.all([getFrame(web, me.actor.portal), listPeople(web, me.actor)]);
  const text = textIn(language, frame.portal.timeZone);
  const title = text.t('people.title');
  const body = html`<header class="hero">
      <h1>${title}</h1>
      <p class="lead">${text.t('people.lead')}</p>
    </header>
    ${refusal.message !== undefined && html`<p class="notice" data-tone="ill" role="alert">${refusal.message}</p>`}
    <div class="columns">
      <div class="column-main">${peopleTable(exchange, text, people)}</div>
      <div class="column-side">${inviteForm(exchange, text, refusal)}</div>
    </div>`;
  return {
    kind: 'page',
    status: refusal.status,
    html: signedInPage(exchange, text, frame, { title, body, current: 'people' }),
  };
}

function peopleTable(exchange: PageExchange, text: Text, people: readonly Person[]): Html {
  const heads = ['name', 'role', 'since', 'actions'] as const;
  return html`<section class="card" aria-labelledby="people-list">
    <h2 id="people-list">${text.t('people.list')}</h2>
    <table class="stacks" role="table" aria-labelledby="people-list">
      <thead role="rowgroup">
        <tr role="row">
          ${heads.map((head) => html`<th role="columnheader" scope="col">${text.t(`people.${head}`)}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${people.map((person) => personRow(exchange, text, person))}
      </tbody>
    </table>
  </section>`;
}

function personRow(exchange: PageExchange, text: Text, person: Person): Html {
  const isMe = person.id === exchange.me.personId;
  return html`<tr role="row">
    <td role="cell" class="company">
      <span class="company-name">${person.name}</span>
      ${isMe && html`<span class="badge">${text.t('people.you')}</span>`}
      ${person.email !== null && html`<span class="domain">${person.email}</span>`}
    </td>
    <td role="cell" data-label="${text.t('people.role')}">${text.t(`role.${person.role}`)}</td>
    <td role="cell" data-label="${text.t('people.since')}" class="digits">${day(text, person.createdAt)}</td>
    <td role="cell" class="wide" data-label="${text.t('people.actions')}">
      ${linkForm(exchange, text, person)}
      ${isMe ? html`<p class="fine">${text.t('people.selfNote')}</p>` : editForms(exchange, text, person)}
    </td>
  </tr>`;
}

function linkForm(exchange: PageExchange, text: Text, { id, name }: Person): Html {
  const button = html`<button
    class="button quiet small"
    type="submit"
    aria-label="${text.t('people.newLinkFor', { name })}"
  >
    ${text.t('people.newLink')}
  </button>`;
  return postForm(exchange, '/people/link', 'inline', html`${personField(id)}${button}`);
}

// What ends somebody's sessions is one click further away.
function editForms(exchange: PageExchange, text: Text, { id, name, role }: Person): Html {
  const roleForm = html`${personField(id)}
    <label class="field"><span>${text.t('people.roleFor', { name })}</span>${roleSelect(text, role)}</label>
    <button class="button quiet small" type="submit" aria-label="${text.t('people.changeFor', { name })}">
      ${text.t('people.change')}
    </button>
    <p class="fine">${text.t('people.roleNote')}</p>`;
  const removal = html`${personField(id)}
    <button class="button danger small" type="submit">${text.t('people.removeFor', { name })}</button>
    <p class="fine">${text.t('people.removeNote')}</p>`;
  return html`<details class="edit">
    <summary aria-label="${text.t('people.editFor', { name })}">${text.t('people.edit')}</summary>
    ${postForm(exchange, '/people/role', 'stack', roleForm)}
    ${postForm(exchange, '/people/remove', 'stack', removal)}
  </details>`;
}

function personField(id: string): Html {
  return html`<input type="hidden" name="personId" value="${id}" />`;
}

function inviteForm(exchange: PageExchange, text: Text, { fields = {}, typed }: Refusal): Html {
  const role = ROLES.find((one) => one === typed?.role) ?? 'manager';
  const inner = html` ${inputField(text, { name: 'name', label: text.t('people.name'), value: typed?.name ?? '', error: fields.name, type: 'text', isRequired: true })}
    ${inputField(text, { name: 'email', label: text.t('people.email'), value: typed?.email ?? '', error: fields.email, type: 'email', hint: text.t('people.emailHint') })}
    <fieldset class="field roles">
      <legend>${text.t('people.role')}</legend>
      ${ROLES.map((one) => roleChoice(text, one, one === role))}
      ${fields.role !== undefined && html`<p class="field-error" id="role-error">${fields.role}</p>`}
    </fieldset>
    <button class="button" type="submit">${text.t('people.inviteButton')}</button>`;
  return html`<section class="card" aria-labelledby="invite">
    <h2 id="invite">${text.t('people.invite')}</h2>
    ${postForm(exchange, '/people', 'stack', inner)}
  </section>`;
}

interface InputField {
  name: string;
  label: string;
  value: string;
  error: string | undefined;
  type: 'text' | 'email';
  hint?: string;
  isRequired?: boolean;
}

function inputField(text: Text, { name, label, value, error, type, hint, isRequired }: InputField): Html {
  const described = [hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`].filter(
    (id) => id !== false,
  );
  return html`<div class="field">
    <label for="${name}"
      >${label} ${isRequired === true && html`<span class="fine">${text.t('form.required')}</span>`}</label
    >
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="off"
      maxlength="254"
      ${isRequired === true && html` required`}${
        error !== undefined && html` aria-invalid="true"`
      }${described.length > 0 && html` aria-describedby="${described.join(' ')}"`}
    />
    ${hint !== undefined && html`<p class="fine" id="${name}-hint">${hint}</p>`}
    ${error !== undefined && html`<p class="field-error" id="${name}-error">${error}</p>`}
  </div>`;
}

function roleChoice(text: Text, role: Role, isChosen: boolean): Html {
  return html`<label class="choice">
    <input type="radio" name="role" value="${role}" ${isChosen && html` checked`} />
    <span
      ><strong>${text.t(`role.${role}`)}</strong>
      <span class="fine">${text.t(`role.${role}.hint`)}</span></span
    >
  </label>`;
}

function roleSelect(text: Text, chosen: Role): Html {
  return html`<select name="role">
    ${ROLES.map((role) => html`<option value="${role}" ${role === chosen && html` selected`}>${text.t(`role.${role}`)}</option>`)}
  </select>`;
}
