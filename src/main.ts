import { Command, CommanderError, Option } from 'commander';
import { AppError } from './core/errors.ts';
import { reportFailure } from './commands/failure.ts';
import { VERSION } from './process/version.ts';

/** Each command loads its own parts, so that the short ones answer at once. */
function buildProgram(): Command {
  const program = new Command('holdfast')
    .description('Account health, honest churn numbers, exit interviews and win-back offers for HubSpot.')
    .version(VERSION)
    .showHelpAfterError('Say: npx holdfast --help')
    .exitOverride();
  program
    .command('start')
    .description('start the product; without credentials it runs the demo portal')
    .addOption(new Option('--roles <roles>', 'which halves to run: web, worker or web,worker'))
    .addOption(new Option('--accounts <n>', 'how many companies the demo portal has (1000)'))
    .addOption(new Option('--seed <n>', 'which demo portal (1)'))
    .addOption(new Option('--weeks <n>', 'how many weeks of past the demo portal lives through (78)'))
    .action(async (options: { roles?: string; accounts?: string; seed?: string; weeks?: string }) =>
      (await import('./commands/start.ts')).runStart(options),
    );
  program
    .command('sync')
    .description('sync now and show the progress')
    .option('--json', 'print the result as JSON')
    .option('--full', 'read every record and link again, to find what no date tells of')
    .action(async (options: { json?: boolean; full?: boolean }) =>
      (await import('./commands/sync.ts')).runSyncCommand(options),
    );
  program
    .command('doctor')
    .description('check settings, folder, stores and HubSpot, and say what to mend')
    .option(
      '--portal <name>',
      'which portal; without it the one of the settings, and what the imported ones cover',
    )
    .option('--sync', 'whether everything is here: each kind of record counted here and at HubSpot')
    .option('--uncovered <file>', 'write every account that no rule covers into a CSV file')
    .option('--json', 'print the checks as JSON, with every account that no rule covers')
    .action(async (options: { json?: boolean; portal?: string; uncovered?: string; sync?: boolean }) =>
      options.sync === true
        ? (await import('./commands/doctor-sync.ts')).runDoctorSyncCommand(options)
        : (await import('./commands/doctor.ts')).runDoctorCommand(options),
    );
  program
    .command('backup')
    .description('write one file with everything in DATA_DIR')
    .argument('<file>', 'the file to write; it must not exist')
    .action(async (file: string) => (await import('./commands/backup.ts')).runBackupCommand(file));
  program
    .command('restore')
    .description('put a backup into DATA_DIR')
    .argument('<file>', 'a file that backup wrote')
    .option('--replace', 'also where DATA_DIR is not empty; the old folder is kept beside it')
    .action(async (file: string, options: { replace?: boolean }) =>
      (await import('./commands/restore.ts')).runRestoreCommand(file, options),
    );
  program
    .command('link')
    .description('print a fresh one-time sign-in link for the admin')
    .option('--portal <name>', 'into which portal; without it the one of the settings')
    .action(async (options: { portal?: string }) =>
      (await import('./commands/link.ts')).runLinkCommand(options),
    );
  program
    .command('export')
    .description('write every table of accounts, contracts and what belongs to them as CSV')
    .argument('<dir>', 'a new or empty folder')
    .option('--known-at <moment>', 'as it was known at the end of that day of the portal, or at that moment')
    .option('--convention <name>', 'a rule set for counting; not in this version')
    .option('--portal <name>', 'which portal; without it the one of the settings')
    .option('--json', 'print what was written as JSON')
    .action(
      async (
        dir: string,
        options: { knownAt?: string; convention?: string; portal?: string; json?: boolean },
      ) => (await import('./commands/export.ts')).runExportCommand(dir, options),
    );
  program
    .command('import')
    .description('read CSV files into a portal of their own, with an account of every row')
    .argument('<dir>', 'the folder with the files')
    .requiredOption('--mapping <file>', 'a JSON file that says what the columns are')
    .option('--portal <name>', 'the portal they belong to (import)')
    .option('--json', 'print the reconciliation as JSON')
    .action(async (dir: string, options: { mapping: string; portal?: string; json?: boolean }) =>
      (await import('./commands/import.ts')).runImportCommand(dir, options),
    );
  addMapping(program);
  addToken(program);
  addReports(program);
  for (const name of ['query', 'erase']) addLater(program, name);
  addChildren(program);
  return program;
}

interface PortalOptions {
  portal?: string;
  json?: boolean;
}

