import type { ObservatoryResult } from '../../knowledge/observatory.ts';
import { parseItem } from '../structured-field.ts';
import { joined, type Requests } from './requests.ts';

/** Six months as the Observatory counts them. */
const SIX_MONTHS = 15_552_000;

export function hstsTest({ https, verified, preloaded, host }: Requests): ObservatoryResult {
  if (!https) return 'hsts-not-implemented-no-https';
  if (preloaded.has(host)) return 'hsts-preloaded';
  if (!verified) return 'hsts-invalid-cert';
  const header = joined(https, 'strict-transport-security')?.slice(0, 1_024);
  if (header === undefined) return 'hsts-not-implemented';
  if (header.includes(',')) return 'hsts-header-invalid';
  const ages = header
    .split(';')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part.startsWith('max-age='));
  const age = ages.at(-1);
  if (age === undefined) return 'hsts-header-invalid';
  return Number.parseInt(age.slice(8, 128), 10) < SIX_MONTHS
    ? 'hsts-implemented-max-age-less-than-six-months'
    : 'hsts-implemented-max-age-at-least-six-months';
}

export function redirectionTest({ route, verified, preloaded }: Requests): ObservatoryResult {
  const [first, second] = route.map((hop) => new URL(hop.url));
  const last = route.at(-1);
  if (!first || !last) return 'redirection-not-needed-no-http';
  const secure = last.url.startsWith('https:');
  if (!verified && route.some((hop) => hop.url.startsWith('https:'))) return 'redirection-invalid-cert';
  if (route.every((hop) => preloaded.has(new URL(hop.url).hostname))) return 'redirection-all-redirects-preloaded';
  if (!second) return 'redirection-missing';
  if (!secure) return 'redirection-not-to-https';
  if (second.protocol === 'http:') return 'redirection-not-to-https-on-initial-redirection';
  return first.hostname === second.hostname ? 'redirection-to-https' : 'redirection-off-host-from-http';
}

const PRIVATE = ['no-referrer', 'same-origin', 'strict-origin', 'strict-origin-when-cross-origin'];
const UNSAFE = ['origin', 'origin-when-cross-origin', 'unsafe-url', 'no-referrer-when-downgrade'];

export function referrerTest({ auto, metaReferrer }: Requests): ObservatoryResult {
  const header = joined(auto, 'referrer-policy');
  const values = [header, metaReferrer].filter((value) => value !== null);
  if (values.length === 0) return 'referrer-policy-not-implemented';
  const policy = values
    .join(', ')
    .split(',')
    .map((word) => word.toLowerCase().trim())
    .findLast((word) => PRIVATE.includes(word) || UNSAFE.includes(word));
  if (policy === undefined) return 'referrer-policy-header-invalid';
  return PRIVATE.includes(policy) ? 'referrer-policy-private' : 'referrer-policy-unsafe';
}

export function corsTest({ preflight, origin }: Requests): ObservatoryResult {
  const allowed = preflight && joined(preflight, 'access-control-allow-origin');
  if (!preflight || !allowed) return 'cross-origin-resource-sharing-not-implemented';
  if (allowed.slice(0, 256).trim().toLowerCase() === '*')
    return 'cross-origin-resource-sharing-implemented-with-public-access';
  const credentials = joined(preflight, 'access-control-allow-credentials')?.toLowerCase().trim() === 'true';
  return allowed === origin && credentials
    ? 'cross-origin-resource-sharing-implemented-with-universal-access'
    : 'cross-origin-resource-sharing-implemented-with-restricted-access';
}

export function contentTypeOptionsTest({ auto }: Requests): ObservatoryResult {
  const value = joined(auto, 'x-content-type-options');
  if (!value) return 'x-content-type-options-not-implemented';
  return value.slice(0, 256).trim().toLowerCase() === 'nosniff'
    ? 'x-content-type-options-nosniff'
    : 'x-content-type-options-header-invalid';
}

export function frameOptionsTest({ auto }: Requests, framedByCsp: boolean): ObservatoryResult {
  if (framedByCsp) return 'x-frame-options-implemented-via-csp';
  const value = joined(auto, 'x-frame-options')?.slice(0, 1_024).trim().toLowerCase();
  if (!value) return 'x-frame-options-not-implemented';
  if (value === 'deny' || value === 'sameorigin') return 'x-frame-options-sameorigin-or-deny';
  return value.startsWith('allow-from') ? 'x-frame-options-allow-from-origin' : 'x-frame-options-header-invalid';
}

export function resourcePolicyTest({ auto }: Requests): ObservatoryResult {
  const value = joined(auto, 'cross-origin-resource-policy')?.slice(0, 256).trim().toLowerCase();
  if (!value) return 'corp-not-implemented';
  if (value === 'same-origin' || value === 'same-site' || value === 'cross-origin')
    return `corp-implemented-with-${value}`;
  return 'corp-header-invalid';
}

export function embedderPolicyTest({ auto }: Requests): ObservatoryResult {
  const token = tokenOf(auto, 'cross-origin-embedder-policy');
  if (token === null) return 'coep-not-implemented';
  if (token === 'require-corp' || token === 'credentialless' || token === 'unsafe-none')
    return `coep-implemented-with-${token}`;
  return 'coep-header-invalid';
}

export function openerPolicyTest({ auto }: Requests): ObservatoryResult {
  const token = tokenOf(auto, 'cross-origin-opener-policy');
  if (token === null) return 'coop-not-implemented';
  if (
    token === 'same-origin' ||
    token === 'same-origin-allow-popups' ||
    token === 'noopener-allow-popups' ||
    token === 'unsafe-none'
  )
    return `coop-implemented-with-${token}`;
  return 'coop-header-invalid';
}

/** The structured token of a header; empty where it is none, `null` where the header is missing. */
function tokenOf(answer: Requests['auto'], name: string): string | null {
  const value = joined(answer, name);
  if (!value) return null;
  const item = parseItem(value.slice(0, 1_024).trim())?.item;
  return item?.type === 'token' ? item.value : '';
}
