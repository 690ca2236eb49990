import { SMTPServer } from 'smtp-server';
import type { StartTls } from '../../src/net/tls/starttls.ts';
import { type OldNodeVersion, oldNode } from './old-nodes.ts';
import { freePort, type KeyPair, openssl, readPair, type TlsServers } from './tls-servers.ts';

/** A real server of the fleet: how to start it, and the words before TLS where there are any. */
export interface FleetServer {
  startTls?: Extract<StartTls, 'imap' | 'smtp'>;
  start(servers: TlsServers): Promise<number>;
  /** Suites that a tool does not see, for a reason that a test shows. */
  unseen?: { sslscan: RegExp; nmap: RegExp };
}

const files = ({ key, cert }: KeyPair) => ['-key', key, '-cert', cert];
const nginxPair = ({ key, cert }: KeyPair) => [`ssl_certificate ${cert}`, `ssl_certificate_key ${key}`];

/** Finite-field parameters of this size, as PEM. */
export function dhParameters(servers: TlsServers, bits: number): string {
  const file = servers.path(`dh${bits}.pem`);
  openssl('dhparam', '-dsaparam', '-out', file, String(bits));
  return file;
}

/** `https` of an old Node on a free port; `options` is JavaScript, the inside of an object. */
export async function oldNodeServer(
  servers: TlsServers,
  version: OldNodeVersion,
  pair: KeyPair,
  options: string,
): Promise<number> {
  const port = await freePort();
  // Node 0.10 reads keys of PKCS #1 only.
  const key = `${pair.key}.pkcs1`;
  openssl('rsa', '-traditional', '-in', pair.key, '-out', key);
  const read = (file: string) => `require('fs').readFileSync('${file}')`;
  const script = `require('https').createServer({key:${read(key)},cert:${read(pair.cert)},${options}},function(q,r){r.end()}).listen(${port},'127.0.0.1')`;
  await servers.start(oldNode(version), ['-e', script], port);
  return port;
}

/** Each server makes what it needs and gives its port. */
export const TLS_FLEET: Readonly<Record<string, FleetServer>> = {
  'nginx, modern': {
    start: (servers) =>
      servers.nginx('modern', [
        ...nginxPair(servers.keyPair('modern', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256')),
        'ssl_protocols TLSv1.2 TLSv1.3',
        'ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305',
        'ssl_prefer_server_ciphers off',
      ]),
  },
  'nginx, legacy, with RSA and ECDSA certificates': {
    start: (servers) =>
      servers.nginx('legacy', [
        ...nginxPair(servers.keyPair('legacy', 'rsa:2048')),
        ...nginxPair(servers.keyPair('legacy-ec', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384')),
        'ssl_protocols TLSv1 TLSv1.1 TLSv1.2',
        'ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0',
        'ssl_prefer_server_ciphers on',
        `ssl_dhparam ${dhParameters(servers, 1024)}`,
      ]),
  },
  'nginx, TLS 1.3 only': {
    start: (servers) =>
      servers.nginx('thirteen', [...nginxPair(servers.keyPair('thirteen', 'rsa:2048')), 'ssl_protocols TLSv1.3']),
  },
  'Apache, with its own order': {
    start: (servers) =>
      servers.apache('apache', servers.keyPair('apache', 'rsa:2048'), [
        'SSLProtocol all -SSLv3',
        'SSLCipherSuite HIGH:MEDIUM:!aNULL:@SECLEVEL=0',
        'SSLHonorCipherOrder on',
      ]),
  },
  'HAProxy with RSA and ECDSA certificates': {
    unseen: { sslscan: /_RSA_/, nmap: /ECDHE_RSA_WITH_AES_128/ },
    start: (servers) =>
      servers.haproxy('haproxy', [
        servers.keyPair('haproxy', 'rsa:2048'),
        servers.keyPair('haproxy-ec', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'),
      ]),
  },
  'Dovecot behind STARTTLS': {
    startTls: 'imap',
    start: (servers) =>
      servers.dovecot('dovecot', servers.keyPair('dovecot', 'rsa:2048'), [
        'ssl_min_protocol = TLSv1',
        'ssl_cipher_list = ALL:!LOW:!aNULL:@SECLEVEL=0',
        'ssl_prefer_server_ciphers = yes',
        `ssl_dh = <${dhParameters(servers, 2048)}`,
      ]),
  },
  'a mail server behind STARTTLS': {
    startTls: 'smtp',
    start: async (servers) => {
      const pair = readPair(servers.keyPair('smtp', 'rsa:2048'));
      const server = new SMTPServer({
        ...pair,
        minVersion: 'TLSv1.2',
        authOptional: true,
        logger: false,
        disableReverseLookup: true,
      });
      server.on('error', () => {});
      const port = await freePort();
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      servers.onClose(() => new Promise((resolve) => server.close(() => resolve())));
      return port;
    },
  },
  'OpenSSL 1.0.2 (Node 8) with everything on': {
    start: (servers) =>
      oldNodeServer(
        servers,
        '8.17.0',
        servers.keyPair('node8', 'rsa:2048'),
        `ciphers:'ALL:COMPLEMENTOFALL',honorCipherOrder:true,dhparam:require('fs').readFileSync('${dhParameters(servers, 1024)}')`,
      ),
  },
  'OpenSSL 1.0.1 (Node 0.10) with SSLv2, SSLv3 and export suites': {
    start: (servers) =>
      oldNodeServer(servers, '0.10.0', servers.keyPair('node010', 'rsa:512'), "ciphers:'ALL:COMPLEMENTOFALL'"),
  },
  'openssl s_server with everything on': {
    start: (servers) =>
      servers.sServer(...files(servers.keyPair('all', 'rsa:2048')), '-cipher', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'),
  },
  'openssl s_server with its own order and all suites of TLS 1.3': {
    start: (servers) =>
      servers.sServer(
        ...files(servers.keyPair('ordered', 'rsa:2048')),
        '-serverpref',
        '-cipher',
        'AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:AES256-GCM-SHA384:CAMELLIA128-SHA:ECDHE-RSA-AES128-SHA:PSK-AES128-CBC-SHA:AECDH-NULL-SHA:@SECLEVEL=0',
        '-ciphersuites',
        'TLS_AES_128_CCM_8_SHA256:TLS_AES_128_CCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384',
        '-psk',
        '00112233445566778899aabbccddeeff',
      ),
  },
  'openssl s_server, TLS 1.2 only, Ed25519': {
    start: (servers) => servers.sServer(...files(servers.keyPair('ed25519', 'ed25519')), '-tls1_2'),
  },
  'openssl s_server, TLS 1.0 only': {
    start: (servers) =>
      servers.sServer(...files(servers.keyPair('ten', 'rsa:2048')), '-tls1', '-cipher', 'ALL:@SECLEVEL=0'),
  },
};
