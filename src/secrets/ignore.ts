/** A person's word, beside the secret, that it may stay. Without a reason it is not heeded. */
export interface InlineIgnore {
  reason: string;
}

const MARK = /seaworthy:ignore[ \t]+([a-z0-9*-]{1,60})[ \t]+([^\r\n]{3,200})/;
const MAX_LINE = 1_000;

/** `seaworthy:ignore RULE REASON` on the line of the match or the one before; `*` stands for every rule. */
export function inlineIgnore(text: string, offset: number, rule: string): InlineIgnore | null {
  const from = lineStart(text, offset);
  const next = text.indexOf('\n', offset);
  const end = Math.min(next === -1 ? text.length : next, offset + MAX_LINE);
  const before = from > 0 ? lineStart(text, from - 1) : from;
  for (const line of [text.slice(from, end), text.slice(before, from)]) {
    const match = MARK.exec(line);
    if (match && (match[1] === '*' || match[1] === rule)) {
      const reason = (match[2] ?? '').replace(/\s*(?:\*\/|-->|#>)\s*$/, '').trim();
      if (reason.length >= 3) return { reason };
    }
  }
  return null;
}

function lineStart(text: string, offset: number): number {
  const earliest = Math.max(0, offset - MAX_LINE);
  for (let at = offset; at > earliest; at -= 1) if (text.charCodeAt(at - 1) === 10) return at;
  return earliest;
}

/** An entry of `.seaworthyignore`: this leak is accepted, by whom, until when (the day included) and why. */
export interface IgnoreEntry {
  fingerprint: string;
  owner: string;
  /** `YYYY-MM-DD`. */
  until: string;
  reason: string;
}

/**
 * Reads `.seaworthyignore`: `FINGERPRINT owner=NAME until=YYYY-MM-DD REASON` per line, `#` begins a comment. Order means
 * nothing and no line depends on another, so that two branches merge without conflict in meaning. A line that does not fit
 * is given back as a problem, not dropped: an exception nobody owns, or that never ends, does not count.
 */
export function parseIgnoreFile(text: string): {
  entries: IgnoreEntry[];
  problems: { line: number; problem: string }[];
} {
  const entries: IgnoreEntry[] = [];
  const problems: { line: number; problem: string }[] = [];
  for (const [index, raw] of text.split('\n').slice(0, 10_000).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (/^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/.test(line)) {
      problems.push({ line: index + 1, problem: 'is a mark of a merge that was not finished' });
      continue;
    }
    const [fingerprint = '', ...words] = line.split(/\s+/);
    const owner = words.find((word) => word.startsWith('owner='))?.slice(6) ?? '';
    const until = words.find((word) => word.startsWith('until='))?.slice(6) ?? '';
    const reason = words.filter((word) => !/^(?:owner|until)=/.test(word)).join(' ');
    const problem = !/^[0-9a-f]{24}$/.test(fingerprint)
      ? 'does not begin with the fingerprint of a leak'
      : owner === ''
        ? 'names no owner (owner=NAME)'
        : !/^\d{4}-\d{2}-\d{2}$/.test(until) || Number.isNaN(Date.parse(until))
          ? 'has no end (until=YYYY-MM-DD)'
          : reason === ''
            ? 'gives no reason'
            : null;
    if (problem === null) entries.push({ fingerprint, owner, until, reason });
    else problems.push({ line: index + 1, problem });
  }
  return { entries, problems };
}
