import { html, type Html } from '../http/html.ts';
import type { PageExchange } from './layout.ts';
import type { Text } from './text/text.ts';

export type SettingsPage = 'mapping' | 'usage' | 'portals';

/** The pages of the settings that this person may see, under their title. */
export function settingsTabs({ me }: PageExchange, text: Text, current: SettingsPage): Html {
  const pages: readonly SettingsPage[] =
    me.actor.role === 'admin' ? ['mapping', 'usage', 'portals'] : ['mapping'];
  return html`<nav class="tabs" aria-label="${text.t('nav.settings')}">
    <ul>
      ${pages.map(
        (page) =>
          html`<li>
            <a href="/settings/${page}" ${page === current && html` aria-current="page"`}
              >${text.t(`settings.${page}`)}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;
}
