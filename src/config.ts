import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from './core/errors.ts';

/** Settings as used; read once, from the environment, by nothing but this file. */
export interface Config {
  port: number;
  /** where people reach the product, without a trailing slash */
  publicUrl: string;
  /** the address the web process listens on */
  host: string;
  /** where respondents reach forms, without a trailing slash */
  publicFormsUrl: string;
  dataDir: string;
  databaseUrl: string | null;
  roles: readonly ('web' | 'worker')[];
  /** 32 bytes, or null: made on first start and kept in DATA_DIR */
  secretKey: Buffer | null;
  syncEveryMinutes: number;
  /** percent of HubSpot's daily quota and searches that are left to the account's other apps */
  hubspotReserve: number;
  safeMode: boolean;
  mailFrom: string | null;
  smtpUrl: string | null;
  logLevel: 'error' | 'warn' | 'info' | 'debug';
  mappingFile: string | null;
  hubspot: HubSpotConfig;
  /** what was given and changes nothing, each as a sentence: shown at the start, never a reason to refuse it */
  notes: readonly string[];
}

/** No credentials means the demo portal; one token means one portal; a client id means many, by OAuth. */
export type HubSpotConfig =
  | { mode: 'demo'; apiUrl: null }
  | { mode: 'token'; apiUrl: string; accessToken: string; clientSecret: string | null; appId: string | null }
  | { mode: 'oauth'; apiUrl: string; clientId: string; clientSecret: string; appId: string };

const HUBSPOT_API = 'https://api.hubapi.com';
const url = (protocols: readonly string[]) =>
  z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), {
    error: `must be an address that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`,
  });
const safeUrl = url(['http:', 'https:']).refine((value) => !URL.canParse(value) || isSafeAddress(value), {
  error: 'must be an https address, or http on localhost: over plain http the network could read along',
});
const wholeNumber = (min: number, max: number) =>
  z.coerce
    .number({ error: `must be a whole number from ${min} to ${max}` })
    .int(`must be a whole number from ${min} to ${max}`)
    .min(min, `must be a whole number from ${min} to ${max}`)
    .max(max, `must be a whole number from ${min} to ${max}`);
const onOff = z
  .enum(['on', 'off', 'true', 'false', '1', '0'], { error: 'must be on or off' })
  .transform((value) => value === 'on' || value === 'true' || value === '1');

const Env = z.object({
  PORT: wholeNumber(1, 65_535).default(3000),
  PUBLIC_URL: safeUrl
    .refine((value) => !URL.canParse(value) || isPlainAddress(value), {
      error: 'must be an address without user, query or fragment',
    })
    .optional(),
  PUBLIC_FORMS_URL: safeUrl.optional(),
  // DuckDB takes these for patterns when it reads a file of that folder.
  DATA_DIR: z
    .string()
    .regex(/^[^*?[\]]+$/, 'must be a folder whose name has none of * ? [ ]')
    .default('data'),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
  ROLES: z
    .string()
    .default('web,worker')
    .transform((value) => [...new Set(value.split(',').map((role) => role.trim()))])
    .pipe(
      z
        .array(z.enum(['web', 'worker'], { error: 'must be web, worker, or web,worker' }))
        .nonempty('must be web, worker, or web,worker'),
    ),
  SECRET_KEY: z
    .string()
    .refine((value) => decodeKey(value) !== null, {
      error: 'must be 32 random bytes in base64 or hex; make one with: openssl rand -base64 32',
    })
    .optional(),
  HUBSPOT_RESERVE_PERCENT: wholeNumber(0, 90).default(20),
  SYNC_EVERY_MINUTES: wholeNumber(1, 1440).default(15),
  SAFE_MODE: onOff.default(true),
  MAIL_FROM: z
    .string()
    .regex(/@/, 'must be an e-mail address, alone or as: Name <name@example.com>')
    .optional(),
  SMTP_URL: url(['smtp:', 'smtps:']).optional(),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'], { error: 'must be error, warn, info or debug' })
    .default('info'),
  MAPPING_FILE: z.string().optional(),
  HUBSPOT_ACCESS_TOKEN: z.string().optional(),
  HUBSPOT_CLIENT_ID: z.string().optional(),
  HUBSPOT_CLIENT_SECRET: z.string().optional(),
  HUBSPOT_APP_ID: z.string().regex(/^\d+$/, 'must be the numeric id of the HubSpot app').optional(),
  HUBSPOT_API_URL: url(['http:', 'https:']).default(HUBSPOT_API),
});

/** Every setting there is; `.env.example` and the docs are tested against this list. */
export const SETTING_NAMES: readonly string[] = Object.keys(Env.shape);

/**
 * The settings of this process: what the environment says, then `.env` of the current folder. A value given on the command line wins.
 * DATA_DIR and MAPPING_FILE are made absolute.
 */
export function loadConfig(given: { roles?: string | undefined } = {}): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const env = given.roles === undefined ? process.env : { ...process.env, ROLES: given.roles };
  const config = readConfig(env);
  const { mappingFile } = config;
  return {
    ...config,
    dataDir: resolve(config.dataDir),
    mappingFile: mappingFile === null ? null : resolve(mappingFile),
  };
}

/**
 * Turns the environment into settings, or throws one AppError that lists every problem.
 * An empty value counts as not set, so that a copied `.env.example` starts.
 */
