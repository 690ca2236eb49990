import { parseSource } from './csp-source.ts';

/** Content Security Policy Level 3: one policy as browsers read it. */
export interface Policy {
  /** Names in lower case; of a directive given twice the first counts (CSP3 2.2.1). */
  directives: ReadonlyMap<string, readonly string[]>;
  /** Directives that were given again and are ignored. */
  ignored: readonly string[];
  source: 'header' | 'meta';
  text: string;
}

/** Far more directives than any policy has. */
const DIRECTIVE_LIMIT = 500;
/** HTML 4.2.5.3: these do nothing in a meta element. */
const HEADER_ONLY = new Set(['frame-ancestors', 'report-uri', 'sandbox']);

/**
 * Policies of header lines, which are lists with commas, or of meta contents, each of which is a single policy in which a
 * comma is a character like any other (HTML 4.2.5.3). Empty ones say nothing.
 */
export function parsePolicies(lines: readonly string[], source: Policy['source'] = 'header'): Policy[] {
  return lines
    .flatMap((line) => (source === 'header' ? line.split(',') : [line]))
    .map((text) => parsePolicy(text, source))
    .filter((policy) => policy.directives.size > 0);
}

function parsePolicy(text: string, source: Policy['source']): Policy {
  const directives = new Map<string, readonly string[]>();
  const ignored: string[] = [];
  for (const part of text.split(';', DIRECTIVE_LIMIT)) {
    // CSP3 2.2.1: a directive with anything but ASCII in it is left out whole.
    if (/[^\x00-\x7f]/.test(part)) continue;
    const [first, ...values] = part.split(/[\t\n\f\r ]+/).filter((word) => word !== '');
    if (first === undefined) continue;
    const name = first.toLowerCase();
    if (source === 'meta' && HEADER_ONLY.has(name)) continue;
    if (directives.has(name)) ignored.push(name);
    else directives.set(name, values);
  }
  return { directives, ignored, source, text: text.trim() };
}

/** Names under which a directive is looked up, most specific first (CSP3 6.8.3). */
const FALLBACKS: Record<string, readonly string[]> = {
  'script-src-elem': ['script-src-elem', 'script-src', 'default-src'],
  'script-src-attr': ['script-src-attr', 'script-src', 'default-src'],
  'script-src': ['script-src', 'default-src'],
  'style-src': ['style-src', 'default-src'],
  'object-src': ['object-src', 'default-src'],
};

/** The source list that governs a directive and the directive it stands in, or `null` where the policy leaves it open. */
export function governing(policy: Policy, directive: string): { name: string; sources: readonly string[] } | null {
  for (const name of FALLBACKS[directive] ?? [directive]) {
    const sources = policy.directives.get(name);
    if (sources) return { name, sources };
  }
  return null;
}

export function hasNonceOrHash(sources: readonly string[]): boolean {
  return sources.some((source) => ['nonce', 'hash'].includes(parseSource(source).type));
}

/** CSP3 6.7.3.2: `'unsafe-inline'` counts only without nonce, hash and `'strict-dynamic'`. */
export function allowsInline(sources: readonly string[]): boolean {
  const words = lower(sources);
  return words.includes("'unsafe-inline'") && !words.includes("'strict-dynamic'") && !hasNonceOrHash(sources);
}

/** Sources that let in content from anybody: `*`, whole schemes, and wildcards over every name of a top-level domain. */
export function broadSources(sources: readonly string[]): string[] {
  return sources.filter((text) => {
    const source = parseSource(text);
    if (source.type === 'scheme') return !['mediastream', 'about'].includes(source.scheme);
    return source.type === 'host' && (source.host === '*' || /^\*\.[^.]+$/.test(source.host));
  });
}

/** The ways in which a policy, or all policies together, leave script open; empty lists mean closed. */
export interface ScriptExposure {
  /** Injected markup runs: `<script>` or an event handler. The words that allow it. */
  inline: readonly string[];
  /** Script is loaded from anywhere. The sources that allow it. */
  sources: readonly string[];
  /** Text becomes code. */
  eval: readonly string[];
}

const OPEN: ScriptExposure = { inline: ['no script-src'], sources: ['no script-src'], eval: ['no script-src'] };
const CLOSED: ScriptExposure = { inline: [], sources: [], eval: [] };

function exposureOf(policy: Policy): ScriptExposure {
  const sandbox = policy.directives.get('sandbox');
  if (sandbox && !lower(sandbox).includes('allow-scripts')) return CLOSED;
  const elements = governing(policy, 'script-src-elem');
  const attributes = governing(policy, 'script-src-attr');
  const dynamic = governing(policy, 'script-src');
  if (!elements || !attributes) return OPEN;
  const inline = [elements, attributes]
    .filter(({ sources }) => allowsInline(sources))
    .map(({ name }) => `${name} 'unsafe-inline'`);
  // With 'strict-dynamic' hosts and schemes are ignored: only nonces, hashes and what trusted script loads count.
  const strict = lower(elements.sources).includes("'strict-dynamic'");
  const broad = strict ? [] : broadSources(elements.sources).map((source) => `${elements.name} ${source}`);
  const evaluates = !dynamic || lower(dynamic.sources).includes("'unsafe-eval'");
  return {
    inline: [...new Set(inline)],
    sources: broad,
    eval: evaluates ? [dynamic ? `${dynamic.name} 'unsafe-eval'` : 'no script-src'] : [],
  };
}

/** Several policies apply at once: what one of them forbids is forbidden (CSP3 8.1). */
export function scriptExposure(policies: readonly Policy[]): ScriptExposure {
  const exposures = policies.map(exposureOf);
  const least = (key: keyof ScriptExposure) =>
    exposures.map((exposure) => exposure[key]).sort((a, b) => a.length - b.length)[0] ?? OPEN[key];
  return { inline: least('inline'), sources: least('sources'), eval: least('eval') };
}

/**
 * How all policies together limit a directive: `open` where none has it, the broad sources of the narrowest where even
 * that one is broad, else the sources that remain.
 */
export function limitOf(
  policies: readonly Policy[],
  directive: string,
): { open: true } | { open: false; broad: string[]; sources: readonly string[] } {
  const lists = policies.flatMap((policy) => governing(policy, directive) ?? []);
  const narrowest = lists
    .map(({ sources }) => ({ sources, broad: broadSources(sources) }))
    .sort((a, b) => a.broad.length - b.broad.length)[0];
  return narrowest ? { open: false, ...narrowest } : { open: true };
}

/** Nonces of all policies, without the quotes and the word. */
export function noncesOf(policies: readonly Policy[]): string[] {
  return policies
    .flatMap((policy) => [...policy.directives.values()].flat().map(parseSource))
    .flatMap((source) => (source.type === 'nonce' ? [source.value] : []));
}

function lower(words: readonly string[]): string[] {
  return words.map((word) => word.toLowerCase());
}
