import { html, type Html } from '../http/html.ts';
import type { Text } from './text/text.ts';

/** Where one is in a list of several pages, and the ways back and on; nothing where there is only one. */
export function pager(
  text: Text,
  at: { page: number; pages: number },
  address: (page: number) => string,
): Html | null {
  if (at.pages <= 1) return null;
  const step = (page: number, words: string, rel: string): Html =>
    page < 1 || page > at.pages
      ? html`<span class="button quiet" aria-disabled="true">${words}</span>`
      : html`<a class="button quiet" rel="${rel}" href="${address(page)}">${words}</a>`;
  return html`<nav class="pager" aria-label="${text.t('pager.label')}">
    ${step(at.page - 1, text.t('pager.previous'), 'prev')}
    <span class="digits">${text.t('pager.page', at)}</span>
    ${step(at.page + 1, text.t('pager.next'), 'next')}
  </nav>`;
}
