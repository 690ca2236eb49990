/** Second-level labels under which countries sell names: `shop.co.uk` is a site, `co.uk` is not. */
const SHARED_LABELS = new Set([
  'ac',
  'co',
  'com',
  'edu',
  'gov',
  'go',
  'gob',
  'govt',
  'id',
  'ltd',
  'me',
  'ne',
  'net',
  'nom',
  'or',
  'org',
  'plc',
  'sch',
]);

/** The registrable part of a host name, by the shape of its last labels; an IP address stands for itself. */
export function siteOf(host: string): string {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (/^[\d.]+$/.test(name) || name.includes(':')) return name;
  const labels = name.split('.');
  const country = labels.at(-1)?.length === 2 && SHARED_LABELS.has(labels.at(-2) ?? '');
  return labels.slice(country ? -3 : -2).join('.');
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
