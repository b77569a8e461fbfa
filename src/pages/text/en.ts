import type { Health } from '../../core/portals/health.ts';

const number = new Intl.NumberFormat('en');
const rules = new Intl.PluralRules('en');

/** A number with its noun: `some(1, 'record', 'records')` gives "1 record". */
function some(count: number, one: string, other: string): string {
  return `${number.format(count)} ${rules.select(count) === 'one' ? one : other}`;
}

const HEALTH: Record<Exclude<Health['code'], 'hubspot_said' | 'worker_silent'>, string> = {
  store_silent: 'The operational store does not answer. Pages and syncs wait until it does.',
  store_embedded:
    'Embedded store: survives a crash of the program, not a power cut. Set DATABASE_URL for PostgreSQL.',
  store_postgres: 'PostgreSQL answers.',
  worker_starting: 'The worker is starting.',
  worker_alive: 'The worker is alive.',
  data_none: 'Nothing is published yet; the first sync does it.',
  data_published: 'The published data can be read.',
  hubspot_unread: 'HubSpot has not been read yet.',
  hubspot_complete: 'The last sync brought everything that HubSpot lets us read.',
};

/**
 * Everything a person reads on a page, in English. Another language is one more file with the same keys; a sentence with a value in it is
 * a function, so that each language puts the value where it belongs and chooses its own plurals.
 */
