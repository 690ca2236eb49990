import { createAutomaton } from './automaton.ts';
import { base64Runs } from './decode.ts';
import { type InlineIgnore, inlineIgnore } from './ignore.ts';
import { isPlaceholder } from './placeholder.ts';
import type { Rule } from './rule.ts';

/** A match. It holds the secret itself: it never leaves `src/secrets`; see `collect.ts` for what does. */
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

export interface ScanOptions {
  /** Only rules that know their secrets by shape: for binary content, where names and values mean nothing. */
  formatsOnly?: boolean;
  /** Ms of work after which the rest is left unscanned and said to be. */
  budgetMs?: number;
  /** Ms on a clock that only goes forward. */
  clock?(): number;
}

export interface ScanResult {
  matches: Match[];
  /** Why the content was not scanned to its end. */
  incomplete: string | null;
}

export interface Scanner {
  /** The rules in use. */
  rules: readonly Rule[];
  scan(bytes: Uint8Array, options?: ScanOptions): ScanResult;
}

const MAX_MATCHES = 1_000;
const BUDGET_MS = 3_000;
const RANK = { format: 0, context: 1, generic: 2 } as const;
const ASK_CLOCK_EVERY = 1_024;

/** A rule at one of its keywords; `exact` is the keyword where its case matters, tested before the expression is. */
interface Trigger {
  rule: Rule;
  exact: string | null;
}

/** Compiles rules to a scanner. Scanning is synchronous and takes time in proportion to the bytes and the keywords in them. */
export function createScanner(rules: readonly Rule[]): Scanner {
  const words = [...new Set(rules.flatMap((rule) => rule.keywords.map((word) => word.toLowerCase())))];
  const numbers = new Map(words.map((word, number) => [word, number]));
  const triggers: Trigger[][] = words.map(() => []);
  for (const rule of rules) {
    for (const word of new Set(rule.keywords)) {
      const exact = rule.regex.ignoreCase ? null : word;
      triggers[numbers.get(word.toLowerCase()) ?? 0]?.push({ rule, exact });
    }
  }
  const automaton = createAutomaton(words);

  function search(bytes: Uint8Array, text: string, options: ScanOptions, stop: () => string | null): ScanResult {
    const found: Match[] = [];
    let incomplete: string | null = null;
    let hits = 0;
    automaton.search(bytes, (keyword, start) => {
      hits += 1;
      if (hits % ASK_CLOCK_EVERY === 0) {
        incomplete = stop();
        if (incomplete !== null) return false;
      }
      for (const { rule, exact } of triggers[keyword] as Trigger[]) {
        if (exact !== null && !text.startsWith(exact, start)) continue;
        if (options.formatsOnly && rule.kind !== 'format') continue;
        const match = matchAt(rule, text, start);
        if (match) found.push(match);
      }
      if (found.length > MAX_MATCHES) incomplete = `more than ${MAX_MATCHES} possible secrets in one file`;
      return incomplete === null;
    });
    return { matches: found, incomplete };
  }

  return {
    rules,
    scan(bytes, options = {}) {
      const clock = options.clock ?? (() => performance.now());
      const budgetMs = options.budgetMs ?? BUDGET_MS;
      const until = clock() + budgetMs;
      const stop = () => (clock() > until ? `scanning took longer than ${budgetMs / 1_000} s` : null);
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
      const direct = search(bytes, text, options, stop);
      let { incomplete } = direct;
      const encoded: Match[] = [];
      if (!options.formatsOnly && incomplete === null) {
        for (const run of base64Runs(bytes)) {
          incomplete = stop();
          if (incomplete !== null || encoded.length > MAX_MATCHES) break;
          const inner = search(run.bytes, run.bytes.toString('latin1'), { formatsOnly: false }, stop);
          for (const match of withoutOverlaps(inner.matches))
            encoded.push({ ...match, start: run.start, end: run.end });
        }
      }
      const matches = [...withoutOverlaps(direct.matches)];
      // Several secrets may lie in one encoded run, hence no sorting out among those.
      matches.push(...encoded.filter((one) => !matches.some((other) => overlap(one, other))));
      return { matches: withLines(matches, text), incomplete };
    },
  };
}

function matchAt(rule: Rule, text: string, start: number): Match | null {
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
function withoutOverlaps(matches: readonly Match[]): Match[] {
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

function overlap(a: Match, b: Match): boolean {
  return a.start < b.end && b.start < a.end;
}

function withLines(matches: Match[], text: string): Match[] {
  let line = 1;
  let newline = text.indexOf('\n');
  matches.sort((a, b) => a.start - b.start);
  for (const match of matches) {
    while (newline !== -1 && newline < match.start) {
      line += 1;
      newline = text.indexOf('\n', newline + 1);
    }
    match.line = line;
    match.ignored = inlineIgnore(text, match.start, match.rule.id);
  }
  return matches;
}
