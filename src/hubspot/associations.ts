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

/** All pages of the associations of some records with one type. */
export async function associations(
  caller: Caller,
  request: AssociationsRequest,
  call: CallOptions = {},
): Promise<AssociationsResult> {
  const rows: AssociationRow[] = [];
  const failed: AssociationsResult['failed'] = [];
  let inputs: { id: string; after?: string }[] = request.ids.map((id) => ({ id }));
  while (inputs.length > 0) {
    const batch = inputs.slice(0, BATCH);
    const answer = await readBatch(caller, request, batch, call);
    const next: { id: string; after: string }[] = [];
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

interface AssociationBatch {
  results: (typeof AssociationsAnswer)['_output']['results'];
  failed: AssociationsResult['failed'];
}

// One id that is gone can fail the whole batch with 400: halving finds it, and the others land.
async function readBatch(
  caller: Caller,
  request: AssociationsRequest,
  inputs: { id: string; after?: string }[],
  call: CallOptions,
): Promise<AssociationBatch> {
  try {
    const answer = await caller.call({
      method: 'POST',
      path: `/crm/associations/${VERSION}/${request.fromType}/${request.toType}/batch/read`,
      what: `the links from ${words(request.fromType)} to ${words(request.toType)}`,
      shape: AssociationsAnswer,
      signal: call.signal,
      tally: call.tally,
      body: { inputs },
    });
    const failed = answer.errors.flatMap((error) =>
      (error.context['fromObjectId'] ?? []).map((id) => ({ id, message: error.message })),
    );
    return { results: answer.results, failed };
  } catch (error) {
    if (!isBadBatch(error)) throw error;
    const [only] = inputs;
    if (inputs.length === 1 && only !== undefined)
      return { results: [], failed: [{ id: only.id, message: error instanceof Error ? error.message : '' }] };
    const half = Math.ceil(inputs.length / 2);
    const first = await readBatch(caller, request, inputs.slice(0, half), call);
    const second = await readBatch(caller, request, inputs.slice(half), call);
    return { results: [...first.results, ...second.results], failed: [...first.failed, ...second.failed] };
  }
}
