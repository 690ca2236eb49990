/**
 * How many characters an expression may look at from where it is tried, at most: `Infinity` where a quantifier has no upper
 * end. Lookarounds count as if they consumed what they look at, so the answer may be too large, never too small.
 */
export function regexSpan(source: string): number {
  let at = 0;

  function alternatives(): number {
    let longest = 0;
    let length = 0;
    while (at < source.length && source[at] !== ')') {
      if (source[at] === '|') {
        longest = Math.max(longest, length);
        length = 0;
        at += 1;
        continue;
      }
      const one = atom();
      const times = quantifier();
      if (one > 0 && times > 0) length += one * times;
    }
    return Math.max(longest, length);
  }

  function atom(): number {
    const char = source[at];
    at += 1;
    if (char === '(') {
      const opening = /^\?(?::|<?[=!]|<[A-Za-z_]\w*>|[a-z-]+:)/.exec(source.slice(at, at + 64));
      at += opening?.[0].length ?? 0;
      const inner = alternatives();
      at += 1;
      return inner;
    }
    if (char === '[') {
      while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
      at += 1;
      return 1;
    }
    if (char === '\\') {
      const found = /^(?:x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\}|c[a-z]|[pP]\{[^}]*\}|k<[^>]*>|[1-9]|.)/i.exec(
        source.slice(at, at + 64),
      );
      const text = found?.[0] ?? '';
      at += text.length;
      if (/^(?:[1-9]|k<)/.test(text)) return Infinity; // as long as what it refers to
    }
    return 1; // `^`, `$` and `\b` look at one character too
  }

  function quantifier(): number {
    const found = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(source.slice(at, at + 32))?.[0];
    if (found === undefined) return 1;
    at += found.length;
    if (source[at] === '?') at += 1;
    if (found === '?') return 1;
    if (found === '*' || found === '+') return Infinity;
    const [least = '', most] = found.slice(1, -1).split(',');
    return most === undefined ? Number(least) : most === '' ? Infinity : Number(most);
  }

  return alternatives();
}
