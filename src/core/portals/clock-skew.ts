/** From so many seconds on a clock that is ahead of HubSpot's is worth a word. */
const AHEAD = 60;
/** HubSpot signs what its card asks for with its own time: what is older than so many seconds is refused ... */
const CARD_AHEAD = 300;
/** ... as is what comes from further in the future. */
const CARD_BEHIND = 5;

/** Whether the clock of this computer is so far ahead of HubSpot's, or behind it (below zero), that somebody should set it. */
export function isSkewed(aheadSeconds: number): boolean {
  return aheadSeconds >= AHEAD || refusesCard(aheadSeconds);
}

/** Whether it is so far that what HubSpot's card asks for is refused. */
export function refusesCard(aheadSeconds: number): boolean {
  return aheadSeconds > CARD_AHEAD || aheadSeconds < -CARD_BEHIND;
}

/** How far the two are apart, what that does and what to do, as a sentence; of now, or of the last sync. */
export function skewSentence(aheadSeconds: number, seen: 'now' | 'last sync'): string {
  const clock =
    seen === 'now' ? 'The clock of this computer is' : 'At the last sync the clock of this computer was';
  const side = aheadSeconds < 0 ? 'behind' : 'ahead of';
  const harm = refusesCard(aheadSeconds)
    ? 'so that what HubSpot’s card asks for is refused'
    : 'and from five minutes on what HubSpot’s card asks for is refused';
  return `${clock} ${spoken(Math.abs(aheadSeconds))} ${side} HubSpot’s, ${harm}: set it by a time server (NTP).`;
}

function spoken(seconds: number): string {
  if (seconds < 120) return plural(seconds, 'second');
  return seconds < 7200
    ? plural(Math.round(seconds / 60), 'minute')
    : plural(Math.round(seconds / 3600), 'hour');
}

function plural(count: number, unit: string): string {
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
}
