import { createAutomaton } from './automaton.ts';
import { type Encoded, ESCAPES, encodedRuns, escapedRuns, mayBeEncoded } from './encoded.ts';
import { type Match, matchAt, withDecoded, withLines, withoutOverlaps } from './match.ts';
import type { Rule } from './rule.ts';
import { type Same, sameStretches } from './same.ts';
import { regexSpan } from './span.ts';

export interface ScanOptions {
  /** Only rules that know their secrets by shape: for binary content, where names and values mean nothing. */
  formatsOnly?: boolean;
  /** Units of work after which the rest is left unscanned and said to be; see `cost`. */
  maxWork?: number;
  /** Ms after which the same happens: the second net, for what the first takes too long for. */
  budgetMs?: number;
  /** Ms on a clock that only goes forward. */
  clock?(): number;
  /** What `scan` gave for a similar content: what did not change since is not scanned again. */
  previous?: ScanState | null;
}

export interface ScanResult {
  matches: Match[];
  /** Why the content was not scanned to its end. */
  incomplete: string | null;
  /** For the scan of the next version; `null` where this one is not complete. */
  state: ScanState | null;
}

/** What is known of a content that was scanned. It holds secrets. */
export interface ScanState {
  bytes: Buffer;
  direct: readonly Match[];
  decoded: readonly Decoded[];
  /** Keywords of rules that look far ahead. */
  far: readonly { keyword: number; start: number }[];
  /** Where escapes begin. */
  escapes: readonly number[];
}

/** A match within an encoded stretch. */
interface Decoded extends Match {
  run: { start: number; end: number };
}

export interface Scanner {
  /** The rules in use. */
  rules: readonly Rule[];
  scan(bytes: Uint8Array, options?: ScanOptions): ScanResult;
}

const MAX_MATCHES = 1_000;
const MAX_DEPTH = 3;
const MAX_DECODED_BYTES = 64 * 1024 * 1024;
/** Some five seconds of the dearest expressions. What people write needs a hundredth of it, even where files are large. */
const MAX_WORK = 40_000_000;
const BUDGET_MS = 20_000;
const ASK_CLOCK_EVERY = 4_096;
/** Expressions look this far back at most, and most of them this far ahead. */
const BACK = 128;
const AHEAD = 460;

/** A rule at one of its keywords; `exact` is the keyword where its case matters, tested before the expression is. */
interface Trigger {
  rule: Rule;
  exact: string | null;
  cost: number;
  far: boolean;
}

interface Content {
  bytes: Buffer;
  text: string;
}

interface Lengths {
  before: number;
  now: number;
}

/** What one call may still do. */
interface Budget {
  work: number;
  decodedBytes: number;
  until: number;
  budgetMs: number;
  clock(): number;
  asked: number;
  incomplete: string | null;
}

