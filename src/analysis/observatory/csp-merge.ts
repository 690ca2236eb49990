/** Directives of several policies merged as the Observatory does it; `null` where it calls them invalid. */
export interface MergedCsp {
  directives: Map<string, Set<string>>;
  /** report-uri or report-to stood there twice, which it forgives but does not reward. */
  repeated: boolean;
}

interface Source {
  text: string;
  policy: number;
  keep: boolean;
}

/** It takes nothing shorter than the shortest directive's name for a policy. */
const LEAST_LENGTH = 'img-src'.length - 1;
const MAY_REPEAT = new Set(['report-uri', 'report-to']);
const compare = new Intl.Collator('en').compare;

/**
 * The Observatory's own way, kept for equal scores and not for its merits: directives given twice make all invalid, and a
 * source of the first policy survives only where the next policy, in sort order, has one that matches it by path.
 */
export function mergePolicies(values: readonly string[]): MergedCsp | null {
  const policies = values.map((value) => value.replace(/[\r\n]/g, '').trim());
  if (policies.some((policy) => policy.length < LEAST_LENGTH)) return null;
  const merged = new Map<string, Source[]>();
  let repeated = false;
  for (const [index, policy] of policies.entries()) {
    const seen = new Set<string>();
    for (const entry of policy.split(';')) {
      const [word = '', ...rest] = entry.trim().split(/\s+/);
      if (word === '') continue;
      const name = word.toLowerCase();
      if (seen.has(name) && !MAY_REPEAT.has(name)) return null;
      if (seen.has(name)) repeated = true;
      seen.add(name);
      const words =
        rest.length === 0 && name.endsWith('-src') ? ["'none'"] : rest.map((source) => source.toLowerCase());
      const own = words.map((text): Source => ({ text, policy: index, keep: index === 0 }));
      const all = index === 0 ? own : [...(merged.get(name) ?? []), ...own];
      const kept = settle(all);
      if (kept === null) return null;
      if (index === 0 && policies.length > 1) for (const source of kept) source.keep = false;
      merged.set(name, kept);
    }
  }
  const directives = new Map(
    [...merged].map(([name, sources]) => [
      name,
      new Set(sources.length > 0 ? sources.map(({ text }) => text) : ["'none'"]),
    ]),
  );
  return { directives, repeated };
}

/** Sorts, marks and drops; `null` where an address cannot be decoded. */
function settle(sources: Source[]): Source[] | null {
  sources.sort((a, b) => compare(a.text, b.text));
  for (const [index, source] of sources.entries()) {
    const before = sources[index - 1];
    if (!before) continue;
    if (source.policy === before.policy) {
      if (source.text.startsWith(before.text)) source.keep = false;
      continue;
    }
    const matches = pathMatches(before.text, source.text);
    if (matches === null) return null;
    if (matches) source.keep = true;
  }
  return sources.filter(({ keep }) => keep);
}

/** CSP3 6.7.2.12, path-part match, over whole sources. */
function pathMatches(a: string, b: string): boolean | null {
  if (a === '' || (a === '/' && b === '')) return true;
  const exact = !a.endsWith('/');
  const [left, right] = [a.split('/'), b.split('/')];
  if (left.length > right.length || (exact && left.length !== right.length)) return false;
  if (!exact) left.pop();
  for (const [index, piece] of left.entries()) {
    try {
      if (decodeURIComponent(piece) !== decodeURIComponent(right[index] ?? '')) return false;
    } catch {
      return null;
    }
  }
  return true;
}
