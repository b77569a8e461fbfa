import type { InnerState } from './state.ts';
import type { Author } from './types.ts';

/** Something that happened in the portal, as the webhooks tell it. */
export type Change = { type: string; id: string; by: Author } & (
  | { kind: 'creation' | 'deletion' | 'restore' | 'privacyDeletion' }
  | { kind: 'propertyChange'; name: string; value: string }
  | { kind: 'merge'; primaryId: string; mergedIds: readonly string[]; moved: number }
  | { kind: 'associationChange'; toType: string; toId: string; typeId: number; removed: boolean }
);

/** The state as one author changes it: the same portal, and every change is told. */
export function watched(state: InnerState, by: Author, tell: (change: Change) => void): InnerState {
  const tellValues = (type: string, id: string, properties: Record<string, string>): void => {
    for (const [name, value] of Object.entries(properties))
      tell({ kind: 'propertyChange', type, id, by, name, value });
  };
  return {
    ...state,
    create: (type, properties) => {
      const record = state.create(type, properties, { by });
      tell({ kind: 'creation', type, id: record.id, by });
      tellValues(type, record.id, properties);
      return record;
    },
    update: (type, id, properties, options) => {
      const record = state.update(type, id, properties, { by, ...options });
      // Calculated values change without a word.
      if (options?.silent !== true) tellValues(type, record.id, properties);
      return record;
    },
    archive: (type, id) => {
      state.archive(type, id);
      tell({ kind: 'deletion', type, id, by });
    },
    restore: (type, id) => {
      state.restore(type, id);
      tell({ kind: 'restore', type, id, by });
    },
    purge: (type, id) => {
      state.purge(type, id);
      if (type === 'contacts') tell({ kind: 'privacyDeletion', type, id, by });
    },
    merge: (type, winnerId, loserId) => {
      const moved = Object.keys(state.get(type, loserId)?.properties ?? {}).length;
      const survivor = state.merge(type, winnerId, loserId);
      tell({ kind: 'merge', type, id: survivor.id, by, primaryId: winnerId, mergedIds: [loserId], moved });
      return survivor;
    },
    associate: (fromType, fromId, toType, toId, type) => {
      state.associate(fromType, fromId, toType, toId, type);
      const link = { kind: 'associationChange' as const, by, removed: false };
      tell({ ...link, type: fromType, id: fromId, toType, toId, typeId: type.typeId });
      tell({ ...link, type: toType, id: toId, toType: fromType, toId: fromId, typeId: type.backTypeId });
    },
    dissociate: (fromType, fromId, toType, toId, typeId) => {
      const gone = (
        type: string,
        id: string,
        other: string,
        otherId: string,
      ): readonly { typeId: number }[] =>
        state.associations(type, id, other).find((link) => link.toId === otherId)?.types ?? [];
      const before = [gone(fromType, fromId, toType, toId), gone(toType, toId, fromType, fromId)] as const;
      state.dissociate(fromType, fromId, toType, toId, typeId);
      const after = [gone(fromType, fromId, toType, toId), gone(toType, toId, fromType, fromId)] as const;
      const link = { kind: 'associationChange' as const, by, removed: true };
      for (const one of missingFrom(before[0], after[0]))
        tell({ ...link, type: fromType, id: fromId, toType, toId, typeId: one.typeId });
      for (const one of missingFrom(before[1], after[1]))
        tell({ ...link, type: toType, id: toId, toType: fromType, toId: fromId, typeId: one.typeId });
    },
  };
}

function missingFrom<One extends { typeId: number }>(before: readonly One[], after: readonly One[]): One[] {
  return before.filter((one) => !after.some((two) => two.typeId === one.typeId));
}