/** Compiles rules to a scanner. Scanning is synchronous and takes time in proportion to the bytes and the keywords in them. */
export function createScanner(rules: readonly Rule[]): Scanner {
  const words = [...new Set([...rules.flatMap((rule) => rule.keywords.map((word) => word.toLowerCase())), ...ESCAPES])];
  const numbers = new Map(words.map((word, number) => [word, number]));
  const triggers: Trigger[][] = words.map(() => []);
  for (const rule of rules) {
    const span = regexSpan(rule.regex.source);
    for (const word of new Set(rule.keywords)) {
      const exact = rule.regex.ignoreCase ? null : word;
      const trigger = { rule, exact, cost: cost(span), far: span > AHEAD - 2 };
      triggers[numbers.get(word.toLowerCase()) ?? 0]?.push(trigger);
    }
  }
  const escapes = new Set<number>(ESCAPES.map((word) => numbers.get(word) ?? -1));
  const longest = Math.max(...words.map((word) => word.length));
  const automaton = createAutomaton(words);

  interface Search {
    matches: Match[];
    escapes: number[];
    far: { keyword: number; start: number }[];
  }

  /** Tries the rules of one keyword. `false` once the budget is spent. */
  function tryKeyword(text: string, keyword: number, start: number, out: Search, formats: boolean, budget: Budget) {
    budget.asked += 1;
    if (budget.asked % ASK_CLOCK_EVERY === 0 && budget.clock() > budget.until)
      budget.incomplete = `scanning took longer than ${budget.budgetMs / 1_000} s`;
    let far = false;
    for (const trigger of triggers[keyword] as Trigger[]) {
      const { rule, exact } = trigger;
      if (exact !== null && !text.startsWith(exact, start)) continue;
      if (formats && rule.kind !== 'format') continue;
      far ||= trigger.far;
      budget.work -= trigger.cost;
      const match = matchAt(rule, text, start);
      if (match) out.matches.push(match);
    }
    if (far) out.far.push({ keyword, start });
    if (budget.work < 0) budget.incomplete = 'it takes more work than a file may';
    if (out.matches.length > MAX_MATCHES) budget.incomplete = `more than ${MAX_MATCHES} possible secrets in one file`;
    return budget.incomplete === null;
  }

  /** Keywords that begin between `from` and `to`. */
  function search(content: Content, from: number, to: number, formats: boolean, budget: Budget, out: Search): void {
    const { bytes, text } = content;
    automaton.search(
      bytes,
      (keyword, start) => {
        if (start >= to) return true;
        if (escapes.has(keyword)) out.escapes.push(start);
        return tryKeyword(text, keyword, start, out, formats, budget);
      },
      from,
      Math.min(bytes.length, to + longest),
    );
  }

  /** What encoded stretches hold, placed where they lie in the content. */
  function decode(runs: Iterable<Encoded>, depth: number, budget: Budget): Decoded[] {
    const found: Decoded[] = [];
    for (const run of runs) {
      if (budget.incomplete !== null || found.length > MAX_MATCHES) break;
      if (run.bytes.length === 0) continue;
      budget.decodedBytes -= run.bytes.length;
      if (budget.decodedBytes < 0) {
        budget.incomplete = 'too much of it is encoded';
        break;
      }
      for (const match of whole(run.bytes, depth + 1, budget)) {
        const start = run.origin(match.start);
        const end = Math.max(run.origin(match.end), start + 1);
        found.push({ ...match, start, end, run: { start: run.start, end: run.end } });
      }
    }
    return found;
  }

  function whole(bytes: Buffer, depth: number, budget: Budget): Match[] {
    const text = bytes.toString('latin1');
    const out: Search = { matches: [], escapes: [], far: [] };
    search({ bytes, text }, 0, bytes.length, false, budget, out);
    const direct = withoutOverlaps(out.matches);
    if (depth >= MAX_DEPTH) return direct;
    const runs = [...decode(encodedRuns(bytes, 0, bytes.length, budget.decodedBytes), depth, budget)];
    runs.push(...decode(escapedRuns(text, out.escapes), depth, budget));
    return withDecoded(direct, runs);
  }

  return {
    rules,
    scan(given, options = {}) {
      const bytes = Buffer.from(given.buffer, given.byteOffset, given.length);
      const { formatsOnly = false, budgetMs = BUDGET_MS, clock = () => performance.now() } = options;
      const budget: Budget = {
        ...{ work: options.maxWork ?? MAX_WORK, decodedBytes: MAX_DECODED_BYTES, until: clock() + budgetMs },
        ...{ budgetMs, clock, asked: 0, incomplete: null },
      };
      const text = bytes.toString('latin1');
      const out: Search = { matches: [], escapes: [], far: [] };
      const previous = formatsOnly ? null : (options.previous ?? null);
      const same = previous === null ? [] : sameStretches(previous.bytes, bytes);
      const decoded: Decoded[] = [];
      const lengths = { before: previous?.bytes.length ?? 0, now: bytes.length };
      const settled = settledStretches(same, lengths);
      if (previous !== null) {
        out.matches.push(...carryDirect(previous.direct, settled));
        decoded.push(...carryDecoded(previous.decoded, same, lengths));
        out.escapes.push(...carryPlaces(previous.escapes, settled));
        for (const { keyword, start } of previous.far) {
          const stretch = settled.find(({ before, length }) => start >= before && start < before + length);
          if (!stretch) continue;
          const moved = start - stretch.before + stretch.now;
          const again = (triggers[keyword] as Trigger[]).map(({ rule }) => rule);
          out.matches = out.matches.filter((match) => match.start !== moved || !again.includes(match.rule));
          if (!tryKeyword(text, keyword, moved, out, false, budget)) break;
        }
      }
      let from = 0;
      for (const { now, length } of [...settled, { now: bytes.length, length: 0 }]) {
        if (budget.incomplete === null && now > from) {
          search({ bytes, text }, from, now, formatsOnly, budget, out);
          if (!formatsOnly && budget.incomplete === null) {
            const [left, right] = [runStart(bytes, from), runEnd(bytes, now)];
            decoded.push(...decode(encodedRuns(bytes, left, right, budget.decodedBytes), 1, budget));
          }
        }
        from = now + length;
      }
      if (!formatsOnly && budget.incomplete === null) {
        const places = out.escapes.sort((a, b) => a - b);
        const runs = escapedRuns(text, places, (start, end) => !within(same, start, end, lengths));
        decoded.push(...decode(runs, 1, budget));
      }
      const direct = unique(out.matches);
      const inner = unique(decoded);
      const matches = withLines(withDecoded(withoutOverlaps(direct), inner), text);
      const { incomplete } = budget;
      const state =
        incomplete !== null || formatsOnly
          ? null
          : { bytes, direct, decoded: inner, far: out.far, escapes: out.escapes };
      return { matches, incomplete, state };
    },
  };
}

