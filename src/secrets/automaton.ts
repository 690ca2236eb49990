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

  const next: number[][] = [new Array<number>(classCount).fill(-1)];
  const ends: number[][] = [[]];
  for (const [number, word] of folded.entries()) {
    let state = 0;
    for (const byte of word) {
      const row = next[state] as number[];
      const at = classes[byte] as number;
      if (row[at] === -1) {
        row[at] = next.length;
        next.push(new Array<number>(classCount).fill(-1));
        ends.push([]);
      }
      state = row[at] as number;
    }
    ends[state]?.push(number);
  }
  const order = complete(next, ends, classCount);

  // States that end a keyword are told by the sign bit of the target, so that the loop tests one number only.
  const table = new Int32Array(next.length * classCount);
  for (const state of order) {
    for (let at = 0; at < classCount; at += 1) {
      const target = next[state]?.[at] as number;
      table[state * classCount + at] =
        (ends[target] as number[]).length > 0 ? -target * classCount : target * classCount;
    }
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

/** Fills in the failure links: makes the trie a complete automaton. Gives the states breadth first. */
function complete(next: number[][], ends: number[][], classCount: number): number[] {
  const fail = new Int32Array(next.length);
  const order = [0];
  for (let at = 0; at < order.length; at += 1) {
    const state = order[at] as number;
    const row = next[state] as number[];
    for (let byte = 0; byte < classCount; byte += 1) {
      const target = row[byte] as number;
      const fallback = state === 0 ? 0 : (next[fail[state] as number]?.[byte] as number);
      if (target === -1) {
        row[byte] = fallback;
        continue;
      }
      fail[target] = fallback;
      ends[target]?.push(...(ends[fallback] as number[]));
      order.push(target);
    }
  }
  return order;
}
