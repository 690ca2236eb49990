import { getDomain } from 'tldts';

/**
 * The registrable domain of a host, by the public suffix list (private suffixes such as github.io included, as browsers
 * do for sites); a public suffix, an address or a single label stands for itself.
 */
export function siteOf(host: string): string {
  const name = host.toLowerCase().replace(/\.$/, '');
  return getDomain(name, { allowPrivateDomains: true }) ?? name;
}

/** Whether two hosts belong to one site. */
export function related(a: string, b: string): boolean {
  return siteOf(a) === siteOf(b);
}

/** Whether a host name or address, as `URL` writes it, is this very machine: what it answers leaves no network card. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