/** What an attempt costs: looking at a character is cheap, beginning is not. */
function cost(span: number): number {
  return 1 + Math.min(1_000, span) / 32;
}

/** Where a keyword that begins cannot have changed what it leads to: all that a rule looks at is the same. */
function settledStretches(same: readonly Same[], lengths: Lengths): Same[] {
  const settled: Same[] = [];
  for (const { before, now, length } of same) {
    const skip = before === 0 && now === 0 ? 0 : BACK;
    const cut = before + length === lengths.before && now + length === lengths.now ? 0 : AHEAD;
    if (length > skip + cut) settled.push({ before: before + skip, now: now + skip, length: length - skip - cut });
  }
  return settled;
}

function carryDirect(matches: readonly Match[], settled: readonly Same[]): Match[] {
  return matches.flatMap((match) => {
    const stretch = settled.find(({ before, length }) => match.start >= before && match.start < before + length);
    return stretch ? [{ ...match, ...moved(match, stretch) }] : [];
  });
}

/** What stands in an encoded stretch of which not a byte has changed, nor those beside it. */
function carryDecoded(matches: readonly Decoded[], same: readonly Same[], lengths: Lengths): Decoded[] {
  return matches.flatMap((match) => {
    const stretch = same.find((one) => {
      const { start, end } = moved(match.run, one);
      return start >= one.now && within([one], start, end, lengths);
    });
    return stretch ? [{ ...match, ...moved(match, stretch), run: moved(match.run, stretch) }] : [];
  });
}

/** Whether a stretch of the new content and the bytes on both sides of it are the same as they were. */
function within(same: readonly Same[], start: number, end: number, lengths: Lengths): boolean {
  return same.some(
    ({ before, now, length }) =>
      (start > now || (start === 0 && now === 0 && before === 0)) &&
      (end < now + length ||
        (end === now + length && before + length === lengths.before && now + length === lengths.now)),
  );
}

/** Both are ascending, as are the places that are given back in the order of the stretches. */
function carryPlaces(places: readonly number[], settled: readonly Same[]): number[] {
  if (places.length === 0) return [];
  return settled.flatMap(({ before, now, length }) =>
    places.filter((place) => place >= before && place < before + length).map((place) => place - before + now),
  );
}

function moved({ start, end }: { start: number; end: number }, { before, now }: Same) {
  return { start: start - before + now, end: end - before + now };
}

function unique<M extends Match>(matches: readonly M[]): M[] {
  const seen = new Set<string>();
  return matches.filter((match) => {
    const key = `${match.start} ${match.rule.id} ${match.secret}`;
    return !seen.has(key) && seen.add(key);
  });
}

const MAX_REACH = 4 * 1024 * 1024;

/** The beginning of the encoded stretch that `at` may lie in. */
function runStart(bytes: Buffer, at: number): number {
  let start = at;
  while (start > 0 && at - start < MAX_REACH && mayBeEncoded(bytes, start - 1)) start -= 1;
  return start;
}

function runEnd(bytes: Buffer, at: number): number {
  let end = at;
  while (end < bytes.length && end - at < MAX_REACH && mayBeEncoded(bytes, end)) end += 1;
  return end;
}
