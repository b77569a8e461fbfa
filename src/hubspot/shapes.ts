import { z } from 'zod';
import type { CrmObject } from '../core/hubspot-port.ts';

/** The shapes of HubSpot's answers: what we read of them, in our own words. Unknown fields are left out. */

const id = z.union([z.string(), z.number()]).transform(String);
const orEmpty = z
  .string()
  .nullish()
  .transform((text) => text ?? '');
const paging = z
  .looseObject({ next: z.looseObject({ after: id }).nullish() })
  .nullish()
  .transform((page) => page?.next?.after ?? null);

/** An empty value is a cleared one. */
const value = z
  .union([z.string(), z.number(), z.boolean()])
  .nullish()
  .transform((given) => (given === null || given === undefined || given === '' ? null : String(given)));

const version = z
  .object({
    value: value.transform((text) => text ?? ''),
    timestamp: z.string(),
    sourceType: z.string().nullish(),
    sourceId: z.string().nullish(),
    updatedByUserId: z.number().nullish(),
  })
  .transform((one) => ({
    value: one.value,
    timestamp: one.timestamp,
    sourceType: one.sourceType ?? null,
    sourceId: one.sourceId ?? null,
    updatedByUserId: one.updatedByUserId ?? null,
  }));

const crmObject = z
  .object({
    id,
    properties: z.record(z.string(), value),
    createdAt: z.string(),
    updatedAt: z.string(),
    archived: z.boolean().nullish(),
    archivedAt: z.string().nullish(),
    propertiesWithHistory: z.record(z.string(), z.array(version)).nullish(),
  })
  .transform(({ propertiesWithHistory, ...one }): CrmObject => ({
    ...one,
    archived: one.archived ?? false,
    archivedAt: one.archivedAt ?? null,
    ...(propertiesWithHistory ? { propertiesWithHistory } : {}),
  }));

export const ObjectAnswer = crmObject;
export const ListAnswer = z
  .object({ results: z.array(crmObject), paging })
  .transform(({ results, paging: after }) => ({ results, after }));
export const SearchAnswer = z
  .object({ total: z.number(), results: z.array(crmObject), paging })
  .transform(({ total, results, paging: after }) => ({ total, results, more: after !== null }));

const batchError = z.looseObject({
  category: z.string().catch(''),
  subCategory: z.string().catch(''),
  message: z.string().catch(''),
  context: z.record(z.string(), z.array(id)).catch({}),
});
export const BatchAnswer = z.object({ results: z.array(crmObject), errors: z.array(batchError).default([]) });
export const AssociationsAnswer = z.object({
  results: z.array(
    z.object({
      from: z.object({ id }),
      to: z.array(
        z.object({
          toObjectId: id,
          associationTypes: z.array(
            z.object({
              category: z.string(),
              typeId: z.number(),
              label: z
                .string()
                .nullish()
                .transform((label) => label ?? null),
            }),
          ),
        }),
      ),
      paging,
    }),
  ),
  errors: z.array(batchError).default([]),
});

export const PropertiesAnswer = z.object({
  results: z.array(
    z
      .object({
        name: z.string(),
        label: orEmpty,
        type: z.string(),
        fieldType: orEmpty,
        groupName: orEmpty,
        calculated: z.boolean().nullish(),
        options: z.array(z.object({ label: orEmpty, value: z.string() })).nullish(),
      })
      .transform((one) => ({ ...one, calculated: one.calculated ?? false, options: one.options ?? [] })),
  ),
});

const stage = z
  .object({
    id,
    label: orEmpty,
    displayOrder: z.number().nullish(),
    archived: z.boolean().nullish(),
    metadata: z.record(z.string(), value).nullish(),
  })
  .transform((one) => ({
    id: one.id,
    label: one.label,
    displayOrder: one.displayOrder ?? 0,
    archived: one.archived ?? false,
    metadata: Object.fromEntries(
      Object.entries(one.metadata ?? {}).flatMap(([key, text]) => (text === null ? [] : [[key, text]])),
    ),
  }));
export const PipelinesAnswer = z.object({
  results: z.array(
    z
      .object({ id, label: orEmpty, archived: z.boolean().nullish(), stages: z.array(stage).default([]) })
      .transform((one) => ({ ...one, archived: one.archived ?? false })),
  ),
});

export const OwnersAnswer = z
  .object({
    results: z.array(
      z
        .object({
          id,
          email: z.string().nullish(),
          firstName: orEmpty,
          lastName: orEmpty,
          userId: z.number().nullish(),
          userIdIncludingInactive: z.number().nullish(),
          archived: z.boolean().nullish(),
        })
        .transform(({ userIdIncludingInactive, userId, ...one }) => ({
          ...one,
          email: one.email ?? null,
          userId: userId ?? userIdIncludingInactive ?? null,
          archived: one.archived ?? false,
        })),
    ),
    paging,
  })
  .transform(({ results, paging: after }) => ({ results, after }));

export const SchemasAnswer = z.object({
  results: z.array(
    z
      .object({
        objectTypeId: z.string(),
        name: z.string(),
        labels: z.object({ singular: orEmpty, plural: orEmpty }),
      })
      .transform((one) => one),
  ),
});

export const AccountAnswer = z.object({
  portalId: z.number(),
  timeZone: z.string(),
  companyCurrency: z
    .string()
    .nullish()
    .transform((currency) => currency ?? 'USD'),
  uiDomain: z
    .string()
    .nullish()
    .transform((domain) => domain ?? 'app.hubspot.com'),
});
