import type { Definitions } from './definitions.ts';
import { modifiedProperty } from './names.ts';
import { refusal } from './replies.ts';
import type { FakeReply } from './types.ts';

/** HubSpot's most characters in one value. */
const LONGEST_VALUE = 65_536;
/** What a new record of a type cannot do without. */
const REQUIRED: Record<string, readonly string[]> = {
  notes: ['hs_timestamp'],
  tasks: ['hs_timestamp'],
  calls: ['hs_timestamp'],
  emails: ['hs_timestamp'],
  meetings: ['hs_timestamp'],
};

interface Problem {
  name: string;
  error: string;
  message: string;
}

/** HubSpot's refusal of values that do not fit their properties; null when all of them do. */
export function refuseValues(
  definitions: Definitions,
  type: string,
  values: Readonly<Record<string, string>>,
  isNew: boolean,
): FakeReply | null {
  const missing = isNew ? (REQUIRED[type] ?? []).filter((name) => (values[name] ?? '') === '') : [];
  if (missing.length > 0) {
    return refusal(
      400,
      'VALIDATION_ERROR',
      `Error creating ${type}. Some required properties were not set.`,
      {
        context: { properties: missing },
      },
    );
  }
  const problems = Object.entries(values).flatMap(
    ([name, value]) => problemOf(definitions, type, name, value) ?? [],
  );
  if (problems.length === 0) return null;
  const told = problems.map((one) => ({ isValid: false, ...one, localizedErrorMessage: one.message }));
  return refusal(400, 'VALIDATION_ERROR', `Property values were not valid: ${JSON.stringify(told)}`, {
    errors: problems.map((one) => ({
      message: one.message,
      code: one.error,
      context: { propertyName: [one.name] },
    })),
  });
}

function problemOf(definitions: Definitions, type: string, name: string, value: string): Problem | null {
  const problem = (error: string, message: string): Problem => ({ name, error, message });
  if (!definitions.knows(type, name))
    return problem('PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
  const definition = definitions.find(type, name);
  if (name === 'hs_object_id' || name === modifiedProperty(type) || definition?.calculated === true)
    return problem('READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`);
  if (value === '') return null;
  if (value.length > LONGEST_VALUE)
    return problem('VALUE_TOO_LONG', `"${name}" is longer than ${LONGEST_VALUE} characters.`);
  const check = definition === undefined ? undefined : CHECKS[definition.type];
  const wrong = check?.(value, definition?.options.map((option) => option.value) ?? []) ?? null;
  return wrong === null ? null : problem(wrong[0], wrong[1]);
}

type Check = (value: string, options: readonly string[]) => readonly [error: string, message: string] | null;
const isDate: Check = (value) =>
  /^-?\d+$/.test(value) || !Number.isNaN(Date.parse(value))
    ? null
    : ['INVALID_DATE', `${value} was not a valid date.`];
const CHECKS: Partial<Record<string, Check>> = {
  number: (value) =>
    /^-?\d+(\.\d+)?$/.test(value) ? null : ['INVALID_INTEGER', `${value} was not a valid number.`],
  bool: (value) =>
    value === 'true' || value === 'false'
      ? null
      : ['INVALID_OPTION', `${value} was not one of the allowed options: [true, false]`],
  date: isDate,
  datetime: isDate,
  enumeration: (value, options) =>
    options.length === 0 || value.split(';').every((one) => options.includes(one))
      ? null
      : ['INVALID_OPTION', `${value} was not one of the allowed options: [${options.join(', ')}]`],
};