function addMapping(program: Command): void {
  const mapping = program
    .command('mapping')
    .description('see, check and change how records become accounts and contracts');
  const portal = ['--portal <name>', 'which portal; without it the one of the settings'] as const;
  const load = () => import('./commands/mapping.ts');
  mapping
    .command('show')
    .description('print the mapping in force as JSON')
    .option(...portal)
    .action(async (options: PortalOptions) => (await load()).showMapping(options));
  mapping
    .command('versions')
    .description('list every version: who stored it, when, and what it changed')
    .option(...portal)
    .option('--json', 'print them as JSON')
    .action(async (options: PortalOptions) => (await load()).listVersions(options));
  mapping
    .command('check')
    .description('say whether a mapping can be used and what it would cover; stores nothing')
    .argument('<file>', 'a JSON file')
    .option(...portal)
    .option('--json', 'print the coverage as JSON, with every account that no rule covers')
    .action(async (file: string, options: PortalOptions) => (await load()).checkMappingFile(file, options));
  mapping
    .command('set')
    .description('store a mapping as the next version and compute what is shown with it')
    .argument('<file>', 'a JSON file')
    .option(...portal)
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: PortalOptions) => (await load()).setMappingFromFile(file, options));
  mapping
    .command('propose')
    .description('print the mapping that the portal’s own properties suggest; stores nothing')
    .option(...portal)
    .action(async (options: PortalOptions) => (await load()).proposeMapping(options));
  mapping
    .command('schema')
    .description('print the JSON Schema of a mapping')
    .action(async () => (await load()).printMappingSchema());
}

function addToken(program: Command): void {
  const token = program
    .command('token')
    .description('make, list and revoke tokens of programs that send usage');
  const portal = ['--portal <name>', 'which portal; without it the one of the settings'] as const;
  const load = () => import('./commands/token.ts');
  token
    .command('usage')
    .description('make a token with which a program sends usage; it is shown once')
    .requiredOption('--name <program>', 'what it is for')
    .option(...portal)
    .option('--json', 'print it as JSON')
    .action(async (options: PortalOptions & { name: string }) => (await load()).makeTokenCommand(options));
  token
    .command('list')
    .description('list the tokens with their last use')
    .option(...portal)
    .option('--json', 'print them as JSON')
    .action(async (options: PortalOptions) => (await load()).listTokensCommand(options));
  token
    .command('revoke')
    .description('end a token at once')
    .argument('<id>', 'as token list shows it')
    .option(...portal)
    .action(async (id: string, options: PortalOptions) => (await load()).revokeTokenCommand(id, options));
}

function addReports(program: Command): void {
  program
    .command('report')
    .description('every metric of a month, with what it is made of')
    .option('--convention <name>', 'by whose rules it is counted (smsb); holdfast metrics lists them')
    .option('--month <month>', 'which, as 2026-05; without it the last that is over')
    .option('--over <window>', 'the month, or the year that ends with it (month)')
    .option('--portal <name>', 'which portal; without it the one of the settings')
    .option('--json', 'print the figures as JSON')
    .action(
      async (options: {
        convention?: string;
        month?: string;
        over?: string;
        portal?: string;
        json?: boolean;
      }) => (await import('./commands/report.ts')).runReportCommand(options),
    );
  program
    .command('metrics')
    .description('list every metric with what it counts, and the conventions')
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: boolean }) =>
      (await import('./commands/metrics.ts')).runMetricsCommand(options),
    );
}

function addLater(program: Command, name: string): void {
  program
    .command(name, { hidden: true })
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      throw new AppError('unavailable', `\`holdfast ${name}\` is not in this version (${VERSION}).`);
    });
}

/** Processes that `start` runs beside itself; nobody gives these by hand. */
function addChildren(program: Command): void {
  program
    .command('worker', { hidden: true })
    .option('--demo-url <url>')
    .option('--demo-begins <moment>')
    .option('--demo-anchor <moment>')
    .action(async (options: { demoUrl?: string; demoBegins?: string; demoAnchor?: string }) =>
      (await import('./commands/worker.ts')).runWorkerChild(options),
    );
  program
    .command('demo-hubspot', { hidden: true })
    .requiredOption('--port <n>')
    .requiredOption('--accounts <n>')
    .requiredOption('--seed <n>')
    .requiredOption('--anchor <moment>')
    .action(async (options: { port: string; accounts: string; seed: string; anchor: string }) =>
      (await import('./commands/demo-hubspot.ts')).runDemoHubSpot(options),
    );
}

// Whoever reads our output may stop reading, as `head` does.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await buildProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else reportFailure(error);
}
