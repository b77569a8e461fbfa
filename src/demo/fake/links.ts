import type { PortalSource, SourceAssociation } from '../source.ts';
import { inverseOf } from './association-types.ts';
import { compareIds } from './memory-source.ts';

type LinkType = SourceAssociation['types'][number];

/** Associations: the generated ones, and what was changed over them. */
export interface Links {
  /** live links to live records of one type, ascending by id */
  read(type: string, id: string, toType: string): SourceAssociation[];
  add(
    fromType: string,
    fromId: string,
    toType: string,
    toId: string,
    type: { typeId: number; backTypeId: number; label?: string },
  ): void;
  remove(fromType: string, fromId: string, toType: string, toId: string, typeId?: number): void;
  /** gives all links of one record to another, as a merge does */
  move(type: string, fromId: string, toId: string): void;
}

export function createLinks(
  source: PortalSource,
  survivorOf: (type: string, id: string) => string,
  isLive: (type: string, id: string) => boolean,
): Links {
  // What was added and taken away since, laid over what the source says at this moment.
  const added = new Map<string, SourceAssociation[]>();
  const removed = new Map<string, SourceAssociation[]>();
  const current = (type: string, id: string): readonly SourceAssociation[] => {
    const n = source.numberOf(type, id);
    const made = n === undefined ? [] : source.associations(type, n);
    const [more, less] = [added.get(`${type}/${id}`), removed.get(`${type}/${id}`)];
    return joined(without(made, [...(less ?? []), ...(more ?? [])]), more ?? []);
  };
  const change = (
    map: Map<string, SourceAssociation[]>,
    [type, id]: readonly [string, string],
    next: (links: readonly SourceAssociation[]) => SourceAssociation[],
  ): void => void map.set(`${type}/${id}`, next(map.get(`${type}/${id}`) ?? []));

  const addOne = (
    type: string,
    id: string,
    toType: string,
    toId: string,
    types: readonly LinkType[],
  ): void => {
    const link = { toType, toId, types };
    change(added, [type, id], (links) => joined(without(links, [link]), [link]));
    change(removed, [type, id], (links) => without(links, [link]));
  };
  const removeOne = (
    type: string,
    id: string,
    toType: string,
    toId: string,
    gone: (one: LinkType) => boolean,
  ): void => {
    const types = current(type, id)
      .filter((link) => link.toType === toType && link.toId === toId)
      .flatMap((link) => link.types.filter(gone));
    const link = { toType, toId, types };
    change(added, [type, id], (links) => without(links, [link]));
    change(removed, [type, id], (links) => joined(without(links, [link]), [link]));
  };

  return {
    read: (type, id, toType) => {
      if (!isLive(type, id)) return [];
      const byId = new Map<string, SourceAssociation>();
      for (const link of current(type, id)) {
        if (link.toType !== toType) continue;
        const toId = survivorOf(toType, link.toId);
        if (!isLive(toType, toId)) continue;
        const known = byId.get(toId);
        const types = [
          ...(known?.types ?? []),
          ...link.types.filter((one) => !known?.types.some((two) => same(one, two))),
        ];
        byId.set(toId, { toType, toId, types });
      }
      return [...byId.values()].toSorted((a, b) => compareIds(a.toId, b.toId));
    },
    add: (fromType, fromId, toType, toId, { typeId, backTypeId, label }) => {
      const category = label === undefined ? ('HUBSPOT_DEFINED' as const) : ('USER_DEFINED' as const);
      addOne(fromType, fromId, toType, toId, [{ category, typeId, label: label ?? null }]);
      addOne(toType, toId, fromType, fromId, [{ category, typeId: backTypeId, label: label ?? null }]);
    },
    remove: (fromType, fromId, toType, toId, typeId) => {
      const asked = (one: LinkType): boolean => typeId === undefined || one.typeId === typeId;
      const gone = current(fromType, fromId)
        .filter((link) => link.toType === toType && link.toId === toId)
        .flatMap((link) => link.types.filter(asked));
      removeOne(fromType, fromId, toType, toId, asked);
      removeOne(toType, toId, fromType, fromId, (back) => gone.some((one) => isInverse(one, back)));
    },
    move: (type, fromId, toId) => {
      for (const link of current(type, fromId)) {
        const back = current(link.toType, link.toId).find(
          (one) => one.toType === type && one.toId === fromId,
        );
        addOne(type, toId, link.toType, link.toId, link.types);
        if (back !== undefined) addOne(link.toType, link.toId, type, toId, back.types);
      }
    },
  };
}

/** Links without those types that others name too. */
function without(
  links: readonly SourceAssociation[],
  others: readonly SourceAssociation[],
): SourceAssociation[] {
  if (others.length === 0) return [...links];
  const isNamed = (link: SourceAssociation, one: LinkType): boolean =>
    others.some(
      (other) =>
        other.toType === link.toType && other.toId === link.toId && other.types.some((two) => same(one, two)),
    );
  return links
    .map((link) => ({ ...link, types: link.types.filter((one) => !isNamed(link, one)) }))
    .filter((link) => link.types.length > 0);
}

/** Links and others, one entry for each record they lead to. */
function joined(
  links: readonly SourceAssociation[],
  others: readonly SourceAssociation[],
): SourceAssociation[] {
  const all = [...links];
  for (const { toType, toId, types } of others) {
    const at = all.findIndex((link) => link.toType === toType && link.toId === toId);
    const known = all[at];
    if (known === undefined) all.push({ toType, toId, types });
    else all[at] = { ...known, types: [...known.types, ...types] };
  }
  return all;
}

function isInverse(one: LinkType, back: LinkType): boolean {
  if (one.category !== back.category || one.label !== back.label) return false;
  return one.category === 'USER_DEFINED' || (inverseOf(one.typeId) ?? back.typeId) === back.typeId;
}

function same(one: LinkType, two: LinkType): boolean {
  return one.category === two.category && one.typeId === two.typeId;
}
