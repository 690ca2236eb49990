/** One thing that is due. */
export interface Due {
  id: string;
  /** Epoch ms. */
  at: number;
}

/** A binary heap by due time; of equal times the smaller id is first, so that order never hangs on insertion. */
export interface DueHeap {
  push(due: Due): void;
  peek(): Due | undefined;
  pop(): Due | undefined;
  readonly size: number;
}

const before = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.id < b.id);

export function createDueHeap(): DueHeap {
  const items: Due[] = [];

  const swap = (i: number, j: number) => {
    const [a, b] = [items[i], items[j]];
    if (a && b) [items[i], items[j]] = [b, a];
  };
  const isBefore = (i: number, j: number): boolean => {
    const [a, b] = [items[i], items[j]];
    return a !== undefined && b !== undefined && before(a, b);
  };
  const sink = (start: number) => {
    for (let at = start; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (isBefore(child, least)) least = child;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };

  return {
    push(due) {
      items.push(due);
      for (let at = items.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!isBefore(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    peek: () => items[0],
    pop() {
      const first = items[0];
      const last = items.pop();
      if (first === undefined || last === undefined || items.length === 0) return first;
      items[0] = last;
      sink(0);
      return first;
    },
    get size() {
      return items.length;
    },
  };
}
