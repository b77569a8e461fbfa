import type { DemoView } from '../core/portals/demo-view.ts';
import type { Frame } from '../core/portals/frame.ts';
import { html, type Html } from '../http/html.ts';
import type { Text } from './text/text.ts';

const EVERY_MS = 2000;

/** On every page of the demo portal: which week its data are of; while it catches up with today, how far it is. The page's script keeps it true. */
export function demoClock(text: Text, { demo }: Frame): Html | null {
  if (demo === null) return null;
  const words = {
    living: text.t('demo.living', { date: '{date}', done: '{done}', total: '{total}' }),
    today: text.t('demo.today', { date: '{date}' }),
    soon: text.t('demo.soon'),
    minutes: text.t('demo.minutes', { minutes: '{minutes}' }),
    arrived: text.t('demo.arrived'),
  };
  const live = demo.isLiving
    ? html` data-demo-clock data-every="${EVERY_MS}" data-zone="${text.timeZone}"
      data-shown="${demo.now.toISOString()}" data-words="${JSON.stringify(words)}"`
    : null;
  return html`<aside class="demo-clock" aria-label="${text.t('demo.label')}" ${live}>
    <div class="demo-clock-inner">
      <p data-demo-words>${demoWords(text, demo)}</p>
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

/** "Demo portal: it is 12 May 2025 here; 23 of 78 weeks lived, about 2 min left" */
function demoWords(text: Text, { now, isLiving, weeks, secondsLeft }: DemoView): string {
  const date = text.date(now);
  if (!isLiving) return text.t('demo.today', { date });
  const [done, total] = [text.number(weeks.done), text.number(weeks.total)];
  const lived = text.t('demo.living', { date, done, total });
  if (secondsLeft === null) return `${lived}.`;
  const left =
    secondsLeft < 60
      ? text.t('demo.soon')
      : text.t('demo.minutes', { minutes: text.number(Math.ceil(secondsLeft / 60)) });
  return `${lived}, ${left}.`;
}
