import { AppError } from '../core/errors.ts';
import { endOwnSessions, previewLink, SESSION_MS, signIn, type SignedIn } from '../core/people/sign-in.ts';
import type { WebContext } from '../core/web-context.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { html } from '../http/html.ts';
import { checkNonce, issueNonce } from '../http/nonce.ts';
import { plainPage } from './layout.ts';
import { textIn } from './text/text.ts';

type Visit = Exchange<WebContext, SignedIn | null>;

/** Says whom a link lets in. Scanners of mails fetch links, so this uses nothing up. */
export async function showSignIn({ web, params, language }: Visit): Promise<Reply> {
  const token = params['token'] ?? '';
  const person = await previewLink(web, token);
  const text = textIn(language, null);
  const title = text.t('signin.title', { name: person.name });
  // The form goes to the page's own address, which holds the token.
  const body = html`<section class="card">
    <h1>${title}</h1>
    <p class="lead">${text.t('signin.lead', { role: text.t(`role.${person.role}`) })}</p>
    <form method="post">
      <input type="hidden" name="nonce" value="${issueNonce(web.settings.formKey, token, web.clock.now())}" />
      <button class="button" type="submit">${text.t('signin.button')}</button>
    </form>
    <p class="fine">${text.t('signin.note')}</p>
  </section>`;
  return { kind: 'page', html: plainPage(text, { title, body }) };
}

/** Uses the link up and opens a session; whoever was signed in with this browser before no longer is. */
export async function submitSignIn({ web, me, params, form, language, device }: Visit): Promise<Reply> {
  const token = params['token'] ?? '';
  if (!checkNonce(web.settings.formKey, token, form.get('nonce') ?? '', web.clock.now())) {
    throw new AppError('forbidden', textIn(language, null).t('signin.stale'));
  }
  const session = await signIn(web, token, device);
  if (me !== null) await endOwnSessions(web, me, me.sessionId);
  return {
    kind: 'redirect',
    to: '/',
    cookies: [{ name: 'session', value: session, maxAgeSeconds: SESSION_MS / 1000 }],
  };
}
