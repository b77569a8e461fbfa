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
  safeMode: boolean;
  mailFrom: string | null;
  smtpUrl: string | null;
  logLevel: 'error' | 'warn' | 'info' | 'debug';
  mappingFile: string | null;
  hubspot: HubSpotConfig;
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
  PUBLIC_URL: url(['http:', 'https:'])
    .refine((value) => !URL.canParse(value) || isSafeAddress(value), {
      error:
        'must be an https address, or http on localhost: over plain http the network could read who signs in',
    })
    .refine((value) => !URL.canParse(value) || isPlainAddress(value), {
      error: 'must be an address without user, query or fragment',
    })
    .optional(),
  PUBLIC_FORMS_URL: url(['http:', 'https:']).optional(),
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
  const problems = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}`);
  if (parsed.success) problems.push(...contradictions(parsed.data));
  if (!parsed.success || problems.length > 0) {
    throw new AppError(
      'invalid',
      `Cannot start. Fix these settings (see .env.example):\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
  return toConfig(parsed.data);
}

type Env = z.output<typeof Env>;

function contradictions(env: Env): string[] {
  const problems: string[] = [];
  if (env.HUBSPOT_ACCESS_TOKEN && env.HUBSPOT_CLIENT_ID) {
    problems.push(
      'HUBSPOT_ACCESS_TOKEN and HUBSPOT_CLIENT_ID exclude each other: give the token for one portal, the client id for many',
    );
  }
  if (
    env.HUBSPOT_CLIENT_ID &&
    !env.HUBSPOT_ACCESS_TOKEN &&
    !(env.HUBSPOT_CLIENT_SECRET && env.HUBSPOT_APP_ID)
  ) {
    problems.push('HUBSPOT_CLIENT_ID needs HUBSPOT_CLIENT_SECRET and HUBSPOT_APP_ID beside it');
  }
  if (env.ROLES.length === 1 && !env.DATABASE_URL) {
    problems.push('ROLES can be split only with DATABASE_URL set: the embedded store serves one process');
  }
  return problems;
}

function toConfig(env: Env): Config {
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
