import type { ObservatoryResult } from '../../knowledge/observatory.ts';
import { mergePolicies } from './csp-merge.ts';
import { joined, type Requests } from './requests.ts';

const BROAD = new Set(['ftp:', 'http:', 'https:', '*', 'http://*', 'http://*.*', 'https://*', 'https://*.*']);
const INLINE = new Set(["'unsafe-inline'", 'data:']);
const PASSIVE = ['img-src', 'media-src'];
const META_IGNORES = ['frame-ancestors', 'report-uri', 'sandbox'];

/** The result and, for the framing test, whether frame-ancestors is anywhere among the policies. */
export interface CspVerdict {
  result: ObservatoryResult;
  framed: boolean;
}

export function cspTest(requests: Requests): CspVerdict {
  const { auto, metaCsp, secure } = requests;
  const header = joined(auto, 'content-security-policy');
  const split = (values: readonly string[]) => values.flatMap((value) => value.split(',').map((part) => part.trim()));
  const fromHeader = split(header === null ? [] : [header]);
  const fromMeta = split(metaCsp);
  const all = mergePolicies([...fromHeader, ...fromMeta]);
  if (!all) return { result: 'csp-header-invalid', framed: false };
  const inHeader = mergePolicies(fromHeader);
  const meta = mergePolicies(fromMeta);
  const usable = [...(meta?.directives.keys() ?? [])].some((name) => !META_IGNORES.includes(name));
  // Its note that something was repeated lies among the directives and so counts as one.
  if (!inHeader?.directives.size && !usable && !inHeader?.repeated && !meta?.repeated) {
    const reporting = joined(auto, 'content-security-policy-report-only');
    return { result: reporting ? 'csp-not-implemented-but-reporting-enabled' : 'csp-not-implemented', framed: false };
  }
  const { directives, repeated } = all;
  const found = judge(directives, secure);
  const forgiven =
    found === 'csp-implemented-with-no-unsafe' ||
    found === 'csp-implemented-with-no-unsafe-default-src-none' ||
    found === 'csp-implemented-with-unsafe-inline-in-style-src-only' ||
    found === 'csp-implemented-with-insecure-scheme-in-passive-content-only';
  return {
    result: forgiven && repeated ? 'csp-implemented-but-duplicate-directives' : found,
    framed: directives.has('frame-ancestors'),
  };
}

function judge(csp: ReadonlyMap<string, Set<string>>, secure: boolean): ObservatoryResult {
  const fallback = csp.get('default-src');
  const open = () => new Set(['*']);
  // The Observatory strikes words out of the very sets that it goes on to read, default-src included; so do we.
  const objects = csp.get('object-src') ?? fallback ?? open();
  const scripts = csp.get('script-src') ?? fallback ?? open();
  const styles = csp.get('style-src') ?? fallback ?? open();
  for (const list of [scripts, styles]) if (trusted(list)) list.delete("'unsafe-inline'");
  if (scripts.has("'strict-dynamic'")) {
    if (!trusted(scripts)) return 'csp-header-invalid';
    for (const source of scripts)
      if (source === "'self'" || source === "'unsafe-inline'" || [...BROAD].some((broad) => source.startsWith(broad)))
        scripts.delete(source);
  }
  const active = [...csp].flatMap(([name, list]) => (PASSIVE.includes(name) || name === 'script-src' ? [] : [...list]));
  const passive = PASSIVE.flatMap((name) => [...(csp.get(name) ?? fallback ?? [])]);
  const plain = (source: string) => source.startsWith('http:') || source.startsWith('ftp:');

  if (
    [...scripts].some((source) => BROAD.has(source) || INLINE.has(source)) ||
    [...objects].some((source) => BROAD.has(source))
  )
    return 'csp-implemented-with-unsafe-inline';
  if (secure && [...active, ...scripts].some(plain)) return 'csp-implemented-with-insecure-scheme';
  if (scripts.has("'unsafe-eval'") || styles.has("'unsafe-eval'")) return 'csp-implemented-with-unsafe-eval';
  if (secure && passive.some(plain)) return 'csp-implemented-with-insecure-scheme-in-passive-content-only';
  if ([...styles].some((source) => BROAD.has(source) || INLINE.has(source)))
    return 'csp-implemented-with-unsafe-inline-in-style-src-only';
  return fallback?.size === 1 && fallback.has("'none'")
    ? 'csp-implemented-with-no-unsafe-default-src-none'
    : 'csp-implemented-with-no-unsafe';
}

function trusted(list: ReadonlySet<string>): boolean {
  return [...list].some((source) => /^'(?:sha256-|sha384-|sha512-|nonce-)/.test(source));
}
