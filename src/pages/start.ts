import type { SignedIn } from '../core/people/sign-in.ts';
import { getOverview, type Overview } from '../core/portals/overview.ts';
import { viewSync, type SyncView } from '../core/portals/sync-view.ts';
import type { WebContext } from '../core/web-context.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { html, type Html } from '../http/html.ts';
import { signedInPage, type PageExchange, type PlainPage } from './layout.ts';
import { dataSection, dataTitle } from './start-data.ts';
import { failedSection, failedTitle } from './start-failed.ts';
import { firstSyncSection, firstSyncTitle } from './start-first-sync.ts';
import { demoBanner, safeModeBanner } from './start-banners.ts';
import { textIn, type Text } from './text/text.ts';
import { visitorPage } from './visitor.ts';

/** What the parts of the start page are made from. */
export interface Start {
  exchange: PageExchange;
  text: Text;
  overview: Overview;
  view: SyncView;
  /** a sync was asked for on this page just now */
  asked: boolean;
}

const REFRESH_SECONDS = 5;

/** The start page: what is happening before there are data, and what there is to see afterwards. */
export async function showStart(exchange: Exchange<WebContext, SignedIn | null>): Promise<Reply> {
  const { me, web, query, language } = exchange;
  if (me === null) return visitorPage(language);
  const overview = await getOverview(web, me.actor.portal, Object.fromEntries(query));
  const start: Start = {
    exchange: { ...exchange, me },
    text: textIn(language, overview.portal.timeZone),
    overview,
    view: viewOf(overview),
    asked: query.get('asked') === '1',
  };
  const { title, body } = startBody(start);
  const isMoving = start.view.state !== 'idle' || start.asked || overview.demo?.isLiving === true;
  const page: PlainPage = {
    title,
    body: html`${demoBanner(start)} ${body}`,
    ...(isMoving ? { refresh: { seconds: REFRESH_SECONDS, to: '/' } } : {}),
  };
  return {
    kind: 'page',
    html: signedInPage(start.exchange, start.text, overview, { ...page, current: 'start' }),
  };
}

// Nobody syncs what was imported: there is nothing to wait for.
function viewOf({ portal, sync }: Overview): SyncView {
  const view = viewSync(sync);
  return portal.mode === 'import' ? { ...view, state: 'idle' } : view;
}

function startBody(start: Start): { title: string; body: Html } {
  const { overview, view } = start;
  if (overview.data !== null) {
    return { title: dataTitle(start, overview.data), body: dataSection(start, overview.data) };
  }
  const body =
    view.state === 'idle'
      ? { title: failedTitle(start), section: failedSection(start) }
      : { title: firstSyncTitle(start), section: firstSyncSection(start) };
  return { title: body.title, body: html`${body.section} ${safeModeBanner(start)}` };
}
