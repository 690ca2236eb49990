import { type InlineIgnore, inlineIgnore } from './ignore.ts';
import { isPlaceholder } from './placeholder.ts';
import type { Rule } from './rule.ts';

/** A match. It holds the secret itself: it never leaves `src/secrets`; see `examine.ts` for what does. */
export interface Match {
  rule: Rule;
  secret: string;
  /** Byte offsets of the whole match. */
  start: number;
  end: number;
  /** From 1. */
  line: number;
  /** It stands in the place of a secret, or its checksum is wrong. */
  doubtful: boolean;
  ignored: InlineIgnore | null;
}

const RANK = { format: 0, context: 1, generic: 2 } as const;

/** What the rule finds where its keyword begins. */
export function matchAt(rule: Rule, text: string, start: number): Match | null {
  const { regex } = rule;
  regex.lastIndex = start;
  const match = regex.exec(text);
  if (!match) return null;
  let secret = '';
  for (let group = 1; group < match.length; group += 1) secret += match[group] ?? '';
  const judgement = rule.judge?.(secret) ?? 'secret';
  if (judgement === 'no' || secret === '') return null;
  const doubtful = judgement === 'doubtful' || isPlaceholder(secret);
  return { rule, secret, start, end: start + match[0].length, line: 0, doubtful, ignored: null };
}

/** Of matches that share bytes the one of the most telling rule is kept, then the longest. */
export function withoutOverlaps(matches: readonly Match[]): Match[] {
  const kept: Match[] = [];
  let reach = -1;
  let group: Match[] = [];
  const settle = () => {
    group.sort((a, b) => RANK[a.rule.kind] - RANK[b.rule.kind] || b.secret.length - a.secret.length);
    const chosen: Match[] = [];
    for (const one of group) if (!chosen.some((other) => overlap(one, other))) chosen.push(one);
    kept.push(...chosen);
    group = [];
  };
  for (const match of [...matches].sort((a, b) => a.start - b.start)) {
    if (match.start >= reach) settle();
    group.push(match);
    reach = Math.max(reach, match.end);
  }
  settle();
  return kept;
}

/**
 * What was found as it stands and what was found decoded, each secret once. Of two that share bytes the decoded one is told
 * where its rule knows more, or where the other has an escape in it and thus is not the secret that is meant.
 */
export function withDecoded(direct: readonly Match[], decoded: readonly Match[]): Match[] {
  const kept = [...direct];
  for (const match of decoded) {
    const rivals = kept.filter((other) => overlap(match, other));
    const better = (other: Match) =>
      RANK[match.rule.kind] < RANK[other.rule.kind] ||
      (match.rule === other.rule && match.secret !== other.secret && /%[2-7]|\\u|\\x|&#/i.test(other.secret));
    // Several secrets may lie in one encoded stretch: those do not rival each other.
    const direct = rivals.filter((other) => !decoded.includes(other));
    if (!direct.every(better)) continue;
    if (rivals.some((other) => !direct.includes(other) && other.secret === match.secret)) continue;
    for (const other of direct) kept.splice(kept.indexOf(other), 1);
    kept.push(match);
  }
  return kept;
}

function overlap(a: Match, b: Match): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Says of each match on which line it is and whether a comment excuses it. In the order of the text. */
export function withLines(matches: readonly Match[], text: string): Match[] {
  let line = 1;
  let newline = text.indexOf('\n');
  return [...matches]
    .sort((a, b) => a.start - b.start)
    .map((match) => {
      while (newline !== -1 && newline < match.start) {
        line += 1;
        newline = text.indexOf('\n', newline + 1);
      }
      return { ...match, line, ignored: inlineIgnore(text, match.start, match.rule.id) };
    });
}
