export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Named sets and maps of a rule set, and the one spelling of their elements. */
export class NftSets {
  readonly #elements = new Map<string, unknown[]>();

  constructor(objects: readonly Json[]) {
    for (const object of objects) {
      const set = object.set ?? object.map;
      if (!isObject(set)) continue;
      const elements = Array.isArray(set.elem) ? set.elem : [];
      this.#elements.set(`${set.family} ${set.table} ${set.name}`, elements);
    }
  }

  /** The elements of an anonymous `{ set: [...] }` or a named `@name`; `null` where it is neither or not known. */
  elements(place: { family: string; table: string }, value: unknown): unknown[] | null {
    if (isObject(value) && Array.isArray(value.set)) return value.set;
    if (isObject(value) && 'set' in value) return [value.set];
    if (typeof value !== 'string' || !value.startsWith('@')) return null;
    return this.#elements.get(`${place.family} ${place.table} ${value.slice(1)}`) ?? null;
  }
}

/** An element without its timeout, counter and comment. */
export function bare(element: unknown): unknown {
  return isObject(element) && isObject(element.elem) ? element.elem.val : element;
}