export const en = {
  'app.name': 'Holdfast',
  'app.skip': 'Skip to the content',

  'nav.label': 'Pages',
  'nav.start': 'Overview',
  'nav.people': 'People',
  'nav.activity': 'Activity',
  'nav.account': 'Your account',

  'portal.demo': 'Demo portal',
  'portal.known': (p: { id: string }) => `HubSpot portal ${p.id}`,
  'portal.unknown': 'Your HubSpot portal',

  'footer.version': (p: { version: string }) => `Holdfast ${p.version}`,
  'footer.noData': 'No data yet',
  'footer.read': 'Data read',
  'footer.zone': (p: { zone: string }) => `Times in ${p.zone}`,
  'footer.live': 'Is it alive?',
  'footer.ready': 'Is it ready?',

  'time.justNow': 'just now',
  'form.required': 'required',

  // the start page, before and during the first sync
  'first.title': 'Reading your HubSpot for the first time',
  'first.titleDemo': 'Reading the demo portal for the first time',
  'first.titleWaiting': 'The first sync starts in a moment',
  'first.lead':
    'Holdfast copies companies, contacts, deals and what happened with them into a warehouse of its own. Nothing is changed in HubSpot. You may leave this page; it turns into your data when the work is done.',
  'first.leadDemo':
    'Holdfast copies companies, contacts, deals and what happened with them into a warehouse of its own. You may leave this page; it turns into the data when the work is done.',
  'first.overall': 'The whole sync',
  'first.elapsed': 'Running for',
  'first.records': 'Records read',
  'first.requests': 'Requests',
  'first.types': 'Record by record type',
  'first.steps': 'Steps',

  'phase.definitions': 'Asking what there is',
  'phase.records': 'Reading records',
  'phase.associations': 'Reading how they belong together',
  'phase.publishing': 'Making it ready to see',

  'live.running': (p: { phase: string; share: string }) => `${p.phase}, ${p.share} of the whole.`,
  'live.waiting': 'Waiting for the sync to start.',
  'live.finished': 'The sync has ended.',
  'live.lost': 'Holdfast does not answer. Trying again.',
  'live.signedOut': 'Your session is over. Reload this page to sign in again.',

  'row.waiting': 'waiting',
  'row.running': 'reading',
  'row.done': 'done',
  'row.skipped': 'left out',
  'row.failed': 'failed',
  'row.of': (p: { done: string; total: string }) => `${p.done} of ${p.total}`,
  'row.read': (p: { done: string }) => `${p.done} read`,

  'type.companies': 'Companies',
  'type.contacts': 'Contacts',
  'type.deals': 'Deals',
  'type.line_items': 'Line items',
  'type.tickets': 'Tickets',
  'type.feedback_submissions': 'Survey answers',
  'type.subscriptions': 'Subscriptions',
  'type.invoices': 'Invoices',
  'type.meetings': 'Meetings',
  'type.calls': 'Calls',
  'type.emails': 'E-mails',
  'type.notes': 'Notes',
  'type.tasks': 'Tasks',
  'type.custom': (p: { name: string }) => `Custom object ${p.name}`,

  // when the first sync did not work
  'failed.title': 'The first sync did not work',
  'failed.titleStopped': 'The first sync is waiting',
  'failed.titleNoData': 'The data cannot be shown',
  'failed.said': 'What happened',
  'failed.next': 'What to do',
  'failed.nextToken':
    'Mend what the sentence above names, then try again. Nothing was lost, and nothing in HubSpot was touched.',
  'failed.nextStopped': 'You need do nothing: what was read is kept, and the sync goes on by itself.',
  'failed.resumes': (p: { at: string }) => `It goes on after ${p.at}.`,
  'failed.nextNoData': 'Sync again: it publishes the data anew from what was read.',
  'failed.doctor': 'For more, run this where Holdfast runs:',
  'failed.again': 'Try again',
  'failed.askAdmin': 'Ask your admin or a leader to start it again.',

  // the start page with data
  'start.title': (p: { companies: number }) => `${some(p.companies, 'company', 'companies')} from HubSpot`,
  'start.lead': (p: { others: number }) =>
    `and ${some(p.others, 'record', 'records')} that tell what happened with them.`,
  'start.titleEmpty': 'This portal has no companies yet',
  'start.leadEmpty':
    'Holdfast read the portal and found no company in it. Add or import companies in HubSpot; the next sync brings them.',
  'start.counts': 'What was copied',
  'start.archived': (p: { count: number }) => `${number.format(p.count)} in recycle bin`,

  'demo.title': 'These companies are invented.',
  'demo.text': 'This is the demo portal, a make-believe HubSpot on this machine.',
  'demo.how': 'Read your own HubSpot',
  'demo.step1':
    'In HubSpot, make a private app with read scopes for companies, contacts, deals, owners, tickets, line items, subscriptions and feedback submissions.',
  'demo.step2': 'Put its token into the file .env beside Holdfast:',
  'demo.step3': 'Start Holdfast again and watch the first sync.',

  'safe.on': 'Safe mode is on.',
  'safe.onText': 'Nothing is sent to a customer and nothing is written to HubSpot.',
  'safe.off': 'Safe mode is off.',
  'safe.offText': 'What an admin has switched on may leave; everything else is held back.',
  'safe.held': (p: { count: number }) =>
    p.count === 0
      ? 'So far there was nothing to hold back.'
      : `${some(p.count, 'action was', 'actions were')} held back.`,
  'safe.see': 'See what would have happened',

  'sync.title': 'Freshness',
  'sync.readAgo': 'Read',
  'sync.publishedAgo': 'Published, but not complete,',
  'sync.stale': 'This is older than it should be.',
  'sync.now': 'Sync now',
  'sync.asked': 'A sync was asked for. It starts in a moment.',
  'sync.running': 'A sync is running',
  'sync.show': 'Show the new data',
  'sync.details': 'Record by record type',
  'sync.complete': 'The last sync brought everything that HubSpot lets us read.',
  'sync.stopped': 'The last sync stopped early.',
  'sync.failed': 'The last sync failed.',
  'sync.cost': (p: { changed: number; requests: number; seconds: string }) =>
    `${some(p.changed, 'change', 'changes')}, ${some(p.requests, 'request', 'requests')} to HubSpot, ${p.seconds}`,
  'sync.skipped': (p: { count: number }) =>
    `${some(p.count, 'record type was', 'record types were')} left out`,
  'sync.linksFailed': (p: { count: number }) =>
    `HubSpot refused to say what ${some(p.count, 'record belongs', 'records belong')} to; the next sync asks again.`,

  'health.title': 'Is everything well?',
  'health.store': 'Store',
  'health.worker': 'Worker',
  'health.data': 'Data',
  'health.hubspot': 'HubSpot',
  'health.well': 'well',
  'health.waiting': 'waiting',
  'health.ill': 'needs attention',
  'health.sentence': (p: { code: Exclude<Health['code'], 'hubspot_said' | 'worker_silent'> }) =>
    HEALTH[p.code],
  'health.workerSilent': (p: { seconds: number }) =>
    `The worker has been silent for ${some(p.seconds, 'second', 'seconds')}. Look at its log; syncs wait until it is back.`,

  'companies.title': 'Companies',
  'companies.search': 'Search by name, domain or owner',
  'companies.sort': 'Order',
  'companies.sort.name': 'by name',
  'companies.sort.owner': 'by owner',
  'companies.sort.stage': 'by stage',
  'companies.sort.updated': 'last changed first',
  'companies.show': 'Search',
  'companies.clear': 'Show all companies',
  'companies.name': 'Company',
  'companies.owner': 'Owner',
  'companies.stage': 'Stage',
  'companies.updated': 'Last changed',
  'companies.noName': 'No name',
  'companies.none': '–',
  'companies.found': (p: { total: number; words: string }) =>
    p.words === ''
      ? some(p.total, 'company', 'companies')
      : `${some(p.total, 'company', 'companies')} for “${p.words}”`,
  'companies.notFound': (p: { words: string }) =>
    `No company has “${p.words}” in its name, its domain or its owner.`,
  'companies.pages': 'Pages of the list',
  'companies.page': (p: { page: number; pages: number }) =>
    `Page ${number.format(p.page)} of ${number.format(p.pages)}`,
  'companies.previous': 'Previous',
  'companies.next': 'Next',

  'stage.subscriber': 'Subscriber',
  'stage.lead': 'Lead',
  'stage.marketingqualifiedlead': 'Marketing qualified lead',
  'stage.salesqualifiedlead': 'Sales qualified lead',
  'stage.opportunity': 'Opportunity',
  'stage.customer': 'Customer',
  'stage.evangelist': 'Evangelist',
  'stage.other': 'Other',

  // without a session
  'visitor.title': 'Sign in to Holdfast',
  'visitor.lead': 'Holdfast has no passwords. You come in with a link that works once.',
  'visitor.admin': 'Holdfast runs on your machine?',
  'visitor.adminText': 'Make yourself a link there, and open the address it prints:',
  'visitor.other': 'Somebody else runs it?',
  'visitor.otherText': 'Ask your admin for a new sign-in link. They make one on the page “People”.',
  'visitor.over': 'A session ends after 30 minutes without use, and after 12 hours in any case.',

  'signin.title': (p: { name: string }) => `Welcome, ${p.name}`,
  'signin.lead': (p: { role: string }) => `This link signs you in once, as ${p.role}.`,
  'signin.button': 'Sign in',
  'signin.note': 'The link is used up only when you press the button.',
  'signin.stale': 'This page is too old to sign in with. Open the link again and press the button.',

  'role.admin': 'Admin',
  'role.leader': 'Leader',
  'role.manager': 'Account manager',
  'role.analyst': 'Analyst',
  'role.admin.hint': 'sees everything, invites people, switches things on',
  'role.leader.hint': 'sees everything, may start a sync',
  'role.manager.hint': 'looks after accounts',
  'role.analyst.hint': 'looks at numbers',

  'people.title': 'People',
  'people.lead': 'Who may come in, and as what. Everybody signs in with a link that works once.',
  'people.list': 'Who is here',
  'people.name': 'Name',
  'people.email': 'E-mail address',
  'people.emailHint': 'optional; Holdfast sends nothing to it',
  'people.role': 'Role',
  'people.since': 'Here since',
  'people.actions': 'Actions',
  'people.you': 'you',
  'people.selfNote': 'Another admin can change this.',
  'people.invite': 'Invite somebody',
  'people.inviteButton': 'Make a sign-in link',
  'people.newLink': 'New sign-in link',
  'people.newLinkFor': (p: { name: string }) => `New sign-in link for ${p.name}`,
  'people.roleFor': (p: { name: string }) => `Role of ${p.name}`,
  'people.change': 'Change',
  'people.changeFor': (p: { name: string }) => `Change the role of ${p.name}`,
  'people.edit': 'Edit',
  'people.editFor': (p: { name: string }) => `Edit ${p.name}`,
  'people.remove': 'Remove',
  'people.removeFor': (p: { name: string }) => `Remove ${p.name}`,
  'people.removeNote': 'Their sessions and links end at once.',
  'people.roleNote': 'A new role signs them out.',

  'link.title': (p: { name: string }) => `A sign-in link for ${p.name}`,
  'link.lead': 'It works once, within seven days. It is shown only now: Holdfast does not keep it.',
  'link.label': 'The link',
  'link.copy': 'Copy',
  'link.copied': 'Copied',
  'link.next': 'Give it to them in a way that only they can read.',
  'link.back': 'Back to the people',

  'account.title': 'Your account',
  'account.lead': (p: { role: string }) => `You are signed in as ${p.role}.`,
  'account.sessions': 'Where you are signed in',
  'account.since': 'Since',
  'account.seen': 'Last used',
  'account.this': 'this one',
  'account.end': 'End',
  'account.endFor': (p: { device: string }) => `End the session of ${p.device}`,
  'account.signOut': 'Sign out here',
  'account.signOutAll': 'Sign out everywhere',
  'account.unknownDevice': 'Unknown browser',
  'account.deviceOn': (p: { browser: string; system: string }) => `${p.browser} on ${p.system}`,

  'activity.title': 'Activity',
  'activity.lead': 'What was done in Holdfast and by whom, and what would have left it.',
  'activity.outgoing': 'What left, and what would have',
  'activity.outgoingNone':
    'Nothing yet. When Holdfast wants to write to HubSpot or send a mail, it is listed here first, and leaves only when it is switched on.',
  'activity.trail': 'What was done',
  'activity.trailNone': 'Nothing yet.',
  'activity.when': 'When',
  'activity.who': 'Who',
  'activity.what': 'What',
  'activity.state': 'State',
  'activity.where': 'Where to',
  'activity.newest': (p: { count: number }) => `The newest ${number.format(p.count)} are shown.`,
  'actor.system': 'Holdfast',
  'actor.command': 'Command line',
  'actor.hubspot': 'HubSpot',

  'action.people.invite': 'invited somebody',
  'action.people.change_role': 'changed a role',
  'action.people.remove': 'removed somebody',
  'action.link.issue': 'made a sign-in link',
  'action.session.open': 'signed in',
  'action.session.end': 'ended a session',
  'action.session.end_all': 'signed out everywhere',
  'action.sync.request': 'asked for a sync',
  'action.setting.write': 'changed a setting',

  'kind.hubspot_property': 'Write a property in HubSpot',
  'kind.hubspot_note': 'Write a note in HubSpot',
  'kind.hubspot_task': 'Make a task in HubSpot',
  'kind.mail_invitation': 'Mail an invitation',
  'kind.mail_interview': 'Mail an interview',
  'kind.mail_offer': 'Mail an offer',

  'outbox.held': 'would have',
  'outbox.pending': 'about to leave',
  'outbox.sending': 'leaving',
  'outbox.sent': 'left',
  'outbox.failed': 'failed, is tried again',
  'outbox.parked': 'given up, needs a person',

  'problem.title.invalid': 'That did not work',
  'problem.title.unauthenticated': 'You are not signed in',
  'problem.title.forbidden': 'You may not do this',
  'problem.title.not_found': 'There is nothing here',
  'problem.title.conflict': 'That cannot be done now',
  'problem.title.too_many': 'Too fast',
  'problem.title.upstream': 'HubSpot did not answer',
  'problem.title.unavailable': 'A part of Holdfast is not ready',
  'problem.title.fault': 'Something went wrong on our side',
  'problem.back': 'Back to the overview',
  'problem.number': (p: { id: string }) => `Number for your admin: ${p.id}`,
};

/** What a language file must have. */
export type Catalogue = {
  [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : (typeof en)[Key];
};
