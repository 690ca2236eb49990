/** A thing to do at an instant. */
export interface Due<T> {
  at: number;
  item: T;
}

/** A binary heap of what is due, the earliest on top. */
export class DueHeap<T> {
  readonly #list: Due<T>[] = [];

  get size(): number {
    return this.#list.length;
  }

  peek(): Due<T> | undefined {
    return this.#list[0];
  }

  push(entry: Due<T>): void {
    const list = this.#list;
    let at = list.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = list[above];
      if (!parent || parent.at <= entry.at) break;
      list[at] = parent;
      at = above;
    }
    list[at] = entry;
  }

  pop(): Due<T> | undefined {
    const list = this.#list;
    const top = list[0];
    const last = list.pop();
    if (!top || !last || list.length === 0) return top;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const first = list[left];
      if (!first) break;
      const second = list[right];
      const [child, next] = second && second.at < first.at ? [right, second] : [left, first];
      if (next.at >= last.at) break;
      list[at] = next;
      at = child;
    }
    list[at] = last;
    return top;
  }
}

/** FNV-1a, 32 bits: the same phase for the same id in every process. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/**
 * The first instant at or after `from` at which this monitor is due: it depends on id and period only, so a restart
 * neither bunches monitors up nor leaves a gap, and two monitors of one period are spread over it.
 */
export function nextDue(id: string, everyMs: number, from: number): number {
  const phase = hash(id) % everyMs;
  return Math.ceil((from - phase) / everyMs) * everyMs + phase;
}
