import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { type KeyPair, openssl, type TlsServers } from './tls-servers.ts';

export interface Wish {
  /** Signs it; itself where not given. */
  issuer?: KeyPair;
  /** Negative for one that has expired. */
  days?: number;
  /** As for `openssl req -newkey`, with further arguments. */
  key?: readonly string[];
  name?: string;
  authority?: boolean;
  /** Extension lines of an OpenSSL configuration. */
  more?: readonly string[];
  digest?: string;
}

/** Makes a certificate with `openssl`, signed by whom the test wishes. */
export function issue(servers: TlsServers, file: string, wish: Wish = {}): KeyPair {
  const [key, cert, request, config] = ['key', 'crt', 'csr', 'cnf'].map((end) => servers.path(`${file}.${end}`)) as [
    string,
    string,
    string,
    string,
  ];
  const name = wish.name ?? 'shop.example';
  const extensions = wish.authority
    ? ['basicConstraints=critical,CA:TRUE', 'keyUsage=keyCertSign,cRLSign']
    : ['basicConstraints=CA:FALSE', `subjectAltName=DNS:${name}`];
  writeFileSync(config, [...extensions, ...(wish.more ?? []), ''].join('\n'));
  const newkey = wish.key ?? ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  const subject = `/CN=${wish.authority ? file : name}`;
  openssl('req', '-new', '-nodes', '-subj', subject, '-keyout', key, '-out', request, '-newkey', ...newkey);
  const signer = wish.issuer
    ? ['-CA', wish.issuer.cert, '-CAkey', wish.issuer.key, '-CAcreateserial']
    : ['-signkey', key];
  const options = ['-days', String(wish.days ?? 90), '-extfile', config, ...(wish.digest ? [`-${wish.digest}`] : [])];
  openssl('x509', '-req', '-in', request, '-out', cert, ...signer, ...options);
  return { key, cert };
}

/** Appends certificates to a pair's own, in this order: what the server sends after its leaf. */
export function sendAlso(pair: KeyPair, ...others: readonly KeyPair[]): KeyPair {
  for (const other of others) appendFileSync(pair.cert, readFileSync(other.cert));
  return pair;
}
