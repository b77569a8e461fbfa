import { z } from 'zod';
import { endOwnSessions, ownSessions } from '../core/people/sign-in.ts';
import { getFrame } from '../core/portals/frame.ts';
import type { Reply, SetCookie } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { deviceName } from './device.ts';
import { postForm, signedInPage, type PageExchange } from './layout.ts';
import { textIn, type Text } from './text/text.ts';
import { time } from './time.ts';

type Session = Awaited<ReturnType<typeof ownSessions>>[number];

const SIGNED_OUT: readonly SetCookie[] = [{ name: 'session', value: null, maxAgeSeconds: 0 }];
const SessionId = z.uuid('This session is not known.');

/** Where one is signed in, and how to end it. */
export async function showAccount(exchange: PageExchange): Promise<Reply> {
  const { web, me, language } = exchange;
  const [frame, sessions] = await Promise.all([getFrame(web, me.actor.portal), ownSessions(web, me)]);
  const text = textIn(language, frame.portal.timeZone);
  const title = text.t('account.title');
  const button = (words: string, className: string): Html =>
    html`<button class="button ${className}" type="submit">${words}</button>`;
  const body = html`<header class="hero">
      <h1>${me.name}</h1>
      <p class="lead">${text.t('account.lead', { role: text.t(`role.${me.actor.role}`) })}</p>
    </header>
    <section class="card" aria-labelledby="sessions">
      <h2 id="sessions">${text.t('account.sessions')}</h2>
      <ul class="sessions">
        ${sessions.map((session) => sessionRow(exchange, text, session))}
      </ul>
      <div class="actions">
        ${postForm(exchange, '/account/sign-out', 'inline', button(text.t('account.signOut'), ''))}
        ${postForm(exchange, '/account/sign-out-everywhere', 'inline', button(text.t('account.signOutAll'), 'quiet'))}
      </div>
    </section>`;
  return { kind: 'page', html: signedInPage(exchange, text, frame, { title, body, current: 'account' }) };
}

function sessionRow(exchange: PageExchange, text: Text, session: Session): Html {
  const now = exchange.web.clock.now();
  const device = deviceName(text, session.device);
  const isThis = session.id === exchange.me.sessionId;
  const end = html`<input type="hidden" name="sessionId" value="${session.id}" />
    <button class="button quiet small" type="submit" aria-label="${text.t('account.endFor', { device })}">
      ${text.t('account.end')}
    </button>`;
  return html`<li class="session">
    <div>
      <strong title="${session.device}">${device}</strong>
      ${isThis && html`<span class="badge">${text.t('account.this')}</span>`}
      <p class="fine">
        ${text.t('account.since')} ${time(text, session.created_at, now)} · ${text.t('account.seen')}
        ${time(text, session.seen_at, now)}
      </p>
    </div>
    ${!isThis && postForm(exchange, '/account/end', 'inline', end)}
  </li>`;
}

/** Ends one of the person's own sessions. */
export async function submitEndSession({ web, me, form }: PageExchange): Promise<Reply> {
  await endOwnSessions(web, me, SessionId.parse(form.get('sessionId')));
  return { kind: 'redirect', to: '/account' };
}

export async function submitSignOut({ web, me }: PageExchange): Promise<Reply> {
  await endOwnSessions(web, me, me.sessionId);
  return { kind: 'redirect', to: '/', cookies: SIGNED_OUT };
}

export async function submitSignOutEverywhere({ web, me }: PageExchange): Promise<Reply> {
  await endOwnSessions(web, me, null);
  return { kind: 'redirect', to: '/', cookies: SIGNED_OUT };
}
