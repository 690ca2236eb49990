const POSIX: Record<string, string> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  space: '\\s',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
  punct: '!-\\/:-@\\[-`{-~',
};

/** An expression of Go (RE2) as one of JavaScript, and what of it could not be carried over exactly. */
export type Translated =
  | { ok: true; source: string; flags: string; note: string | null }
  | { ok: false; reason: string };

/** Translates the syntax of https://github.com/google/re2/wiki/Syntax as far as JavaScript on Node 20 has it. */
export function translateExpression(go: string): Translated {
  let flags = '';
  let note: string | null = null;
  let source = '';
  let inClass = false;
  for (let at = 0; at < go.length; at += 1) {
    const rest = go.slice(at, at + 64);
    const posix = inClass ? /^\[:(\^?)(\w+):\]/.exec(rest) : null;
    const modes = inClass ? null : /^\(\?([imsU]*)(?:-[imsU]+)?([:)])/.exec(rest);
    if (posix) {
      const set = POSIX[posix[2] ?? ''];
      if (set === undefined || posix[1] === '^') return { ok: false, reason: `the class ${posix[0]} is not known` };
      source += set;
      at += posix[0].length - 1;
    } else if (modes && !rest.startsWith('(?:')) {
      const [all, letters = '', end] = modes;
      if (letters.includes('U')) return { ok: false, reason: 'ungreedy matching (?U) has no counterpart' };
      const whole = at === 0 && end === ')';
      if (!whole && letters.includes('i') && !flags.includes('i'))
        note = 'compared without case throughout, not in one part only';
      for (const letter of letters) if (!flags.includes(letter)) flags += letter;
      if (end === ':') source += '(?:';
      at += all.length - 1;
    } else if (rest.startsWith('(?P<')) {
      source += '(?<';
      at += 3;
    } else if (rest[0] === '\\') {
      const next = rest[1] ?? '';
      const quoted = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(go.slice(at));
      const wide = /^\\x\{([0-9A-Fa-f]{1,4})\}/.exec(rest);
      if (next === 'z' || next === 'A') {
        source += next === 'z' ? '(?![\\s\\S])' : '(?<![\\s\\S])';
        at += 1;
      } else if (quoted) {
        source += (quoted[1] ?? '').replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
        at += quoted[0].length - 1;
      } else if (wide) {
        source += `\\u${(wide[1] ?? '').padStart(4, '0')}`;
        at += wide[0].length - 1;
      } else if (/[pPC]/.test(next) || rest.startsWith('\\x{')) {
        return { ok: false, reason: `\\${next} is not carried over` };
      } else {
        source += next === 'a' ? '\\x07' : rest.slice(0, 2);
        at += 1;
      }
    } else {
      if (rest[0] === '[' && !inClass) {
        inClass = true;
        // A bracket right at the beginning stands for itself in Go; JavaScript wants it escaped.
        const literal = /^\[\^?\]/.exec(rest);
        source += literal ? `${literal[0].slice(0, -1)}\\]` : '[';
        if (literal) at += literal[0].length - 1;
        continue;
      }
      if (rest[0] === ']') inClass = false;
      source += rest[0] === '[' && inClass ? '\\[' : rest[0];
    }
  }
  try {
    new RegExp(source, flags);
  } catch {
    return { ok: false, reason: 'JavaScript does not understand it' };
  }
  return { ok: true, source, flags, note };
}
