const VOID = new Set(
  'area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr'.split(
    ' ',
  ),
);
/** Where HTML begins again inside SVG and MathML (HTML 13.2.6: integration points). */
const INTEGRATION = new Set(['mi', 'mo', 'mn', 'ms', 'mtext', 'annotation-xml', 'foreignobject', 'desc', 'title']);

/** Follows which elements are open, as far as it takes to tell HTML from SVG and MathML. */
export interface Nesting {
  open(name: string): void;
  close(name: string): void;
  /** Inside SVG or MathML script, style and title are ordinary elements whose content is markup. */
  foreign(): boolean;
}

/** Each element is opened and closed at most once, so following a page takes time in proportion to its tags. */
export function createNesting(): Nesting {
  const stack: string[] = [];
  const depth = new Map<string, number>();
  const contexts: boolean[] = [false];
  const changes = (name: string) => name === 'svg' || name === 'math' || INTEGRATION.has(name);
  return {
    open(name) {
      if (VOID.has(name)) return;
      stack.push(name);
      depth.set(name, (depth.get(name) ?? 0) + 1);
      if (changes(name)) contexts.push(!INTEGRATION.has(name));
    },
    close(name) {
      if (!depth.get(name)) return;
      for (let last = stack.pop(); last !== undefined; last = stack.pop()) {
        depth.set(last, (depth.get(last) ?? 1) - 1);
        if (changes(last)) contexts.pop();
        if (last === name) return;
      }
    },
    foreign: () => contexts.at(-1) === true,
  };
}
