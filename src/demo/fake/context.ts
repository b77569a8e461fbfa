import type { Definitions } from './definitions.ts';
import { readScope } from './names.ts';
import { missingScope } from './replies.ts';
import type { Searcher } from './search.ts';
import type { InnerState } from './state.ts';
import type { FakeReply, Faults } from './types.ts';

/** What the routes work with. */
export interface RouteContext {
  /** what is changed through it counts as the app's doing */
  state: InnerState;
  definitions: Definitions;
  faults: Faults;
  searcher: Searcher;
  /** counts the pages answered, for the switch that makes pages short */
  nextPage: () => number;
}

/** HubSpot's refusal for a scope that the token lacks; null when it has it. */
export function lacking({ faults }: RouteContext, scope: string): FakeReply | null {
  const text = faults.missingScopes.get(scope);
  return text === undefined ? null : missingScope(scope, text);
}

export function lackingRead(context: RouteContext, ...types: readonly string[]): FakeReply | null {
  for (const type of types) {
    const refused = lacking(context, readScope(type));
    if (refused !== null) return refused;
  }
  return null;
}
