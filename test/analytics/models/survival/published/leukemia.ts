import type { Spell } from '../../../../../analytics/models/survival/spell.ts';

/** Weeks of remission of children with acute leukemia (Freireich et al. 1963; Kalbfleisch & Prentice 2002, section 1.1); + is censored. */
const TREATED = '6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+';
const PLACEBO = '1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23';

/** Weeks until relapse of acute myelogenous leukemia (Miller 1981, section 3.2; R's survival::aml). */
const MAINTAINED = '9 13 13+ 18 23 28+ 31 34 45+ 48 161+';
const NOT_MAINTAINED = '5 5 8 8 12 16+ 23 27 30 33 43 45';

export function spellsOf(text: string): Spell[] {
  return text
    .split(' ')
    .map((time) => ({ entry: 0, exit: Number.parseFloat(time), event: !time.endsWith('+') }));
}

export const LEUKEMIA = { treated: spellsOf(TREATED), placebo: spellsOf(PLACEBO) };
export const AML = { maintained: spellsOf(MAINTAINED), notMaintained: spellsOf(NOT_MAINTAINED) };
