import type { SourceAssociation } from '../source.ts';
import { buildActivity } from './activity.ts';
import { buildCompany } from './company.ts';
import { buildContacts } from './contacts.ts';
import type { Life } from './life.ts';
import type { Story } from './named.ts';
import type { Plan } from './plan.ts';
import { buildSales } from './sales.ts';
import { GENERATED_TYPES, type GeneratedType } from './shape.ts';
import { tell, type NewRecord, type RecordStory } from './story.ts';
import { buildSurveys } from './surveys.ts';
import { buildTickets } from './tickets.ts';
import { buildUsage } from './usage.ts';
import type { World } from './world.ts';

/** Everything HubSpot will ever hold about one account. */
export interface Bundle {
  records: Record<GeneratedType, RecordStory[]>;
  links: ReadonlyMap<string, SourceAssociation[]>;
}

/** What the builders of one account share. */
export interface Draft {
  world: World;
  life: Life;
  plan: Plan;
  /** of an account with a name */
  story: Story | undefined;
  owner: string;
  /** the id of this account's k-th record of a type */
  id(type: GeneratedType, k: number): string;
  /** the id of another account's company */
  companyId(account: number): string;
  add(type: GeneratedType, record: NewRecord): string;
  link(
    from: [GeneratedType, string],
    to: [GeneratedType, string],
    typeId: number,
    backTypeId: number,
    label?: string,
  ): void;
}

export function buildBundle(base: Omit<Draft, 'add' | 'link'>): Bundle {
  const records = Object.fromEntries(
    GENERATED_TYPES.map((type) => [type, [] as RecordStory[]]),
  ) as Bundle['records'];
  const links = new Map<string, SourceAssociation[]>();
  const draft: Draft = {
    ...base,
    add: (type, record) => {
      const made = tell(base.id(type, records[type].length), record);
      records[type].push(made);
      return made.id;
    },
    link: (from, to, typeId, backTypeId, label) => {
      join(links, from, to, typeId, label);
      join(links, to, from, backTypeId, label);
    },
  };
  buildCompany(draft);
  buildContacts(draft);
  buildSales(draft);
  buildTickets(draft);
  buildActivity(draft);
  buildSurveys(draft);
  buildUsage(draft);
  return { records, links };
}

function join(
  links: Map<string, SourceAssociation[]>,
  from: [string, string],
  to: [string, string],
  typeId: number,
  label: string | undefined,
): void {
  const key = `${from[0]}/${from[1]}`;
  const list = links.get(key) ?? [];
  links.set(key, list);
  const type = {
    category: label === undefined ? ('HUBSPOT_DEFINED' as const) : ('USER_DEFINED' as const),
    typeId,
    label: label ?? null,
  };
  const at = list.findIndex((link) => link.toType === to[0] && link.toId === to[1]);
  const known = list[at];
  if (known === undefined) list.push({ toType: to[0], toId: to[1], types: [type] });
  else list[at] = { ...known, types: [...known.types, type] };
}
