/** Products with a version of a Server-like value: `Apache/2.4.57 (Debian) OpenSSL/3.0.9` gives two (RFC 9110 10.2.4). */
export function versionedProducts(value: string): string[] {
  return withoutComments(value)
    .split(/[\s,]+/)
    .filter((word) => /^[^/]+\/v?\d/.test(word));
}

/** A value that is itself a version: `4.0.30319`, `PHP 8.1`. */
export function hasVersion(value: string): boolean {
  return (
    versionedProducts(value).length > 0 || /(^|[\s/v-])\d+(\.\d+)+/i.test(value) || /^[A-Za-z][\w.-]* \d+/.test(value)
  );
}

function withoutComments(value: string): string {
  let depth = 0;
  let out = '';
  for (const character of value) {
    if (character === '(') depth += 1;
    if (depth === 0) out += character;
    if (character === ')' && depth > 0) depth -= 1;
  }
  return out;
}

/** What the error pages that servers ship say about themselves. */
const SIGNATURES: readonly RegExp[] = [
  /<center>(nginx\/[\d.]+[^<]{0,40})<\/center>/i,
  /<address>(Apache\/[\d.][^<]{0,80})<\/address>/i,
  /<h3>(Apache Tomcat\/[\d.]+)<\/h3>/i,
  /<hr>(openresty\/[\d.]+)/i,
  /<center>(openresty\/[\d.]+)<\/center>/i,
  /(Microsoft-IIS\/[\d.]+|ASP\.NET Version:[\d.]+)/,
  /(Jetty:\/\/[\d.]{3,20})/i,
  /(lighttpd\/[\d.]+)/i,
];

/** The product and version that a shipped error page names, or `null`. */
export function errorPageSignature(body: string): string | null {
  for (const signature of SIGNATURES) {
    const match = signature.exec(body.slice(0, 16_384));
    if (match?.[1]) return match[1].trim();
  }
  return null;
}
