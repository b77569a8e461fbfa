import { html, type Html } from '../http/html.ts';
import type { Text } from './text/text.ts';

/** What is not known: a dash for the eye, words for who cannot see it. Never 0. */
export function nothing(text: Text, words = text.t('nothing')): Html {
  return html`<span aria-hidden="true">–</span><span class="unseen">${words}</span>`;
}
