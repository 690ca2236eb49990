import type { CertificateFacts } from '../core/facts/certificate.ts';

/** Whether a certificate is for a name, and by which of its entries. */
export type NameMatch = { matches: true; by: string } | { matches: false; why: string };

/**
 * Service identity by RFC 9525: only subjectAltName counts, the common name never; a wildcard is the whole leftmost label
 * and stands for exactly one label; addresses are compared as addresses. `wanted` is a host name or an IP address.
 */
export function matchName(certificate: Pick<CertificateFacts, 'names' | 'commonName'>, wanted: string): NameMatch {
  const { dns, ip } = certificate.names;
  const host = wanted.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const address = canonicalIp(host);
  if (address !== undefined) {
    const found = ip.find((one) => canonicalIp(one) === address);
    return found === undefined ? refuse(certificate, ip, host) : { matches: true, by: found };
  }
  const labels = toLabels(canonicalName(host));
  if (!labels) return { matches: false, why: `"${host}" is no host name` };
  const found = dns.find((pattern) => covers(pattern, labels));
  return found === undefined ? refuse(certificate, dns, host) : { matches: true, by: found };
}

function refuse(certificate: Pick<CertificateFacts, 'commonName'>, names: readonly string[], host: string): NameMatch {
  if (names.length > 0) {
    const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
    return { matches: false, why: `it is for ${shown}` };
  }
  const byCommonName = certificate.commonName?.toLowerCase() === host.toLowerCase();
  return {
    matches: false,
    why: byCommonName
      ? 'it has the name only as common name, which clients do not look at'
      : 'it has no alternative name of that kind',
  };
}

function covers(pattern: string, wanted: readonly string[]): boolean {
  const labels = toLabels(pattern.toLowerCase());
  if (!labels || labels.length !== wanted.length) return false;
  const wildcard = labels[0] === '*';
  // A wildcard right below a top-level domain would be for everybody's names; clients refuse it.
  if (wildcard && labels.length < 3) return false;
  return labels.every((label, index) => (wildcard && index === 0) || (label === wanted[index] && !label.includes('*')));
}

function toLabels(name: string): readonly string[] | undefined {
  const labels = name.split('.');
  return name.length <= 253 && labels.every((label) => label.length > 0 && label.length <= 63) ? labels : undefined;
}

/** Lower case, and A-labels for internationalised names. */
function canonicalName(host: string): string {
  if (/^[\u0021-\u007e]*$/.test(host)) return host.toLowerCase();
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return host.toLowerCase();
  }
}

function canonicalIp(text: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(text)) {
    const parts = text.split('.').map(Number);
    return parts.every((part) => part <= 255) ? parts.join('.') : undefined;
  }
  if (!text.includes(':')) return undefined;
  try {
    return new URL(`http://[${text.replace(/%.*$/, '')}]`).hostname;
  } catch {
    return undefined;
  }
}
