/** Called at each place where a keyword begins: its number and the offset of its first byte. `false` ends the search. */
export type OnKeyword = (keyword: number, start: number) => boolean;

/**
 * An Aho-Corasick automaton over bytes, without regard to ASCII case: finds every one of many keywords in one pass.
 * Compiled to one table (state x class of byte), because a fifth of the classes are ever used and small tables stay in cache.
 */
export interface Automaton {
  /** Of the keywords that lie wholly between `from` and `to`. */
  search(bytes: Uint8Array, onKeyword: OnKeyword, from?: number, to?: number): void;
}

export function createAutomaton(keywords: readonly string[]): Automaton {
  const folded = keywords.map((word) => Buffer.from(word.toLowerCase(), 'latin1'));
  const classes = new Uint8Array(256);
  let classCount = 1;
  for (const word of folded) {
    for (const byte of word) {
      if (classes[byte] === 0) classes[byte] = classCount++;
    }
  }
  for (let upper = 65; upper <= 90; upper += 1) classes[upper] = classes[upper + 32] ?? 0;

  const most = folded.reduce((sum, word) => sum + word.length, 1);
  const next = new Int32Array(most * classCount).fill(-1);
  const ends: number[][] = [[]];
  for (const [number, word] of folded.entries()) {
    let state = 0;
    for (const byte of word) {
      const at = state * classCount + (classes[byte] as number);
      if (next[at] === -1) {
        next[at] = ends.length;
        ends.push([]);
      }
      state = next[at] as number;
    }
    ends[state]?.push(number);
  }
  complete(next, ends, classCount);

  // States that end a keyword are told by the sign bit of the target, so that the loop tests one number only.
  const table = new Int32Array(ends.length * classCount);
  for (let at = 0; at < table.length; at += 1) {
    const target = next[at] as number;
    table[at] = (ends[target] as number[]).length > 0 ? -target * classCount : target * classCount;
  }
  const lengths = folded.map((word) => word.length);

  return {
    search(bytes, onKeyword, from = 0, to = bytes.length) {
      let row = 0;
      for (let offset = from; offset < to; offset += 1) {
        row = table[row + (classes[bytes[offset] as number] as number)] as number;
        if (row >= 0) continue;
        row = -row;
        for (const keyword of ends[row / classCount] as number[]) {
          if (!onKeyword(keyword, offset + 1 - (lengths[keyword] as number))) return;
        }
      }
    },
  };
}

/** Fills in the failure links, breadth first: makes the trie (`next`, a row per state) a complete automaton. */
function complete(next: Int32Array, ends: number[][], classCount: number): void {
  const fail = new Int32Array(ends.length);
  const order = [0];
  for (const state of order) {
    const row = state * classCount;
    const other = (fail[state] as number) * classCount;
    for (let byte = 0; byte < classCount; byte += 1) {
      const target = next[row + byte] as number;
      const fallback = state === 0 ? 0 : (next[other + byte] as number);
      if (target === -1) {
        next[row + byte] = fallback;
        continue;
      }
      fail[target] = fallback;
      ends[target]?.push(...(ends[fallback] as number[]));
      order.push(target);
    }
  }
}
