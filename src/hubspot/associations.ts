import { AppError } from '../core/errors.ts';
import type {
  AssociationRow,
  AssociationsRequest,
  AssociationsResult,
  CallOptions,
} from '../core/hubspot-port.ts';
import type { Caller } from './call.ts';
import { isBadBatch, VERSION, words } from './paths.ts';
import { AssociationsAnswer } from './shapes.ts';

const BATCH = 1000;
/** HubSpot's word for a record without a link to the type: it was read, and has none. */
const NO_LINKS = 'crm.associations.NO_ASSOCIATIONS_FOUND';

/** A record to read, from the page behind `after`. */
interface Input {
  id: string;
  after?: string;
}

/** One reading of a pair: what it asks for, and whether HubSpot has answered any of it. */
interface Reading {
  caller: Caller;
  request: AssociationsRequest;
  call: CallOptions;
  hasAnswer: boolean;
}

type Answer = (typeof AssociationsAnswer)['_output'];
type Failed = AssociationsResult['failed'];
interface AssociationBatch {
  results: Answer['results'];
  failed: Failed;
}

/**
 * All pages of the associations of some records with one type. Throws AppError `forbidden` too where HubSpot refuses with 400 whatever is
 * asked of the pair.
 */
export async function associations(
  caller: Caller,
  request: AssociationsRequest,
  call: CallOptions = {},
): Promise<AssociationsResult> {
  const reading: Reading = { caller, request, call, hasAnswer: false };
  const rows: AssociationRow[] = [];
  const failed: Failed = [];
  let inputs: Input[] = request.ids.map((id) => ({ id }));
  while (inputs.length > 0) {
    const answer = await readBatch(reading, inputs.slice(0, BATCH));
    const next: Input[] = [];
    for (const { from, to, paging } of answer.results) {
      for (const { toObjectId, associationTypes } of to) {
        rows.push(...associationTypes.map((type) => ({ fromId: from.id, toId: toObjectId, ...type })));
      }
      if (paging !== null) next.push({ id: from.id, after: paging });
    }
    failed.push(...answer.failed);
    inputs = [...next, ...inputs.slice(BATCH)];
  }
  return { rows, failed };
}

// One id that is gone can fail the whole batch with 400: halving finds it, and the others land.
async function readBatch(reading: Reading, inputs: readonly Input[]): Promise<AssociationBatch> {
  try {
    const { results, errors } = await ask(reading, inputs);
    return { results, failed: failedOf(inputs, { results, errors }) };
  } catch (error) {
    if (!isBadBatch(error)) throw error;
    const [only] = inputs;
    if (inputs.length === 1 && only !== undefined) {
      await refuseUnlessAnother(reading, only.id, error);
      return { results: [], failed: [{ id: only.id, message: error.message }] };
    }
    const half = Math.ceil(inputs.length / 2);
    const first = await readBatch(reading, inputs.slice(0, half));
    const second = await readBatch(reading, inputs.slice(half));
    return { results: [...first.results, ...second.results], failed: [...first.failed, ...second.failed] };
  }
}

async function ask(reading: Reading, inputs: readonly Input[]): Promise<Answer> {
  const { caller, request, call } = reading;
  const answer = await caller.call({
    method: 'POST',
    path: `/crm/associations/${VERSION}/${request.fromType}/${request.toType}/batch/read`,
    what: `the links from ${words(request.fromType)} to ${words(request.toType)}`,
    shape: AssociationsAnswer,
    signal: call.signal,
    tally: call.tally,
    body: { inputs },
  });
  reading.hasAnswer = true;
  return answer;
}

// An error that names nobody may be about anybody whom the answer leaves out: nothing is known of their links.
function failedOf(inputs: readonly Input[], { results, errors }: Answer): Failed {
  const failed: Failed = [];
  const said = new Set(results.map(({ from }) => from.id));
  let unnamed: string | null = null;
  for (const { subCategory, message, context } of errors) {
    const ids = context['fromObjectId'] ?? [];
    for (const id of ids) said.add(id);
    if (subCategory === NO_LINKS) continue;
    failed.push(...ids.map((id) => ({ id, message })));
    if (ids.length === 0) unnamed ??= message;
  }
  if (unnamed === null) return failed;
  const message = unnamed;
  return [...failed, ...inputs.filter(({ id }) => !said.has(id)).map(({ id }) => ({ id, message }))];
}

// Where HubSpot wants nothing of the whole pair, halving would ask for every record by itself, in every run: two say enough.
async function refuseUnlessAnother(reading: Reading, id: string, refusal: AppError): Promise<void> {
  const other = reading.request.ids.findLast((one) => one !== id);
  if (reading.hasAnswer || other === undefined) return;
  try {
    await ask(reading, [{ id: other }]);
  } catch (error) {
    if (!isBadBatch(error)) throw error;
    const sentence = `${refusal.message.replace(/\.?$/, '.')} The next sync asks again.`;
    throw new AppError('forbidden', sentence, { cause: refusal });
  }
}
