/** What a generated portal is made of: nothing else has a say in any record. */
export interface World {
  seed: number;
  /** how many companies there are on the day of the anchor; those that come later have higher numbers */
  accounts: number;
  /** the day of the anchor: untidy accounts and accounts with a name have their dates by it */
  today: number;
  /** the last moment of which anything is told, in ms */
  until: number;
}

/** Accounts with a name are there from this size on. */
export const SMALLEST_WITH_NAMES = 50;
/** Companies that are won in the year after the anchor, as a share of those there were. */
const GROWTH_A_YEAR = 0.15;
const YEAR_DAYS = 365;

/** How many companies there will be by the end of the story. */
export function accountsUntil({ accounts, today, until }: World): number {
  const days = Math.max(0, until / 86_400_000 - today);
  return accounts + Math.floor((accounts * GROWTH_A_YEAR * days) / YEAR_DAYS);
}

/** The day on which a company that comes after the anchor becomes known; they come evenly. */
export function laterDay({ accounts, today }: World, account: number, chance: number): number {
  const perDay = (accounts * GROWTH_A_YEAR) / YEAR_DAYS;
  return today + Math.floor((account - accounts + chance) / perDay);
}
