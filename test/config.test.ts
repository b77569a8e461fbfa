import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readConfig, SETTING_NAMES } from '../src/config.ts';
import { AppError } from '../src/core/errors.ts';

function refusal(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  throw new Error('these settings were accepted');
}

it('starts the demo portal on this machine only when nothing is set', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    port: 3000,
    publicUrl: 'http://localhost:3000',
    host: '127.0.0.1',
    dataDir: 'data',
    databaseUrl: null,
    roles: ['web', 'worker'],
    syncEveryMinutes: 15,
    safeMode: true,
    hubspot: { mode: 'demo' },
  });
});

it('starts from the example file as it is', () => {
  const lines = readFileSync(new URL('../.env.example', import.meta.url), 'utf8').split('\n');
  const example = Object.fromEntries(
    lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split('=') as [string, string]),
  );
  expect(Object.keys(example).toSorted()).toEqual([...SETTING_NAMES].toSorted());
  expect(readConfig(example)).toEqual(readConfig({}));
});

it('lists every wrong setting in one message', () => {
  const message = refusal({
    PORT: 'eighty',
    ROLES: 'web,cook',
    SYNC_EVERY_MINUTES: '0',
    HUBSPOT_RESERVE_PERCENT: '91',
    DATABASE_URL: 'mysql://db/x',
    SECRET_KEY: 'short',
    LOG_LEVEL: 'loud',
    HUBSPOT_APP_ID: 'abc',
  });
  for (const name of [
    'PORT',
    'ROLES',
    'SYNC_EVERY_MINUTES',
    'HUBSPOT_RESERVE_PERCENT',
    'DATABASE_URL',
    'SECRET_KEY',
    'LOG_LEVEL',
    'HUBSPOT_APP_ID',
  ]) {
    expect(message).toContain(`  ${name}`);
  }
  expect(message.split('\n')[0]).toBe('Cannot start. Fix these settings (see .env.example):');
});

it('lists contradictions beside values that cannot be read', () => {
  const message = refusal({ PORT: 'abc', ROLES: 'web', HUBSPOT_CLIENT_ID: 'x', HUBSPOT_ACCESS_TOKEN: 'y' });
  expect(message.split('\n').slice(1)).toEqual([
    '  PORT must be a whole number from 1 to 65535',
    '  HUBSPOT_ACCESS_TOKEN and HUBSPOT_CLIENT_ID exclude each other: give the token for one portal, the client id for many',
    '  ROLES can be split only with DATABASE_URL set: the embedded store serves one process',
  ]);
  expect(refusal({ PORT: 'abc', HUBSPOT_CLIENT_ID: 'x' })).toContain('needs HUBSPOT_CLIENT_SECRET');
  expect(refusal({ ROLES: 'cook' })).not.toContain('DATABASE_URL');
});

it('notes what is set and changes nothing', () => {
  expect(readConfig({}).notes).toEqual([]);
  expect(
    readConfig({ HUBSPOT_ACCESS_TOKEN: 'a', HUBSPOT_CLIENT_SECRET: 'b', PATH: '/', HOME: '/' }).notes,
  ).toEqual([]);
  expect(readConfig({ HUBSPOT_CLIENT_SECRET: 'b' })).toMatchObject({
    hubspot: { mode: 'demo' },
    notes: ['HUBSPOT_CLIENT_SECRET is set without HUBSPOT_ACCESS_TOKEN: this is the demo portal, not yours.'],
  });
  expect(readConfig({ HUBSPOT_ACESS_TOKEN: 'secret', DATABASE_URI: 'x', HUBSPOT_PORTAL: '1' }).notes).toEqual(
    [
      'HUBSPOT_ACESS_TOKEN is no setting and is not read; did you mean HUBSPOT_ACCESS_TOKEN?',
      'DATABASE_URI is no setting and is not read; did you mean DATABASE_URL?',
      'HUBSPOT_PORTAL is no setting of Holdfast and is not read.',
    ],
  );
  const later = {
    SMTP_URL: 'smtp://localhost',
    MAIL_FROM: 'a@b.example',
    PUBLIC_FORMS_URL: 'https://f.example',
  };
  expect(readConfig(later).notes).toEqual(
    ['PUBLIC_FORMS_URL', 'MAIL_FROM', 'SMTP_URL'].map(
      (name) => `${name} is set; what it is for is not in this version, so it changes nothing.`,
    ),
  );
});

it('never prints a wrong secret back', () => {
  expect(refusal({ SECRET_KEY: 'hunter2-but-longer' })).not.toContain('hunter2');
});

it('refuses settings that contradict each other', () => {
  expect(refusal({ HUBSPOT_ACCESS_TOKEN: 'a', HUBSPOT_CLIENT_ID: 'b' })).toContain('exclude each other');
  expect(refusal({ HUBSPOT_CLIENT_ID: 'b' })).toContain('needs HUBSPOT_CLIENT_SECRET and HUBSPOT_APP_ID');
  expect(refusal({ ROLES: 'web' })).toContain('only with DATABASE_URL');
});

it('listens on every interface only behind https', () => {
  expect(readConfig({ PUBLIC_URL: 'https://cs.example.com/' })).toMatchObject({
    host: '0.0.0.0',
    publicUrl: 'https://cs.example.com',
  });
  expect(readConfig({ PUBLIC_URL: 'http://127.0.0.1:3000' }).host).toBe('127.0.0.1');
  for (const name of ['PUBLIC_URL', 'PUBLIC_FORMS_URL'])
    expect(refusal({ [name]: 'http://cs.example.com' })).toContain(`${name} must be an https address`);
});
