import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import {
  changeRole,
  Invitation,
  invitePerson,
  listPeople,
  removePerson,
  renewInvitation,
} from '../core/people/manage.ts';
import { getFrame } from '../core/portals/frame.ts';
import type { Reply } from '../http/exchange.ts';
import { html } from '../http/html.ts';
import { problemOf } from '../http/problem.ts';
import { signedInPage, type PageExchange } from './layout.ts';
import { peoplePage } from './people.ts';
import { textIn } from './text/text.ts';

/** Invites somebody and shows their link; a refused form comes back with what was typed. */
export async function submitInvitation(exchange: PageExchange): Promise<Reply> {
  const { web, me, form } = exchange;
  const typed = {
    name: form.get('name') ?? '',
    email: form.get('email') ?? '',
    role: form.get('role') ?? '',
  };
  const checked = Invitation.safeParse(typed);
  if (!checked.success) {
    const errors = z.flattenError(checked.error).fieldErrors;
    const fields = Object.fromEntries(
      Object.entries(errors).map(([name, messages]) => [name, messages[0] ?? '']),
    );
    return peoplePage(exchange, { status: 400, fields, typed });
  }
  try {
    return await showLink(exchange, checked.data.name, await invitePerson(web, me.actor, typed));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    return peoplePage(exchange, { status: 409, fields: { email: error.message }, typed });
  }
}

/** A new link for somebody who is here; their older ones end. */
export async function submitNewLink(exchange: PageExchange): Promise<Reply> {
  const { web, me } = exchange;
  const personId = exchange.form.get('personId');
  return orRefused(exchange, async () => {
    const token = await renewInvitation(web, me.actor, { personId });
    const person = (await listPeople(web, me.actor)).find((one) => one.id === personId);
    return showLink(exchange, person?.name ?? '', token);
  });
}

/** Gives somebody another role. */
export async function submitRole(exchange: PageExchange): Promise<Reply> {
  const { web, me, form } = exchange;
  return orRefused(exchange, async () => {
    await changeRole(web, me.actor, { personId: form.get('personId'), role: form.get('role') });
    return { kind: 'redirect', to: '/people' };
  });
}

/** Takes somebody's way in away. */
export async function submitRemoval(exchange: PageExchange): Promise<Reply> {
  const { web, me, form } = exchange;
  return orRefused(exchange, async () => {
    await removePerson(web, me.actor, { personId: form.get('personId') });
    return { kind: 'redirect', to: '/people' };
  });
}

async function orRefused(exchange: PageExchange, work: () => Promise<Reply>): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    const problem = problemOf(error, exchange.requestId);
    if (problem.isFault || problem.status === 403) throw error;
    return peoplePage(exchange, { status: problem.status, message: problem.message });
  }
}

// The link is in this one answer and nowhere else: only its hash is stored.
async function showLink(exchange: PageExchange, name: string, token: string): Promise<Reply> {
  const { web, me, language } = exchange;
  const frame = await getFrame(web, me.actor.portal);
  const text = textIn(language, frame.portal.timeZone);
  const title = text.t('link.title', { name });
  const body = html`<section class="card narrow">
    <h1>${title}</h1>
    <p class="lead">${text.t('link.lead')}</p>
    <div class="copy" data-copy="${text.t('link.copied')}">
      <label class="field field-wide">
        <span>${text.t('link.label')}</span>
        <input type="text" readonly value="${web.settings.publicUrl}/signin/${token}" data-copy-from />
      </label>
      <button class="button" type="button" data-copy-button hidden>${text.t('link.copy')}</button>
      <span class="unseen" role="status" data-copy-status></span>
    </div>
    <p>${text.t('link.next')}</p>
    <p class="actions"><a class="button quiet" href="/people">${text.t('link.back')}</a></p>
  </section>`;
  return { kind: 'page', html: signedInPage(exchange, text, frame, { title, body, current: 'people' }) };
}
