/** What was seen of an id before. */
export type Seen = { state: 'new' } | { state: 'equal' | 'other'; line: number };

const FIRST_SLOTS = 1 << 12;
const FULLEST = 0.6;
const NO_CONTENT = 0;

/**
 * Remembers of every id of a file the line and a hash of the content, in 20 bytes each: a file may be larger than memory.
 * Two ids of one hash (64 bits) would be taken for one: for ten million rows the chance is one in three hundred thousand.
 */
export class SeenIds {
  #high = new Uint32Array(FIRST_SLOTS);
  #low = new Uint32Array(FIRST_SLOTS);
  #contentHigh = new Uint32Array(FIRST_SLOTS);
  #contentLow = new Uint32Array(FIRST_SLOTS);
  #lines = new Uint32Array(FIRST_SLOTS);
  #count = 0;

  /** Notes an id with its content; says whether, where and how it was there before. The first content is kept. */
  add(id: string, content: string, line: number): Seen {
    const [high, low] = hash(id);
    const [contentHigh, contentLow] = hash(content);
    const slot = this.#slotOf(high, low);
    if (this.#isFree(slot) || this.#isWithoutContent(slot)) {
      this.#put(slot, high, low, contentHigh, contentLow, line);
      return { state: 'new' };
    }
    const isEqual = this.#contentHigh[slot] === contentHigh && this.#contentLow[slot] === contentLow;
    return { state: isEqual ? 'equal' : 'other', line: this.#lines[slot] ?? 0 };
  }

  /** Notes that the id stands in the file, in a row that could not be loaded. A later row may still bring it. */
  note(id: string, line: number): void {
    const [high, low] = hash(id);
    const slot = this.#slotOf(high, low);
    if (this.#isFree(slot)) this.#put(slot, high, low, NO_CONTENT, NO_CONTENT, line);
  }

  has(id: string): boolean {
    const [high, low] = hash(id);
    return !this.#isFree(this.#slotOf(high, low));
  }

  #isFree(slot: number): boolean {
    return this.#high[slot] === 0 && this.#low[slot] === 0;
  }

  #isWithoutContent(slot: number): boolean {
    return this.#contentHigh[slot] === NO_CONTENT && this.#contentLow[slot] === NO_CONTENT;
  }

  #slotOf(high: number, low: number): number {
    const mask = this.#high.length - 1;
    let slot = low & mask;
    while (!this.#isFree(slot) && (this.#high[slot] !== high || this.#low[slot] !== low))
      slot = (slot + 1) & mask;
    return slot;
  }

  #put(slot: number, high: number, low: number, contentHigh: number, contentLow: number, line: number): void {
    if (this.#isFree(slot)) this.#count += 1;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#contentHigh[slot] = contentHigh;
    this.#contentLow[slot] = contentLow;
    this.#lines[slot] = line;
    if (this.#count > this.#high.length * FULLEST) this.#grow();
  }

  #grow(): void {
    const old = [this.#high, this.#low, this.#contentHigh, this.#contentLow, this.#lines] as const;
    const [highs, lows, contentHighs, contentLows, lines] = old;
    const slots = highs.length * 2;
    this.#high = new Uint32Array(slots);
    this.#low = new Uint32Array(slots);
    this.#contentHigh = new Uint32Array(slots);
    this.#contentLow = new Uint32Array(slots);
    this.#lines = new Uint32Array(slots);
    this.#count = 0;
    for (const [slot, high] of highs.entries()) {
      const low = lows[slot] ?? 0;
      if (high === 0 && low === 0) continue;
      const content = [contentHighs[slot] ?? 0, contentLows[slot] ?? 0] as const;
      this.#put(this.#slotOf(high, low), high, low, ...content, lines[slot] ?? 0);
    }
  }
}

// Two lanes of multiply and mix over the letters (cyrb53 without its cut): fast, and even enough for a table of ids. Never 0, 0.
function hash(text: string): readonly [number, number] {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charCodeAt(index);
    a = Math.imul(a ^ letter, 2654435761);
    b = Math.imul(b ^ letter, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  const low = a >>> 0;
  return [b >>> 0, low === 0 ? 1 : low];
}
