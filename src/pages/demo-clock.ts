import type { Frame } from '../core/portals/frame.ts';
import { html, type Html } from '../http/html.ts';
import type { Text } from './text/text.ts';

const EVERY_MS = 2000;

type Demo = NonNullable<Frame['demo']>;

/**
 * On every page of the demo portal: of which day the data are that it shows; while the portal catches up with today, how far it is. The page's
 * script goes on with how far; the day stays that of what is shown.
 */
export function demoClock(text: Text, { demo }: Frame): Html | null {
  if (demo === null) return null;
  const date = demo.dataAt === null ? null : text.date(demo.dataAt);
  const words = {
    living: lived(text, date, { done: '{done}', total: '{total}' }),
    soon: text.t('demo.soon'),
    minutes: text.t('demo.minutes', { minutes: '{minutes}' }),
    arrived: text.t('demo.arrived'),
  };
  const live = demo.isLiving
    ? html` data-demo-clock data-every="${EVERY_MS}" data-zone="${text.timeZone}"
      data-shown="${demo.dataAt?.toISOString() ?? ''}" data-words="${JSON.stringify(words)}"`
    : null;
  return html`<aside class="demo-clock" aria-label="${text.t('demo.label')}" ${live}>
    <div class="demo-clock-inner">
      <p data-demo-words>${demoWords(text, demo, date)}</p>
      ${
        demo.isLiving &&
        html`<progress
            max="1"
            value="${demo.share}"
            aria-label="${text.t('demo.label')}"
            data-demo-share
          ></progress>
          <a href="" data-demo-offer hidden>${text.t('demo.newWeek')}</a>`
      }
    </div>
  </aside>`;
}

/** "Demo portal: what you see is of 12 May 2025; 23 of 78 weeks lived, about 2 min left" */
function demoWords(text: Text, { isLiving, weeks, secondsLeft }: Demo, date: string | null): string {
  if (!isLiving && date !== null) return text.t('demo.today', { date });
  const [done, total] = [text.number(weeks.done), text.number(weeks.total)];
  const soFar = lived(text, date, { done, total });
  if (secondsLeft === null) return `${soFar}.`;
  const left =
    secondsLeft < 60
      ? text.t('demo.soon')
      : text.t('demo.minutes', { minutes: text.number(Math.ceil(secondsLeft / 60)) });
  return `${soFar}, ${left}.`;
}

function lived(text: Text, date: string | null, weeks: { done: string; total: string }): string {
  return date === null ? text.t('demo.empty', weeks) : text.t('demo.living', { date, ...weeks });
}
