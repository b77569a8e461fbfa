/** A test that shows a case: its file below test/, and its name there. */
type Shown = readonly [file: string, test: string];

const PAGING = 'core/sync/cases/paging.test.ts';
const GONE = 'core/sync/cases/gone.test.ts';
const LINKS = 'core/sync/cases/links.test.ts';
const PROPERTIES = 'core/sync/cases/properties.test.ts';
const DEFINITIONS = 'core/sync/cases/definitions.test.ts';
const FAILURES = 'core/sync/cases/failures.test.ts';
const HISTORY = 'core/sync/cases/history.test.ts';
const EQUAL = 'core/sync/equal.test.ts';
const SWEEP = 'core/sync/sweep.test.ts';
const READS = 'hubspot/reads.test.ts';

/** The known ways in which syncs of HubSpot lose or damage rows, each with the tests that show that ours does not. */
export const CASES: readonly { case: string; shown: readonly Shown[] }[] = [
  {
    case: '1 more than ten thousand records changed',
    shown: [
      [
        PAGING,
        '25,001 contacts that were modified all arrive, and no search asks beyond the first ten thousand',
      ],
    ],
  },
  {
    case: '2 more than ten thousand of them with one millisecond',
    shown: [
      [PAGING, '12,345 contacts with one and the same millisecond all arrive, with eighty searches at most'],
    ],
  },
  {
    case: '3 a restart after ten thousand loses its filter',
    shown: [
      [
        PAGING,
        'of 30,200 matches none comes more than twice, and every page keeps the filter of the page before or a later one',
      ],
    ],
  },
  {
    case: '4 a short or empty page is taken for the end',
    shown: [
      [
        PAGING,
        'a page that is short or empty and says that there is more is not taken for the end, whatever its cursor looks like',
      ],
      [PAGING, '%s that answers nothing but empty pages ends with a sentence'],
    ],
  },
  {
    case: '5 ids that are ordered as text',
    shown: [[PAGING, 'ids of every length in one millisecond all land when search takes them for %s']],
  },
  {
    case: '6 edits while pages are read',
    shown: [
      [
        PAGING,
        'nine thousand rows of which two are edited every second are all there at their newest version after two runs',
      ],
      [EQUAL, 'changes made while the sync reads are in after the next one'],
    ],
  },
  {
    case: '7 edits behind the first load',
    shown: [
      [
        PAGING,
        'a row that is edited behind the first load, before another on its last page is, comes with the next run',
      ],
    ],
  },
  {
    case: '8 an index that lags',
    shown: [
      [EQUAL, 'a change that search shows late is not missed'],
      [PAGING, 'a tail that search shows in no order leads past nothing'],
    ],
  },
  {
    case: '9 a result outside of the window',
    shown: [
      [
        PAGING,
        'a record outside of what was asked for is taken and leads past nothing, be it older or younger',
      ],
      [
        PAGING,
        'a stray among more rows of one millisecond than a page holds neither ends the walk nor stops it',
      ],
    ],
  },
  {
    case: '10 contacts have another modified property',
    shown: [
      [
        PROPERTIES,
        'contacts are searched by lastmodifieddate and all others by hs_lastmodifieddate, and changes of each arrive',
      ],
    ],
  },
  {
    case: '11 archived and restored without a date',
    shown: [
      [
        GONE,
        'a deal that is put into the recycle bin is marked with its moment, and one that is taken out lives again',
      ],
    ],
  },
  {
    case: '12 gone for good',
    shown: [
      [
        'core/sync/reconcile.test.ts',
        'a record that was purged makes the counts differ, which a sweep settles in the same run',
      ],
      [SWEEP, 'a sweep that is cut off closes nothing and goes on from its cursor'],
    ],
  },
  {
    case: '13 a chain of merges with a new id',
    shown: [
      [
        GONE,
        'of a chain of merges whose survivor has a new id only that one lives, with the links of all, and every other leads to it',
      ],
      [
        'core/sync/tombstones.test.ts',
        'a chain of merges whose survivors get new ids leads from every link of it to the one that lives',
      ],
    ],
  },
  {
    case: '14 a merged id is answered with another',
    shown: [
      [
        GONE,
        'asked for a record that was merged away HubSpot answers with another one, which is kept under its own id',
      ],
      [READS, 'answers a merged-away id with its survivor, and says that the id itself is gone'],
    ],
  },
  {
    case: '15 links cannot be read',
    shown: [
      [LINKS, 'links that cannot be read for %s stay, the run says so, and the next one reads them'],
      [
        LINKS,
        'links of single records that HubSpot could not read stay, are counted as failed, and come with the next run',
      ],
      [LINKS, 'an answer that leaves records out, with an error that names none of them, closes no link'],
      [
        LINKS,
        'the last link of a record that goes away is closed, though HubSpot calls a record without links an error',
      ],
    ],
  },
  {
    case: '16 links change later',
    shown: [
      [
        'core/sync/link-sweep.test.ts',
        'links that come and go on records that do not change are in after a day, and those that stay add nothing',
      ],
    ],
  },
  {
    case: '17 more links than a page holds',
    shown: [[LINKS, 'a deal with 1,762 contacts under two labels has exactly 1,762 rows for each of them']],
  },
  {
    case: '18 one bad id in a batch',
    shown: [
      [
        GONE,
        'of a hundred records that left the recycle bin ninety-nine are back and the one that is gone is closed (%s)',
      ],
      [READS, 'lands ninety-nine of a hundred when one is not there (%s), and names that one'],
    ],
  },
  {
    case: '19 an address that is too long',
    shown: [
      [READS, 'with more properties than an address holds is read by ids and bodies, each record whole'],
      [READS, 'learns from a 414 where the limit lies, and asks for too much only once'],
    ],
  },
  {
    case: '20 an edit between two parts of a record',
    shown: [
      [
        PROPERTIES,
        'no record mixes two versions or is lost when it is edited, archived or merged between its list and its body',
      ],
    ],
  },
  {
    case: '21 the token ends in the middle',
    shown: [['hubspot/refusals.test.ts', 'after half an hour is fetched anew in the middle of a long run']],
  },
  {
    case: '22 killed and started again',
    shown: [
      [
        'core/sync/kill.test.ts',
        'a worker killed in each phase of a first sync and of the next ends with the same tables and versions',
      ],
    ],
  },
  {
    case: '23 the daily quota is used up',
    shown: [
      [
        FAILURES,
        'a used-up daily quota is met by those requests only that were under way, and the next run goes on where this one stopped',
      ],
      [EQUAL, 'a used-up daily quota stops the run, keeps its place and says when it goes on'],
    ],
  },
  {
    case: '24 a number becomes a text',
    shown: [
      [
        PROPERTIES,
        'a number that becomes a text keeps its older versions, and the text is there as it was written',
      ],
      [
        'analytics/problems/unreadable.test.ts',
        'is listed as it was found, beside its account and record, and with what is made of it',
      ],
    ],
  },
  {
    case: '25 a cleared value, a new property',
    shown: [
      [PROPERTIES, 'a value that is cleared is none, not an empty text'],
      [SWEEP, 'a property that is new is read for records that did not change, at once'],
    ],
  },
  {
    case: '26 dates of stages that no list names',
    shown: [
      [
        PROPERTIES,
        'when a record of %s came to a stage and left it is there, though no list of properties names it',
      ],
    ],
  },
  {
    case: '27 a calculated value drifts',
    shown: [
      [
        SWEEP,
        'a value that changes without a later date is found by a sweep, and the version before it is kept',
      ],
    ],
  },
  {
    case: '28 an owner is deactivated',
    shown: [
      [
        DEFINITIONS,
        'an owner who is deactivated stays known, with the user they were, so that what they own still has a name',
      ],
      [READS, 'is read to the last page of owners, deactivated ones with the user they were'],
    ],
  },
  {
    case: '29 a custom object with a name of HubSpot’s own',
    shown: [[DEFINITIONS, 'custom objects named like something of HubSpot’s own are kept apart from it']],
  },
  {
    case: '30 a missing scope',
    shown: [
      [EQUAL, 'a missing scope costs its record type and nothing else, in each of HubSpot’s three wordings'],
    ],
  },
  {
    case: '31 a deleted pipeline or stage',
    shown: [[DEFINITIONS, 'a pipeline or a stage that is deleted keeps its label for the records of then']],
  },
  {
    case: '32 names that clash',
    shown: [
      [
        PROPERTIES,
        'names that differ in one letter’s case, or only behind their sixty-third letter, are different values',
      ],
    ],
  },
  {
    case: '33 more than 1,600 properties',
    shown: [[PROPERTIES, 'a type with 1,650 properties brings every one of every record']],
  },
  {
    case: '34 an unknown field',
    shown: [[READS, 'leaves out what nobody has heard of, and reads an empty value as none']],
  },
  {
    case: '35 error pages, cut bodies and lost connections',
    shown: [
      [FAILURES, '%s in the middle of every kind of read costs another request and nothing else'],
      ['hubspot/retries.test.ts', 'after %s'],
    ],
  },
  {
    case: '36 a sync that is repeated',
    shown: [[EQUAL, 'a sync of an unchanged portal adds no version and no link']],
  },
  {
    case: '37 two labels of one pair',
    shown: [[LINKS, 'two labels of one pair are two rows, and taking one away takes away one row']],
  },
  {
    case: '38 a cursor of the list in a search',
    shown: [
      [PAGING, 'the cursor of a first load that was stopped goes on in the list and never into a search'],
    ],
  },
  {
    case: '39 property history read twice, or shortened',
    shown: [
      [
        HISTORY,
        'the history of a property is read again without a double, and stays when HubSpot remembers less',
      ],
    ],
  },
  {
    case: '40 a close date of an evening',
    shown: [
      [
        PROPERTIES,
        'a close date picked on an evening in Arizona is that calendar day, in whichever form HubSpot writes it',
      ],
    ],
  },
];