export function readConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, env[name]?.trim()]).filter(
      ([, value]) => value !== undefined && value !== '',
    ),
  );
  const parsed = Env.safeParse(given);
  const problems = [
    ...(parsed.success
      ? []
      : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`)),
    ...contradictions(given),
  ];
  if (!parsed.success || problems.length > 0) {
    throw new AppError(
      'invalid',
      `Cannot start. Fix these settings (see .env.example):\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
  return { ...toConfig(parsed.data), notes: notesOn(env, given) };
}

type Env = z.output<typeof Env>;
type Given = Readonly<Record<string, string | undefined>>;

// On what was written, not on what could be read of it: a wrong value elsewhere must not hide a contradiction.
function contradictions(given: Given): string[] {
  const problems: string[] = [];
  const token = given['HUBSPOT_ACCESS_TOKEN'];
  const clientId = given['HUBSPOT_CLIENT_ID'];
  if (token && clientId) {
    problems.push(
      'HUBSPOT_ACCESS_TOKEN and HUBSPOT_CLIENT_ID exclude each other: give the token for one portal, the client id for many',
    );
  }
  if (clientId && !token && !(given['HUBSPOT_CLIENT_SECRET'] && given['HUBSPOT_APP_ID'])) {
    problems.push('HUBSPOT_CLIENT_ID needs HUBSPOT_CLIENT_SECRET and HUBSPOT_APP_ID beside it');
  }
  const roles = new Set((given['ROLES'] ?? 'web,worker').split(',').map((role) => role.trim()));
  if (roles.size === 1 && (roles.has('web') || roles.has('worker')) && !given['DATABASE_URL']) {
    problems.push('ROLES can be split only with DATABASE_URL set: the embedded store serves one process');
  }
  return problems;
}

/** Settings that this version has and does not use yet. */
const LATER = ['PUBLIC_FORMS_URL', 'MAIL_FROM', 'SMTP_URL'];
/** As many letters may differ in a name that was meant for one of ours. */
const MISSPELT = 2;
const SHORTEST_GUESSED = 7;

function notesOn(env: Given, given: Given): string[] {
  const isSet = (name: string): boolean => given[name] !== undefined;
  const notes = LATER.filter(isSet).map(
    (name) => `${name} is set; what it is for is not in this version, so it changes nothing.`,
  );
  const alone = ['HUBSPOT_CLIENT_SECRET', 'HUBSPOT_APP_ID', 'HUBSPOT_API_URL'].filter(isSet);
  if (alone.length > 0 && !isSet('HUBSPOT_ACCESS_TOKEN') && !isSet('HUBSPOT_CLIENT_ID')) {
    notes.push(
      `${alone.join(' and ')} ${alone.length === 1 ? 'is' : 'are'} set without HUBSPOT_ACCESS_TOKEN: this is the demo portal, not yours.`,
    );
  }
  for (const name of Object.keys(env).filter((one) => !SETTING_NAMES.includes(one))) {
    const meant = SETTING_NAMES.find((known) => isMisspelt(name, known));
    if (meant !== undefined) notes.push(`${name} is no setting and is not read; did you mean ${meant}?`);
    else if (name.startsWith('HUBSPOT_')) notes.push(`${name} is no setting of Holdfast and is not read.`);
  }
  return notes;
}

function isMisspelt(name: string, known: string): boolean {
  if (known.length < SHORTEST_GUESSED || Math.abs(name.length - known.length) > MISSPELT) return false;
  return distance(name.toUpperCase(), known) <= MISSPELT;
}

/** How many letters must be put in, taken out or changed to make one text of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (const [i, letter] of one.split('').entries()) {
    const next = [i + 1];
    for (const [j, wanted] of other.split('').entries()) {
      const changed = (row[j] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, changed));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function toConfig(env: Env): Omit<Config, 'notes'> {
  const publicUrl = trimSlash(env.PUBLIC_URL ?? `http://localhost:${env.PORT}`);
  return {
    port: env.PORT,
    publicUrl,
    // Sign-in over plain http off this machine would show the session to the network.
    host: publicUrl.startsWith('https:') ? '0.0.0.0' : '127.0.0.1',
    publicFormsUrl: trimSlash(env.PUBLIC_FORMS_URL ?? publicUrl),
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL ?? null,
    roles: env.ROLES,
    secretKey: env.SECRET_KEY === undefined ? null : decodeKey(env.SECRET_KEY),
    syncEveryMinutes: env.SYNC_EVERY_MINUTES,
    hubspotReserve: env.HUBSPOT_RESERVE_PERCENT,
    safeMode: env.SAFE_MODE,
    mailFrom: env.MAIL_FROM ?? null,
    smtpUrl: env.SMTP_URL ?? null,
    logLevel: env.LOG_LEVEL,
    mappingFile: env.MAPPING_FILE ?? null,
    hubspot: hubspotConfig(env),
  };
}

function hubspotConfig(env: Env): HubSpotConfig {
  const apiUrl = trimSlash(env.HUBSPOT_API_URL);
  if (env.HUBSPOT_ACCESS_TOKEN) {
    return {
      mode: 'token',
      apiUrl,
      accessToken: env.HUBSPOT_ACCESS_TOKEN,
      clientSecret: env.HUBSPOT_CLIENT_SECRET ?? null,
      appId: env.HUBSPOT_APP_ID ?? null,
    };
  }
  if (env.HUBSPOT_CLIENT_ID && env.HUBSPOT_CLIENT_SECRET && env.HUBSPOT_APP_ID) {
    return {
      mode: 'oauth',
      apiUrl,
      clientId: env.HUBSPOT_CLIENT_ID,
      clientSecret: env.HUBSPOT_CLIENT_SECRET,
      appId: env.HUBSPOT_APP_ID,
    };
  }
  return { mode: 'demo', apiUrl: null };
}

function isPlainAddress(address: string): boolean {
  const { username, password, search, hash } = new URL(address);
  return `${username}${password}${search}${hash}` === '';
}

function isSafeAddress(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function decodeKey(text: string): Buffer | null {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  return key.length === 32 ? key : null;
}

function trimSlash(address: string): string {
  return address.replace(/\/+$/, '');
}
