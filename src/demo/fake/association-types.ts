import type { AssociationLabel, PortalSource } from '../source.ts';

/** A way in which two records can be associated, with HubSpot's number in each direction. */
export interface AssociationType {
  fromType: string;
  toType: string;
  typeId: number;
  backTypeId: number;
  label: string | null;
}

type Row = readonly [from: string, to: string, typeId: number, backTypeId: number];

/** HubSpot's numbers of the associations without a label. The first of a pair is its default. */
const DEFINED: readonly Row[] = [
  ['contacts', 'companies', 279, 280],
  ['contacts', 'companies', 1, 2], // primary company
  ['deals', 'companies', 341, 342],
  ['deals', 'companies', 5, 6],
  ['tickets', 'companies', 339, 340],
  ['tickets', 'companies', 26, 25],
  ['deals', 'contacts', 3, 4],
  ['tickets', 'contacts', 16, 15],
  ['tickets', 'deals', 28, 27],
  ['line_items', 'deals', 20, 19],
  ['feedback_submissions', 'contacts', 98, 97],
  ['feedback_submissions', 'tickets', 100, 99],
  ['calls', 'companies', 182, 181],
  ['calls', 'contacts', 194, 193],
  ['calls', 'deals', 206, 205],
  ['calls', 'tickets', 220, 219],
  ['emails', 'companies', 186, 185],
  ['emails', 'contacts', 198, 197],
  ['emails', 'deals', 210, 209],
  ['emails', 'tickets', 224, 223],
  ['meetings', 'companies', 188, 187],
  ['meetings', 'contacts', 200, 199],
  ['meetings', 'deals', 212, 211],
  ['meetings', 'tickets', 226, 225],
  ['notes', 'companies', 190, 189],
  ['notes', 'contacts', 202, 201],
  ['notes', 'deals', 214, 213],
  ['notes', 'tickets', 228, 227],
  ['tasks', 'companies', 192, 191],
  ['tasks', 'contacts', 204, 203],
  ['tasks', 'deals', 216, 215],
  ['tasks', 'tickets', 230, 229],
  ['companies', 'companies', 450, 450],
  ['companies', 'companies', 13, 14], // parent to child
  ['contacts', 'contacts', 449, 449],
  ['deals', 'deals', 451, 451],
  ['tickets', 'tickets', 452, 452],
  ['subscriptions', 'contacts', 295, 296],
  ['subscriptions', 'companies', 297, 298],
  ['invoices', 'contacts', 177, 178],
  ['invoices', 'companies', 179, 180],
];

const BOTH_WAYS: readonly AssociationType[] = DEFINED.flatMap(([fromType, toType, typeId, backTypeId]) =>
  bothWays({ fromType, toType, typeId, backTypeId, label: null }),
);

/** Every way from one type to another: HubSpot's own first, then the portal's. */
export function typesBetween(source: PortalSource, fromType: string, toType: string): AssociationType[] {
  return allTypes(source).filter((one) => one.fromType === fromType && one.toType === toType);
}

/** The way with this number that leaves a type: when a record is created, the number alone says where it leads. */
export function typeFrom(
  source: PortalSource,
  fromType: string,
  typeId: number,
): AssociationType | undefined {
  return allTypes(source).find((one) => one.fromType === fromType && one.typeId === typeId);
}

/** The number of one of HubSpot's own types seen from the other end. */
export function inverseOf(typeId: number): number | undefined {
  return BOTH_WAYS.find((one) => one.typeId === typeId)?.backTypeId;
}

function allTypes(source: PortalSource): AssociationType[] {
  return [...BOTH_WAYS, ...(source.labels?.() ?? []).flatMap(bothWays)];
}

function bothWays(one: AssociationLabel): AssociationType[] {
  const back = {
    ...one,
    fromType: one.toType,
    toType: one.fromType,
    typeId: one.backTypeId,
    backTypeId: one.typeId,
  };
  return one.fromType === one.toType && one.typeId === one.backTypeId ? [one] : [one, back];
}
