import type { ObservatoryResult } from '../../knowledge/observatory.ts';
import { siteOf } from '../site.ts';
import { isHtml, joined, type Requests } from './requests.ts';

/** Best first, in the Observatory's order, which ranks unsafe loading with a hash above safe loading without one. */
const ORDER: readonly ObservatoryResult[] = [
  'sri-implemented-and-all-scripts-loaded-securely',
  'sri-implemented-and-external-scripts-loaded-securely',
  'sri-implemented-but-external-scripts-not-loaded-securely',
  'sri-not-implemented-but-external-scripts-loaded-securely',
  'sri-not-implemented-and-external-scripts-not-loaded-securely',
];

export function integrityTest(requests: Requests): ObservatoryResult {
  const type = joined(requests.auto, 'content-type');
  if (type !== null && type.split(';', 1)[0] !== '' && !isHtml(requests.auto))
    return 'sri-not-implemented-response-not-html';
  const scripts = requests.elements.filter(({ name }) => name === 'script');
  if (scripts.length === 0) return 'sri-not-implemented-but-no-scripts-loaded';
  let result: ObservatoryResult | null = null;
  let foreign = false;
  for (const { attributes } of scripts) {
    const src = attributes.get('src');
    if (!src) continue;
    const integrity = Boolean(attributes.get('integrity'));
    const schemeless = /^\/\/[^/]/.test(src);
    const absolute = !schemeless && /^https?:\/\//.test(src);
    const own = !schemeless && (!absolute || domainOf(src) === siteName(requests.host));
    const secure = absolute ? src.startsWith('https:') : !schemeless && requests.secure;
    if (own) {
      if (integrity && secure) result ??= 'sri-implemented-and-all-scripts-loaded-securely';
      continue;
    }
    foreign = true;
    if (integrity && secure) continue;
    const found: ObservatoryResult = integrity
      ? 'sri-implemented-but-external-scripts-not-loaded-securely'
      : secure
        ? 'sri-not-implemented-but-external-scripts-loaded-securely'
        : 'sri-not-implemented-and-external-scripts-not-loaded-securely';
    if (result === null || ORDER.indexOf(found) > ORDER.indexOf(result)) result = found;
  }
  if (result) return result;
  return foreign
    ? 'sri-implemented-and-external-scripts-loaded-securely'
    : 'sri-not-implemented-but-all-scripts-loaded-from-secure-origin';
}

function domainOf(src: string): string | null {
  return URL.canParse(src) ? siteName(new URL(src).hostname) : null;
}

/** Addresses and bare names have no registrable domain; the Observatory then counts them all as one. */
function siteName(host: string): string | null {
  const bare = host.replace(/^\[|\]$/g, '');
  return /^[\d.]+$/.test(bare) || bare.includes(':') || !bare.includes('.') ? null : siteOf(bare);
}
