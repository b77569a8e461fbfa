import { html, type Html } from '../http/html.ts';
import type { Problem } from '../http/problem.ts';
import { plainPage } from './layout.ts';
import { textIn } from './text/text.ts';

/** The page for a refusal or a fault: what happened, as a sentence that says what to do, and ways on. */
export function problemPage(problem: Problem, requestId: string, language: string): Html {
  const text = textIn(language, null);
  const title = text.t(`problem.title.${problem.code}`);
  const body = html`<section class="card notice-card" data-tone="${problem.isFault ? 'ill' : 'waiting'}">
    <p class="eyebrow">${problem.status}</p>
    <h1>${title}</h1>
    <p>${problem.message}</p>
    <p class="actions"><a class="button" href="/">${text.t('problem.back')}</a></p>
    ${problem.isFault && html`<p class="fine">${text.t('problem.number', { id: requestId })}</p>`}
  </section>`;
  return plainPage(text, { title, body });
}
