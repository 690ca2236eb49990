import { readFileSync } from 'node:fs';
import { createSecureContext, DEFAULT_CIPHERS, rootCertificates, type SecureContext } from 'node:tls';

/** Where systems keep their roots in one file: Debian and Alpine, Fedora, SUSE, the BSDs and macOS. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

let system: readonly string[] | undefined;
const contexts = new Map<string, SecureContext>();

/**
 * The anchors that OpenSSL judges by: the system's bundle (or SSL_CERT_FILE), Mozilla's list as shipped with Node where
 * there is none, and always NODE_EXTRA_CA_CERTS. Read once per process.
 */
export function systemRoots(): readonly string[] {
  if (system) return system;
  const configured = process.env.SSL_CERT_FILE;
  const bundle = [...(configured ? [configured] : []), ...SYSTEM_BUNDLES].map(readPem).find((pem) => pem !== undefined);
  const extra = process.env.NODE_EXTRA_CA_CERTS;
  const extraPem = extra ? readPem(extra) : undefined;
  system = [...(bundle ? [bundle] : rootCertificates), ...(extraPem ? [extraPem] : [])];
  return system;
}

/**
 * An OpenSSL context with these versions and anchors that accepts whatever Node's OpenSSL can still speak: judging is the
 * checks' work. Loading the roots is slow, so that contexts are kept.
 */
export function openContext(options: {
  ca?: readonly string[];
  minVersion: Version;
  maxVersion: Version;
  sigalgs?: readonly string[];
}): SecureContext {
  const key = JSON.stringify(options);
  const known = contexts.get(key);
  if (known) return known;
  const context = createSecureContext({
    ca: [...systemRoots(), ...(options.ca ?? [])],
    minVersion: options.minVersion,
    maxVersion: options.maxVersion,
    ciphers: EVERYTHING,
    ...(options.sigalgs ? { sigalgs: options.sigalgs.join(':') } : {}),
  });
  return keep(key, context);
}

/** A context with the same anchors and suites as a client of HTTP would have them, old versions of TLS included. */
export function httpContext(ca: readonly string[] = []): SecureContext {
  const key = JSON.stringify(['http', ca]);
  const known = contexts.get(key);
  if (known) return known;
  const ciphers = `${DEFAULT_CIPHERS}:@SECLEVEL=0`;
  return keep(key, createSecureContext({ ca: [...systemRoots(), ...ca], minVersion: 'TLSv1', ciphers }));
}

function keep(key: string, context: SecureContext): SecureContext {
  if (contexts.size >= MAX_KEPT) contexts.clear();
  contexts.set(key, context);
  return context;
}

type Version = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
const MAX_KEPT = 32;

/** Node takes TLS 1.3 off the offer unless its suites are named. */
const EVERYTHING =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_SHA256:' +
  'TLS_AES_128_CCM_8_SHA256:ALL:COMPLEMENTOFALL:@SECLEVEL=0';

function readPem(path: string): string | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    return text.includes('-----BEGIN') ? text : undefined;
  } catch {
    return undefined; // absent or unreadable: the next place is tried
  }
}
