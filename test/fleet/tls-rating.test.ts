import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rateTls } from '../../src/analysis/tls-rating.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import { missingOldNodes } from '../support/old-nodes.ts';
import { issue } from '../support/pki.ts';
import { dhParameters, oldNodeServer } from '../support/tls-fleet.ts';
import { scanPort } from '../support/tls-scan.ts';
import { type KeyPair, TlsServers } from '../support/tls-servers.ts';

const ready = existsSync('/usr/sbin/nginx') && missingOldNodes().length === 0;
const suite = ready || process.env.CI === 'true' ? describe : describe.skip;

let servers: TlsServers;
let root: KeyPair;
beforeAll(() => {
  servers = new TlsServers();
  root = issue(servers, 'root', { authority: true, days: 3650 });
});
afterAll(() => servers.close());

const rsa = (name: string) => issue(servers, name, { issuer: root, key: ['rsa:2048'] });
const nginx = (name: string, { key, cert }: KeyPair, ...more: string[]) =>
  servers.nginx(name, [`ssl_certificate ${cert}`, `ssl_certificate_key ${key}`, ...more]);
const TWELVE = 'ssl_protocols TLSv1.2';

/**
 * Protocol, key exchange and cipher scores and grade that testssl.sh 3.3dev (9fdf8028, with OpenSSL 3.0) gave the same
 * servers; `ours` where the verdict differs, because its OpenSSL cannot offer what the server takes.
 */
const RATED: readonly (readonly [string, () => Promise<number>, string, string?])[] = [
  [
    'modern',
    () =>
      nginx(
        'modern',
        issue(servers, 'ec', { issuer: root }),
        'ssl_protocols TLSv1.2 TLSv1.3',
        'ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305',
      ),
    '100 100 90 A+',
  ],
  [
    'TLS 1.2 only',
    () => nginx('twelve', rsa('twelve'), TWELVE, 'ssl_ciphers ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256'),
    '100 90 90 A-',
  ],
  [
    'no forward secrecy',
    () => nginx('static', rsa('static'), TWELVE, 'ssl_ciphers AES256-GCM-SHA384:AES128-SHA'),
    '100 90 90 B',
  ],
  // Its OpenSSL refuses 1024-bit groups, so that it never saw the DHE suite; the guide gives such a key 80.
  [
    'a 1024-bit DH group',
    () =>
      nginx(
        'dh',
        rsa('dh'),
        TWELVE,
        'ssl_ciphers DHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0',
        `ssl_dhparam ${dhParameters(servers, 1024)}`,
      ),
    '100 90 100 A-',
    '100 80 100 B',
  ],
  // Its OpenSSL has no 3DES and no RC4 to score; the guide gives 3DES 20 of 100 and caps both at C with TLS 1.1 or newer.
  [
    'RC4 and 3DES',
    () => oldNodeServer(servers, '8.17.0', rsa('old'), "ciphers:'AES128-SHA:RC4-SHA:DES-CBC3-SHA'"),
    '95 90 80 B',
    '95 90 50 C',
  ],
];

suite('the rating beside that of testssl.sh (needs nginx and old builds of Node)', () => {
  it.each(RATED.map(([name, start, theirs, ours]) => ({ name, start, wanted: ours ?? theirs })))(
    '$name',
    async ({ start, wanted }) => {
      const facts = await scanPort(await start(), undefined, { ca: [readFileSync(root.cert, 'utf8')] });
      const web = exampleHttp({ 'Strict-Transport-Security': 'max-age=63072000' });
      const { protocol, keyExchange, cipher, grade, caps } = rateTls(facts, 'shop.example', web, Date.now());
      expect(`${protocol} ${keyExchange} ${cipher} ${grade}`, caps.join()).toBe(wanted);
    },
  );
});
