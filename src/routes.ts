import { pingCard, type Signed } from './api/card-ping.ts';
import { getCardPreview } from './api/card-preview.ts';
import { getCardOfAccount } from './api/card.ts';
import { getHealth } from './api/health.ts';
import { getProgress } from './api/progress.ts';
import { postUsage } from './api/usage.ts';
import type { SignedIn } from './core/people/sign-in.ts';
import type { Sender } from './core/usage/tokens.ts';
import type { WebContext } from './core/web-context.ts';
import type { Route } from './http/route.ts';
import { showAccount, submitEndSession, submitSignOut, submitSignOutEverywhere } from './pages/account.ts';
import { downloadAccounts, downloadContracts } from './pages/account-csv.ts';
import { showAccounts } from './pages/account-list.ts';
import { showAccountPage } from './pages/account-page.ts';
import { showActivity } from './pages/activity.ts';
import { showChurn } from './pages/churn.ts';
import { showChurnLens } from './pages/churn-lens.ts';
import { askSync } from './pages/ask-sync.ts';
import { showCardPreview } from './pages/card-preview.ts';
import { submitInvitation, submitNewLink, submitRemoval, submitRole } from './pages/people-actions.ts';
import { showLedger } from './pages/ledger.ts';
import { showPeople } from './pages/people.ts';
import { showProblems } from './pages/problems.ts';
import { showSignIn, submitSignIn } from './pages/sign-in.ts';
import { showMapping, submitMapping } from './pages/settings-mapping.ts';
import { showPortals, submitSwitch } from './pages/settings-portals.ts';
import { showUsage, submitRevocation, submitToken } from './pages/settings-usage.ts';
import { showStart } from './pages/start.ts';
import { showWhy } from './pages/why.ts';

const ADMIN = ['admin'] as const;
const STEERING = ['admin', 'leader'] as const;
const LOOKING = ['admin', 'leader', 'analyst'] as const;

/**
 * Every address of the product and who may use it. Beside these there are `/assets/…`, `/card/…`, `/healthz` and `/readyz`, which are
 * for everybody and tell nothing of a portal (src/app.ts).
 */
export const routes: readonly Route<WebContext, SignedIn, Signed, Sender>[] = [
  // asked far more often than the rest, and routes are tried in this order
  { method: 'get', path: '/api/card/ping', answers: 'json', who: 'hubspot', handle: pingCard },
  {
    method: 'get',
    path: '/api/card/accounts/:companyId',
    answers: 'json',
    who: 'hubspot',
    handle: getCardOfAccount,
  },

  // without a session the start page says how to get one
  { method: 'get', path: '/', answers: 'page', who: 'visitor', handle: showStart },
  {
    method: 'get',
    path: '/signin/:token',
    answers: 'page',
    who: 'visitor',
    holdsToken: true,
    handle: showSignIn,
  },
  {
    method: 'post',
    path: '/signin/:token',
    answers: 'page',
    who: 'visitor',
    holdsToken: true,
    handle: submitSignIn,
  },

  { method: 'get', path: '/sync', answers: 'page', who: LOOKING, handle: showLedger },
  { method: 'post', path: '/sync', answers: 'page', who: STEERING, handle: askSync },

  { method: 'get', path: '/accounts', answers: 'page', who: 'signed-in', handle: showAccounts },
  { method: 'get', path: '/accounts.csv', answers: 'page', who: 'signed-in', handle: downloadAccounts },
  { method: 'get', path: '/accounts/:id', answers: 'page', who: 'signed-in', handle: showAccountPage },
  {
    method: 'get',
    path: '/accounts/:id/contracts.csv',
    answers: 'page',
    who: 'signed-in',
    handle: downloadContracts,
  },

  { method: 'get', path: '/churn', answers: 'page', who: LOOKING, handle: showChurn },
  { method: 'get', path: '/churn/lens', answers: 'page', who: LOOKING, handle: showChurnLens },

  { method: 'get', path: '/problems', answers: 'page', who: 'signed-in', handle: showProblems },
  { method: 'get', path: '/why', answers: 'page', who: 'signed-in', handle: showWhy },

  {
    method: 'get',
    path: '/accounts/:id/preview',
    answers: 'page',
    who: 'signed-in',
    handle: showCardPreview,
  },

  { method: 'get', path: '/people', answers: 'page', who: ADMIN, handle: showPeople },
  { method: 'post', path: '/people', answers: 'page', who: ADMIN, handle: submitInvitation },
  { method: 'post', path: '/people/link', answers: 'page', who: ADMIN, handle: submitNewLink },
  { method: 'post', path: '/people/role', answers: 'page', who: ADMIN, handle: submitRole },
  { method: 'post', path: '/people/remove', answers: 'page', who: ADMIN, handle: submitRemoval },

  { method: 'get', path: '/account', answers: 'page', who: 'signed-in', handle: showAccount },
  { method: 'post', path: '/account/end', answers: 'page', who: 'signed-in', handle: submitEndSession },
  { method: 'post', path: '/account/sign-out', answers: 'page', who: 'signed-in', handle: submitSignOut },
  {
    method: 'post',
    path: '/account/sign-out-everywhere',
    answers: 'page',
    who: 'signed-in',
    handle: submitSignOutEverywhere,
  },

  { method: 'get', path: '/activity', answers: 'page', who: ADMIN, handle: showActivity },

  { method: 'get', path: '/settings/mapping', answers: 'page', who: LOOKING, handle: showMapping },
  {
    method: 'post',
    path: '/settings/mapping',
    answers: 'page',
    who: ADMIN,
    longestBody: 1024 * 1024,
    handle: submitMapping,
  },
  { method: 'get', path: '/settings/usage', answers: 'page', who: ADMIN, handle: showUsage },
  { method: 'post', path: '/settings/usage', answers: 'page', who: ADMIN, handle: submitToken },
  { method: 'post', path: '/settings/usage/revoke', answers: 'page', who: ADMIN, handle: submitRevocation },
  { method: 'get', path: '/settings/portals', answers: 'page', who: ADMIN, handle: showPortals },
  { method: 'post', path: '/settings/portals/switch', answers: 'page', who: ADMIN, handle: submitSwitch },

  {
    method: 'post',
    path: '/api/usage',
    answers: 'json',
    who: 'token',
    longestBody: 1024 * 1024,
    handle: postUsage,
  },
  { method: 'get', path: '/api/progress', answers: 'json', who: 'signed-in', handle: getProgress },
  { method: 'get', path: '/api/health', answers: 'json', who: 'signed-in', handle: getHealth },
  {
    method: 'get',
    path: '/api/preview/accounts/:id',
    answers: 'json',
    who: 'signed-in',
    handle: getCardPreview,
  },
];
