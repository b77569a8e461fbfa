import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { http } from '@hubspot/local-dev-lib/http';
import { parseProjectConfig } from '@hubspot/project-parsing-lib/projects';
import { isTranslationError, translate } from '@hubspot/project-parsing-lib/translate';
import { z } from 'zod';

const PROFILE = 'example';
const text = { type: 'string', minLength: 1 } as const;
const texts = { type: 'array', items: text, uniqueItems: true } as const;
const addresses = {
  type: 'array',
  items: { type: 'string', pattern: '^https://[^/]+$' },
  uniqueItems: true,
} as const;

/**
 * What we hold our own configs to. HubSpot's schemas come from its servers, for an account only; these are written from its documentation and
 * stricter: a private app with static auth, and cards on companies.
 */
const OWN_SCHEMAS = {
  APPLICATION: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'description', 'distribution', 'auth', 'permittedUrls'],
    properties: {
      name: text,
      description: text,
      distribution: { const: 'private' },
      auth: {
        type: 'object',
        additionalProperties: false,
        required: ['type', 'requiredScopes', 'optionalScopes', 'conditionallyRequiredScopes'],
        properties: {
          type: { const: 'static' },
          requiredScopes: { ...texts, minItems: 1 },
          optionalScopes: texts,
          conditionallyRequiredScopes: texts,
        },
      },
      permittedUrls: {
        type: 'object',
        additionalProperties: false,
        required: ['fetch', 'iframe', 'img'],
        properties: {
          fetch: { ...addresses, minItems: 1 },
          iframe: { ...addresses, maxItems: 0 },
          img: { ...addresses, maxItems: 0 },
        },
      },
    },
  },
  CARD: {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'description', 'location', 'entrypoint', 'objectTypes'],
    properties: {
      name: text,
      description: text,
      location: { enum: ['crm.record.tab', 'crm.record.sidebar'] },
      entrypoint: { type: 'string', pattern: '^/app/cards/[A-Za-z]+\\.tsx$' },
      objectTypes: { type: 'array', items: { enum: ['companies'] }, minItems: 1 },
    },
  },
} as const;

const CardConfig = z.object({ entrypoint: z.string() });

/** Every fault that can be found in the HubSpot project of a folder without an account and without the network; empty when it is whole. */
export async function checkConfigs(folder: string): Promise<string[]> {
  const asked = http.get;
  // The library would download HubSpot's schemas; it is given ours instead.
  http.get = (() => Promise.resolve({ data: OWN_SCHEMAS })) as unknown as typeof http.get;
  try {
    return await faultsOf(folder);
  } catch (error) {
    if (isTranslationError(error)) return [error.toString()];
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    http.get = asked;
  }
}

async function faultsOf(folder: string): Promise<string[]> {
  const { srcDir, platformVersion } = parseProjectConfig(folder);
  const projectSourceDir = join(folder, srcDir);
  const { intermediateRepresentation, skippedHsMetaFiles } = await translate(
    { projectSourceDir, platformVersion, accountId: 1 },
    { profile: PROFILE },
  );
  const nodes = Object.values(intermediateRepresentation.intermediateNodesIndexedByUid);
  const cards = nodes.filter((node) => node.componentType === 'CARD');
  return [
    ...skippedHsMetaFiles.map((file) => `${file}: a config in a folder that HubSpot does not read`),
    ...(nodes.some((node) => node.componentType === 'APPLICATION') ? [] : ['There is no app.']),
    ...cards.flatMap((card) => missingBeside(projectSourceDir, CardConfig.parse(card.config).entrypoint)),
  ];
}

// HubSpot's build runs `npm ci` in the folder of the card.
function missingBeside(projectSourceDir: string, entrypoint: string): string[] {
  const file = join(projectSourceDir, entrypoint);
  return [file, join(dirname(file), 'package.json'), join(dirname(file), 'package-lock.json')]
    .filter((one) => !existsSync(one))
    .map((one) => `${entrypoint}: ${one.slice(projectSourceDir.length)} is missing`);
}
