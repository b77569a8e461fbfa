import type { Health, SaidCode } from '../../core/portals/health.ts';

const number = new Intl.NumberFormat('en');
const points = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const rules = new Intl.PluralRules('en');

/** A number with its noun: `some(1, 'record', 'records')` gives "1 record". */
function some(count: number, one: string, other: string): string {
  return `${number.format(count)} ${rules.select(count) === 'one' ? one : other}`;
}

/** How long something lasts, in whole years and months, and in days as a whole. */
interface Span {
  years: number;
  months: number;
  days: number;
}

function shortSpan({ years, months }: Span): string {
  return [years > 0 && `${number.format(years)} y`, months > 0 && `${months} m`].filter(Boolean).join(' ');
}

function longSpan({ years, months }: Span): string {
  return [years > 0 && some(years, 'year', 'years'), months > 0 && some(months, 'month', 'months')]
    .filter(Boolean)
    .join(', ');
}

function ago(days: number): string {
  return days === 0
    ? 'today'
    : days < 0
      ? `in ${some(-days, 'day', 'days')}`
      : `${some(days, 'day', 'days')} ago`;
}

type OwnWords = Exclude<Health['code'], SaidCode | 'worker_silent'>;

const HEALTH: Record<OwnWords, string> = {
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
  hubspot_cut_short: 'The last sync ended before it was through with HubSpot; the next one goes on.',
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
  'nav.accounts': 'Accounts',
  'nav.problems': 'Data problems',
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

  nothing: 'not known',
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
  'start.accounts': 'Accounts',
  'start.pastDue': (p: { count: number }) => (p.count === 1 ? 'renewal past due' : 'renewals past due'),
  'start.within30': (p: { count: number }) =>
    p.count === 1 ? 'renewal within 30 days' : 'renewals within 30 days',
  'start.within90': (p: { count: number }) =>
    p.count === 1 ? 'renewal in 31 to 90 days' : 'renewals in 31 to 90 days',
  'start.risk': (p: { count: number }) => (p.count === 1 ? 'account at risk' : 'accounts at risk'),
  'start.all': (p: { count: number }) => (p.count === 1 ? 'account in all' : 'accounts in all'),
  'start.counts': 'What was copied',
  'start.archived': (p: { count: number }) => `${number.format(p.count)} in recycle bin`,

  'demo.label': 'Time in the demo portal',
  'demo.today': (p: { date: string }) => `Demo portal: it is ${p.date} here, today.`,
  'demo.living': (p: { date: string; done: string; total: string }) =>
    `Demo portal: it is ${p.date} here; ${p.done} of ${p.total} weeks lived`,
  'demo.soon': 'less than a minute left',
  'demo.minutes': (p: { minutes: string }) => `about ${p.minutes} min left`,
  'demo.newWeek': 'Show this week',
  'demo.arrived': 'Show today',
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
  'health.warehouse': 'Warehouse',
  'health.well': 'well',
  'health.waiting': 'waiting',
  'health.ill': 'needs attention',
  'health.sentence': (p: { code: OwnWords }) => HEALTH[p.code],
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
  'companies.inHubSpot': 'in HubSpot',

  // the card outside HubSpot
  'preview.eyebrow': 'Preview of the HubSpot card',
  'preview.titleOf': (p: { name: string }) => `Card of ${p.name}`,
  'preview.titleNone': 'No card for this company',
  'preview.nameless': (p: { id: string }) => `Company ${p.id}`,
  'preview.note': 'This is a preview, not HubSpot.',
  'preview.noteBody':
    'The card is the very one that HubSpot runs, with the data of this account; its looks are ours.',
  'preview.which': 'Which card',
  'preview.sidebar': 'Sidebar',
  'preview.tab': 'Tab',
  'preview.cardTitle.sidebar': 'Account at a glance',
  'preview.cardTitle.tab': 'Account history',
  'preview.account': 'Account page',
  'preview.building': 'The card is being made',
  'preview.buildingBody': 'That takes a few seconds, once after each update. This page loads anew by itself.',
  'preview.missing': 'There is no card to show',
  'preview.noScript':
    'The card is a program: switch scripts on to see it. The account page shows the same without.',
  'preview.newTab': 'opens a new tab',
  'preview.notLoaded': 'The card did not load. Load this page again.',
  'preview.onlyInHubSpot': 'This works in HubSpot only.',
  'preview.alerts': 'What the card says',
  'preview.table': 'Table, can be scrolled sideways',

  'pager.label': 'Pages of the list',
  'pager.page': (p: { page: number; pages: number }) =>
    `Page ${number.format(p.page)} of ${number.format(p.pages)}`,
  'pager.previous': 'Previous',
  'pager.next': 'Next',

  'record.companies': 'Company',
  'record.deals': 'Deal',
  'record.line_items': 'Line item',
  'record.subscriptions': 'Subscription',
  'record.import': 'Imported contract',
  'record.contacts': 'Contact',
  'record.tickets': 'Ticket',
  'record.feedback_submissions': 'Survey answer',
  'record.invoices': 'Invoice',
  'record.calls': 'Call',
  'record.meetings': 'Meeting',
  'record.emails': 'E-mail',
  'record.tasks': 'Task',
  'record.newTab': 'in HubSpot, opens a new tab',
  'record.note': 'Records open in HubSpot, in a new tab.',

  'source.companies': 'The company’s own record',
  'source.deals': 'Deals',
  'source.line_items': 'Line items',
  'source.subscriptions': 'Subscriptions',
  'source.import': 'Imported contracts',

  'accounts.title': 'Accounts',
  'accounts.list': 'The list',
  'accounts.asOf': (p: { day: string; known: string }) =>
    `As of ${p.day}, from what was known on ${p.known}.`,
  'accounts.not_readyTitle': 'Not there yet',
  'accounts.not_ready':
    'Your data are still on their way. When the first sync is through, the accounts are listed here.',
  'accounts.noneTitle': 'No accounts yet',
  'accounts.none':
    'An account is a company with a contract, or one that is called a customer. None was found in what was copied from HubSpot.',
  'accounts.toStart': 'To the overview',
  'accounts.quick': (p: { field: string }) => `Filter by ${p.field.toLowerCase()}`,
  'accounts.search': 'Search the accounts',
  'accounts.searchHint': 'Name, domain, owner or company number',
  'accounts.show': 'Search',
  'accounts.filters': (p: { count: number }) =>
    p.count === 0 ? 'All filters' : `All filters (${number.format(p.count)} on)`,
  'accounts.apply': 'Apply',
  'accounts.shownFilters': 'What the list is filtered by',
  'accounts.remove': 'Take off:',
  'accounts.clear': 'Show all accounts',
  'accounts.notFound': 'No account matches all of this. Take a filter off, or search for less.',
  'accounts.count': 'Accounts',
  'accounts.ofAll': 'all there are',
  'accounts.ofFilters': 'that match',
  'accounts.value': 'Annual value in force',
  'accounts.valueOf': (p: { accounts: number }) => `sum over ${some(p.accounts, 'account', 'accounts')}`,
  'accounts.without': 'Without a value',
  'accounts.withoutNote': 'nothing in force today; not in the sum',
  'accounts.rateless': 'With a contract without a rate',
  'accounts.ratelessNote': 'that contract is not in the sum',
  'accounts.csv': 'Download as CSV',
  'accounts.field.status': 'Status',
  'accounts.field.band': 'Renewal',
  'accounts.field.health': 'Health',
  'accounts.field.owner': 'Owner',
  'accounts.field.plan': 'Plan',
  'accounts.field.segment': 'Segment',
  'accounts.none.status': 'No status',
  'accounts.none.band': 'No renewal known',
  'accounts.none.health': 'Not scored',
  'accounts.none.owner': 'No owner',
  'accounts.none.plan': 'No plan',
  'accounts.none.segment': 'No segment',
  'accounts.status.customer': 'Customer',
  'accounts.status.lapsed': 'Lapsed',
  'accounts.status.former': 'Former customer',
  'accounts.status.future': 'Future customer',
  'accounts.status.trial': 'On trial',
  'accounts.status.free': 'Free plan',
  'accounts.status.uncovered': 'No contract',
  'accounts.band.past_due': 'Past due',
  'accounts.band.within_30': 'Within 30 days',
  'accounts.band.within_90': '31 to 90 days',
  'accounts.band.within_180': '91 to 180 days',
  'accounts.band.later': 'Later',
  'accounts.health.good': 'Good',
  'accounts.health.watch': 'Watch',
  'accounts.health.risk': 'At risk',
  'accounts.column.name': 'Account',
  'accounts.column.owner': 'Owner',
  'accounts.column.value': 'Annual value',
  'accounts.column.tenure': 'Tenure',
  'accounts.column.renewal': 'Renewal',
  'accounts.column.health': 'Health',
  'accounts.column.change': 'Change, 30 d',
  'accounts.column.contact': 'Last contact',
  'accounts.column.tickets': 'Tickets',
  'accounts.column.nps': 'NPS',
  'accounts.column.links': 'Open in',
  'accounts.preview': 'Preview',
  'accounts.hubspot': 'HubSpot',
  'accounts.partRateless': 'part has no rate',
  'accounts.coverage': (p: { share: string }) => `${p.share} measured`,
  'accounts.ago': (p: { days: number }) => ago(p.days),
  'accounts.left': (p: { day: string }) => `left ${p.day}`,
  'accounts.left.notice.short': (p: { days: number }) =>
    p.days < 0
      ? `${number.format(-p.days)} d past notice`
      : p.days === 0
        ? 'notice today'
        : `${number.format(p.days)} d to notice`,
  'accounts.left.renewal.short': (p: { days: number }) =>
    p.days < 0
      ? `${number.format(-p.days)} d past renewal`
      : p.days === 0
        ? 'renews today'
        : `${number.format(p.days)} d to renewal`,
  'accounts.left.notice.long': (p: { days: number }) =>
    p.days < 0
      ? `notice was due ${ago(-p.days)}`
      : p.days === 0
        ? 'notice is due today'
        : `${some(p.days, 'day', 'days')} left for notice`,
  'accounts.left.renewal.long': (p: { days: number }) =>
    p.days < 0
      ? `renewal was due ${ago(-p.days)}`
      : p.days === 0
        ? 'renews today'
        : `${some(p.days, 'day', 'days')} to renewal`,
  'accounts.tenure.short': (p: Span) =>
    p.years + p.months === 0 ? `${number.format(p.days)} d` : shortSpan(p),
  'accounts.tenure.long': (p: Span) => (p.years + p.months === 0 ? some(p.days, 'day', 'days') : longSpan(p)),

  // the page of one account
  'accountPage.noneTitle': 'There is no such account',
  'accountPage.record': 'Record in HubSpot',
  'accountPage.preview': 'Preview of the card',
  'accountPage.why': 'Why is it counted, or not?',
  'accountPage.csv': 'Contracts as CSV',
  'accountPage.churnReason': 'Left because of',
  'accountPage.facts': 'At a glance',
  'accountPage.origin': 'Where this comes from',
  'accountPage.property': 'Read from',
  'accountPage.nobody': 'nobody named',
  'accountPage.nameless': (p: { id: string }) => `Contact ${p.id}`,
  'accountPage.renewal': 'Renewal',
  'accountPage.noticeBy': (p: { day: string; days: number }) =>
    `notice by ${p.day}, ${some(p.days, 'day', 'days')} before`,
  'accountPage.renewsItself': 'renews by itself',
  'accountPage.endsItself': 'ends unless it is renewed',
  'accountPage.term': (p: { months: number }) => `term of ${some(p.months, 'month', 'months')}`,
  'accountPage.termAssumed': (p: { months: number }) =>
    `term of ${some(p.months, 'month', 'months')}, assumed: none is recorded`,
  'accountPage.value': 'Annual value',
  'accountPage.own': (p: { amounts: string[] }) => `signed as ${p.amounts.join(' + ')}`,
  'accountPage.contractsInForce': (p: { contracts: number }) =>
    `${some(p.contracts, 'contract', 'contracts')} in force`,
  'accountPage.withoutRate': (p: { contracts: number }) =>
    `${some(p.contracts, 'contract', 'contracts')} without an exchange rate, not in the value`,
  'accountPage.nothingInForce': 'nothing in force today',
  'accountPage.noRenewal': 'no term ends from today on',
  'accountPage.next': (p: { amount: string; day: string }) => `signed next: ${p.amount} from ${p.day}`,
  'accountPage.tenure': 'Tenure',
  'accountPage.noTenure': 'no customer today',
  'accountPage.since': (p: { day: string; days: number }) => `since ${p.day}, ${some(p.days, 'day', 'days')}`,
  'accountPage.firstSince': (p: { day: string }) => `first a customer on ${p.day}`,
  'accountPage.servedTo': (p: { day: string }) => `without service since ${p.day}`,
  'accountPage.changeOver': (p: { days: number }) => `${some(p.days, 'day', 'days')}:`,
  'accountPage.noScoreThen': 'no score was kept then',
  'accountPage.lastSurvey': 'Last survey',
  'accountPage.noAnswers': 'No answers yet',
  'accountPage.answeredBy': (p: { who: string; day: string }) => `${p.who}, ${p.day}`,
  'accountPage.askedUnknown': 'HubSpot does not say who was asked',
  'accountPage.silent': (p: { people: number }) =>
    p.people === 0
      ? 'nobody who was asked is silent'
      : `${some(p.people, 'person was', 'people were')} asked and did not answer`,
  'accountPage.lastContact': 'Last two-way contact',
  'accountPage.touch.email': 'E-mail from them',
  'accountPage.touch.call': 'Call',
  'accountPage.touch.meeting': 'Meeting',
  'accountPage.touch.task': 'Task',
  'accountPage.nextStep': (p: { what: string; day: string }) => `next: ${p.what.toLowerCase()} on ${p.day}`,
  'accountPage.noNext': 'nothing planned',
  'accountPage.tickets': 'Open tickets',
  'accountPage.urgent': (p: { tickets: number }) => `${number.format(p.tickets)} urgent`,
  'accountPage.oldest': (p: { days: number }) => `oldest open for ${some(p.days, 'day', 'days')}`,
  'accountPage.open': (p: { days: number }) => `open for ${some(p.days, 'day', 'days')}`,
  'accountPage.firstOf': (p: { shown: number; total: number }) => `${p.shown} of ${number.format(p.total)}`,
  'accountPage.priority.low': 'low priority',
  'accountPage.priority.medium': 'medium priority',
  'accountPage.priority.high': 'high priority',
  'accountPage.priority.urgent': 'urgent',
  'accountPage.invoices': 'Invoices overdue',
  'accountPage.noInvoices': 'no invoices are known',
  'accountPage.oldestBill': (p: { days: number }) => `oldest ${some(p.days, 'day', 'days')} late`,
  'accountPage.scoreOf': (p: { score: number }) => `Health ${p.score} of 100`,
  'accountPage.version': (p: { version: string }) => `${p.version}: expert weights, not yet tested`,
  'accountPage.noHealth': 'Only customers have a health.',
  'accountPage.tooLittle': (p: { share: string }) =>
    `Only ${p.share} of the weights had something to measure; below half there is no score.`,
  'accountPage.measure.nps': 'Recommendation',
  'accountPage.measure.usage': 'Use',
  'accountPage.measure.contact': 'Contact',
  'accountPage.measure.tickets': 'Tickets',
  'accountPage.measure.invoices': 'Payment',
  'accountPage.unmeasured': 'nothing to measure; its weight went to the others',
  'accountPage.points': (p: { earned: number; missing: number; weight: number }) =>
    `${points.format(p.earned)} of ${points.format(p.weight)} points, ${points.format(p.missing)} missing`,
  'accountPage.measured.points': (p: { value: number }) =>
    `Mean of the latest answers ${points.format(p.value)}`,
  'accountPage.measured.days': (p: { value: number }) => some(p.value, 'day', 'days'),
  'accountPage.measured.tickets': (p: { value: number }) =>
    `${some(p.value, 'open ticket', 'open tickets')}, urgent ones twice`,
  'accountPage.measured.percent': (p: { value: number }) => `${points.format(p.value)}% of the seats in use`,
  'accountPage.unit.points': (p: { value: number }) => points.format(p.value),
  'accountPage.unit.days': (p: { value: number }) => some(p.value, 'day', 'days'),
  'accountPage.unit.tickets': (p: { value: number }) => points.format(p.value),
  'accountPage.unit.percent': (p: { value: number }) => `${points.format(p.value)}%`,
  'accountPage.scale': (p: { worst: string; best: string }) => `No points at ${p.worst}, all at ${p.best}.`,
  'accountPage.surveys': 'Survey answers',
  'accountPage.newestOf': (p: { shown: number; total: number }) =>
    `the newest ${p.shown} of ${number.format(p.total)}`,
  'accountPage.answer': (p: { type: string; score: string; most: number }) => `${p.type} ${p.score}`,
  'accountPage.answerOf': (p: { type: string; score: string; most: number }) =>
    `${p.type} ${p.score} of ${number.format(p.most)}`,
  'accountPage.withWords': 'with words',
  'accountPage.silentTitle': 'Asked, and silent',
  'accountPage.group.promoter': 'promoter',
  'accountPage.group.passive': 'passive',
  'accountPage.group.detractor': 'detractor',
  'accountPage.people': 'People',
  'accountPage.hasLeft': 'has left',
  'accountPage.role.DECISION_MAKER': 'Decision maker',
  'accountPage.role.BUDGET_HOLDER': 'Budget holder',
  'accountPage.role.EXECUTIVE_SPONSOR': 'Executive sponsor',
  'accountPage.role.CHAMPION': 'Champion',
  'accountPage.role.INFLUENCER': 'Influencer',
  'accountPage.role.BLOCKER': 'Blocker',
  'accountPage.role.LEGAL_AND_COMPLIANCE': 'Legal and compliance',
  'accountPage.role.END_USER': 'User',
  'accountPage.contracts': 'Contracts',
  'accountPage.noContracts': 'No record holds a contract of this company.',
  'accountPage.mostContracts': (p: { count: number }) =>
    `The newest ${number.format(p.count)} are shown; the CSV has all.`,
  'accountPage.contract.record': 'Contract',
  'accountPage.contract.term': 'Term',
  'accountPage.contract.annual': 'Annual value',
  'accountPage.contract.rules': 'Rule of the value',
  'accountPage.openEnd': (p: { from: string }) => `from ${p.from}, no end recorded`,
  'accountPage.servedUntil': (p: { day: string }) => `served until ${p.day}`,
  'accountPage.noRate': 'no exchange rate',
  'accountPage.state.in_force': 'in force',
  'accountPage.state.paused': 'paused',
  'accountPage.state.ended': 'ended',
  'accountPage.state.future': 'future',
  'accountPage.state.trial': 'trial',
  'accountPage.contractKind.new': 'new business',
  'accountPage.contractKind.renewal': 'renewal',
  'accountPage.contractKind.expansion': 'expansion',
  'accountPage.rules': 'All rules',
  'accountPage.rule.start': 'Start',
  'accountPage.rule.end': 'End',
  'accountPage.rule.mrr': 'Value',
  'accountPage.rule.service_end': 'Service',
  'accountPage.timeline': 'What happened',
  'accountPage.mostEvents': (p: { count: number }) => `The newest ${number.format(p.count)} are shown.`,
  'accountPage.after': (p: { amount: string }) => `then ${p.amount} a year`,
  'accountPage.event.new': 'Became a customer',
  'accountPage.event.expansion': 'Expansion',
  'accountPage.event.contraction': 'Contraction',
  'accountPage.event.churn': 'Left',
  'accountPage.event.reactivation': 'Came back',
  'accountPage.event.pause': 'Paused',
  'accountPage.event.resume': 'Resumed',
  'accountPage.event.currency': 'Exchange rate',

  'rule.first_paid_day_of_spell':
    'The first paid day of the current spell. A gap longer than the grace period ends a spell.',
  'rule.earliest_term_end':
    'The earliest end of a term, from today on, that no signed contract follows. Days count to the last day for notice where one is known.',
  'rule.sum_in_force': 'The sum of the recurring value of all contracts in force today, times twelve months.',
  'rule.latest_two_way_contact':
    'The latest e-mail from them, connected call or meeting that took place. Our own mails, notes and tasks do not count.',
  'rule.earliest_planned_touch': 'The earliest meeting, call or task that lies ahead.',
  'rule.health_score':
    'Five measures, each between a value that gives no points and one that gives all. The weight of one with nothing to measure goes to the others; below half of the weights there is no score.',
  'rule.latest_answer': 'The latest answer of anybody at the company to any survey that HubSpot holds.',
  'rule.open_tickets': 'Tickets of the company that are not closed.',
  'rule.invoices_overdue': 'Invoices of the company that are past their due day and not paid.',
  'rule.latest_answers_mean':
    'The mean of everybody’s latest answer to “how likely are you to recommend us” within a year.',
  'rule.days_since_two_way_contact': 'Days since the latest two-way contact.',
  'rule.open_tickets_weighted': 'Tickets that are open today; an urgent one counts twice.',
  'rule.active_users_of_seats': 'People who used it lately, as a share of the seats that are paid for.',
  'rule.oldest_overdue_invoice': 'How many days the oldest unpaid invoice is late.',

  'problems.title': 'Data problems',
  'problems.lead':
    'What contradicts itself, or keeps a number from being known. Mend it where it is kept; after the next sync it is off this list.',
  'problems.beforeTitle': 'Not looked at yet',
  'problems.before':
    'Your data are still on their way. When the first sync is through, what needs a look is listed here.',
  'problems.noneTitle': 'Nothing to work off',
  'problems.none': 'No record contradicts another, and every number that is needed is there.',
  'problems.noneOfKind': 'Nothing of this kind is left.',
  'problems.showAll': 'Show all kinds',
  'problems.lookUp': 'Is a company missing, or counted and should not be?',
  'problems.lookUpLink': 'See what was decided about it',
  'problems.filter': 'Kind',
  'problems.all': 'All kinds',
  'problems.option': (p: { words: string; findings: number }) => `${p.words} (${number.format(p.findings)})`,
  'problems.show': 'Show',
  'problems.found': (p: { total: number }) => some(p.total, 'finding', 'findings'),
  'problems.foundWorth': (p: { found: string; value: string }) => `${p.found}, value a month ${p.value}`,
  'problems.account': 'Account',
  'problems.wrong': 'What is wrong',
  'problems.evidence': 'What is there',
  'problems.value': 'Value a month',
  'problems.record': 'Record',
  'problems.noAccount': 'No company',
  'problems.noValue': '–',

  'problems.kind.end_before_start': 'Ends before it starts',
  'problems.means.end_before_start':
    'The contract’s last day lies before its first, so it counts for nothing.',
  'problems.todo.end_before_start': 'Correct its dates.',
  'problems.kind.no_day': 'Ends on the day it starts',
  'problems.means.no_day': 'The contract serves no day, so it counts for nothing.',
  'problems.todo.no_day': 'Correct its dates.',
  'problems.kind.negative_value': 'Value below zero',
  'problems.means.negative_value':
    'The contract has a negative value, which is taken off the account’s value.',
  'problems.todo.negative_value': 'Leave it if it is a discount; correct the amount if it is not.',
  'problems.kind.missing_rate': 'No exchange rate',
  'problems.means.missing_rate': 'There is no rate for the contract’s currency, so its value is in no sum.',
  'problems.todo.missing_rate': 'Add a rate for the currency, or correct the currency of the record.',
  'problems.kind.unknown_account': 'No company',
  'problems.means.unknown_account':
    'It was won but belongs to no company, so nobody’s contract is made of it.',
  'problems.todo.unknown_account': 'Associate the record with its company.',
  'problems.kind.missing_start': 'No start date',
  'problems.means.missing_start': 'It was won but has no start date, so no contract can be made of it.',
  'problems.todo.missing_start': 'Fill in the day on which service begins.',
  'problems.kind.missing_value': 'No value',
  'problems.means.missing_value': 'It was won but says no amount, so no value a month can be made of it.',
  'problems.todo.missing_value': 'Fill in its amount.',
  'problems.kind.no_rule_covers': 'A customer without a contract',
  'problems.means.no_rule_covers': 'It is called a customer, but no record holds a contract of it.',
  'problems.todo.no_rule_covers': 'Add its contract, or change what it is called.',
  'problems.kind.churned_but_served': 'Left, but still served',
  'problems.means.churned_but_served': 'The company has a churn date in the past, but a contract still runs.',
  'problems.todo.churned_but_served': 'End the contract, or clear the churn date.',
  'problems.kind.customer_but_ended': 'A customer whose service ended',
  'problems.means.customer_but_ended': 'It is called a customer, but its last contract is over.',
  'problems.todo.customer_but_ended': 'Add the renewal, or change what it is called.',
  'problems.kind.ended_without_churn_date': 'Left without a churn date',
  'problems.means.ended_without_churn_date': 'Its service is over, but the company has no churn date.',
  'problems.todo.ended_without_churn_date': 'Fill in the churn date and the reason, or add the renewal.',
  'problems.kind.flag_without_date': 'Left on no day',
  'problems.means.flag_without_date':
    'The company says how or why it left, but has no churn date, so nobody knows when.',
  'problems.todo.flag_without_date': 'Fill in the churn date, or clear the reason.',
  'problems.kind.sources_disagree': 'Two records that differ',
  'problems.means.sources_disagree':
    'Two records of one account give values more than 5% apart, other currencies, or dates further apart than the grace.',
  'problems.todo.sources_disagree': 'Correct the one that is wrong.',

  'why.title': 'Why is it counted, or not?',
  'why.titleOf': (p: { name: string }) => `Why ${p.name} is counted, or not`,
  'why.lead':
    'For any company: whether it is an account, and what every record of it that could have been a contract was taken for.',
  'why.nameless': (p: { id: string }) => `Company ${p.id}`,
  'why.ask': 'Which company?',
  'why.askAnother': 'Another company',
  'why.company': 'Company number',
  'why.companyHint': 'HubSpot calls it Record ID; it is the number at the end of the company’s address.',
  'why.button': 'Explain',
  'why.decision': 'What was decided',
  'why.source': 'Contracts are from',
  'why.noSource': 'nowhere',
  'why.value': 'Value a month',
  'why.stage': 'Lifecycle stage',
  'why.record': 'Record',
  'why.nothing': '–',
  'why.badge.customer': 'customer',
  'why.badge.lapsed': 'lapsed',
  'why.badge.former': 'former customer',
  'why.badge.future': 'future customer',
  'why.badge.trial': 'on trial',
  'why.badge.free': 'free plan',
  'why.badge.uncovered': 'no contract',
  'why.badge.unpaid': 'no day of service',
  'why.badge.unserved': 'no contract',
  'why.badge.excluded': 'left out',
  'why.badge.none': 'no account',
  'why.status.customer': 'It is a customer, because a paid contract serves it today.',
  'why.status.lapsed':
    'It still counts as a customer: its paid service has ended, but so recently that a renewal may yet come.',
  'why.status.former':
    'It was a customer: its paid service has ended, and the time for a late renewal is over.',
  'why.status.future': 'It is about to be a customer: its first paid contract has not begun yet.',
  'why.status.trial': 'It has only had trials, and a trial makes no customer.',
  'why.status.free':
    'Its contracts are worth nothing together (a free plan, or discounts that eat the value), and it has never paid, so it is no customer.',
  'why.status.uncovered':
    'It is called a customer, but no record holds a contract of it, so it is in no number until one does.',
  'why.status.unpaid': 'It has contracts, but none of them serves a day, so it is not a customer.',
  'why.status.unserved':
    'It was imported as an account, but without a contract, so it is in no number of customers.',
  'why.status.excluded': 'It is no account, because its account type is one that the mapping leaves out.',
  'why.status.none': 'It is no account: none of its records is a contract, and nothing calls it a customer.',
  'why.records': 'Records that could have been contracts',
  'why.counted': (p: { counted: number; all: number }) =>
    `${number.format(p.counted)} of ${number.format(p.all)} counted`,
  'why.most': (p: { count: number }) => `Only the first ${number.format(p.count)} are shown.`,
  'why.noRecords': 'No record that belongs to this company could be a contract.',
  'why.term': 'Term',
  'why.from': (p: { from: string }) => `from ${p.from}`,
  'why.until': (p: { to: string }) => `until ${p.to}`,
  'why.fromTo': (p: { from: string; to: string }) => `${p.from} – ${p.to}`,
  'why.verdict': 'Verdict',
  'why.in': 'counted',
  'why.out': 'left out',
  'why.verdict.counted': 'It is a contract of this company.',
  'why.verdict.no_account': 'It belongs to no company.',
  'why.verdict.excluded_account': 'The company’s account type is one that the mapping leaves out.',
  'why.verdict.not_won': 'It is not won.',
  'why.verdict.other_pipeline': 'It is in a pipeline that the mapping does not count.',
  'why.verdict.no_start': 'It has no start date.',
  'why.verdict.not_recurring': 'It is paid once and does not recur.',
  'why.verdict.no_value': 'No value a month can be made of what it says.',
  'why.verdict.source_not_used': 'The mapping does not take contracts from this kind of record.',
  'why.verdict.other_source_first': 'A source that comes first already gives this company’s contracts.',

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
