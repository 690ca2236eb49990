import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TLS_VERSIONS, type TlsAddressFacts, tlsAddressFacts } from '../../src/core/facts/tls.ts';
import { missingOldNodes } from '../support/old-nodes.ts';
import { oldNodeServer, TLS_FLEET } from '../support/tls-fleet.ts';
import { scanPort } from '../support/tls-scan.ts';
import { type KeyPair, sClient, TlsServers } from '../support/tls-servers.ts';
import { type Found, nmap, sslscan } from '../support/tls-tools.ts';

const TOOLS = [
  '/usr/sbin/nginx',
  '/usr/sbin/apache2',
  '/usr/sbin/haproxy',
  '/usr/sbin/dovecot',
  '/usr/bin/openssl',
  '/usr/bin/sslscan',
  '/usr/bin/nmap',
];
const missing = [
  ...TOOLS.filter((tool) => !existsSync(tool)),
  ...missingOldNodes().map((version) => `Node ${version}`),
];
const suite = missing.length > 0 && process.env.CI !== 'true' ? describe.skip : describe;

let servers: TlsServers;
beforeAll(() => {
  servers = new TlsServers();
});
afterAll(() => servers.close());

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
    protocols: TLS_VERSIONS.filter((version) => facts.protocols[version].offered),
    dhBits: [...new Set(facts.dh.map((one) => one.bits))].sort((a, b) => a - b),
  };
}

/** sslscan asks for what OpenSSL 3 has no code for in a second round, so that its list has these at the end. */
function firstPass(names: readonly string[] = []): string[] {
  return names.filter((one) => !/SEED|IDEA|RC[24]|DES|EXPORT/.test(one));
}

const needs = missing.length > 0 ? ` (needs ${missing.join(', ')})` : '';

suite(`agreement with sslscan and nmap${needs}`, () => {
  describe.each(Object.entries(TLS_FLEET))('%s', (_, { start, startTls: protocol, unseen }) => {
    let facts: TlsAddressFacts;
    let port: number;
    beforeAll(async () => {
      port = await start(servers);
      facts = await scanPort(port, protocol);
    });

    it('gives facts that fit their schema, with nothing left open', () => {
      expect(tlsAddressFacts.safeParse(facts).error).toBeUndefined();
      expect(facts.absence).toBeNull();
      for (const version of TLS_VERSIONS) expect(facts.protocols[version], version).toMatchObject({ complete: true });
    });

    it('finds the same protocols, suites and order as sslscan', async () => {
      const theirs = await sslscan(port, protocol);
      expect(own(facts).protocols).toEqual(theirs.protocols);
      // What it cannot see, by the tests at the end of this file: PSK, SSL, and RSA beside ECDSA in HAProxy.
      const seen = Object.entries(own(facts).suites).flatMap(([version, names]) =>
        version.startsWith('SSL')
          ? []
          : [[version, names.filter((one) => !/PSK/.test(one) && !unseen?.sslscan.test(one))]],
      );
      const comparable: Found['suites'] = Object.fromEntries(seen);
      expect(sets(comparable)).toEqual(sets(theirs.suites));
      for (const version of own(facts).serverOrder)
        if (!version.startsWith('SSL'))
          expect(firstPass(comparable[version]), version).toEqual(firstPass(theirs.suites[version]));
      // sslscan lists sizes for the suites whose key exchange it completed.
      for (const bits of theirs.dhBits) expect(own(facts).dhBits).toContain(bits);
    });

    it('finds the same protocols, suites, order and DH sizes as nmap', async () => {
      // nmap 7.93 does not offer Ed25519 signatures and finds nothing there: a test at the end shows who is right.
      if (facts.signatureAlgorithms.includes('ed25519')) return;
      const theirs = await nmap(port, protocol);
      expect(own(facts).protocols).toEqual(theirs.protocols);
      const visible = (names: readonly string[]) => names.filter((one) => !unseen?.nmap.test(one));
      const comparable = Object.entries(own(facts).suites).map(([version, names]) => [version, visible(names)]);
      expect(sets(Object.fromEntries(comparable))).toEqual(sets(theirs.suites));
      expect(own(facts).dhBits).toEqual(theirs.dhBits);
      for (const version of theirs.serverOrder) {
        if (version === 'TLSv1.3') continue;
        expect(facts.protocols[version].serverPreference, version).toBe(true);
        expect(visible(facts.protocols[version].ciphers)).toEqual(theirs.suites[version]);
      }
    });
  });
});

suite(`where the tools differ, a client shows who is right${needs}`, () => {
  const files = ({ key, cert }: KeyPair) => ['-key', key, '-cert', cert];

  it('PSK suites, which sslscan does not know', async () => {
    const psk = ['-psk', '00112233445566778899aabbccddeeff'];
    const pair = servers.keyPair('psk', 'rsa:2048');
    const port = await servers.sServer(...files(pair), ...psk, '-cipher', 'ALL:PSK:@SECLEVEL=0', '-tls1_2');
    const suites = (await scanPort(port)).protocols['TLSv1.2'].ciphers;
    expect(suites).toContain('TLS_PSK_WITH_AES_128_CBC_SHA');
    expect(sClient(port, '-tls1_2', ...psk, '-cipher', 'PSK-AES128-CBC-SHA:@SECLEVEL=0')).toContain(
      'Cipher is PSK-AES128-CBC-SHA',
    );
    expect((await sslscan(port)).suites['TLSv1.2']).not.toContain('TLS_PSK_WITH_AES_128_CBC_SHA');
  });

  it('a server with an Ed25519 key, which nmap does not see', async () => {
    const port = await servers.sServer(...files(servers.keyPair('differs', 'ed25519')), '-tls1_2');
    expect((await scanPort(port)).protocols['TLSv1.2'].ciphers).toContain('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256');
    expect(sClient(port, '-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256')).toContain(
      'Cipher is ECDHE-ECDSA-AES128-GCM-SHA256',
    );
    expect((await nmap(port)).protocols).toEqual([]);
  });

  it('RSA suites of HAProxy beside ECDSA, which it hides from clients that know ECDSA and so from the tools', async () => {
    const server = TLS_FLEET['HAProxy with RSA and ECDSA certificates'];
    const port = (await server?.start(servers)) ?? 0;
    expect((await scanPort(port)).protocols['TLSv1.2'].ciphers).toContain('TLS_RSA_WITH_AES_128_GCM_SHA256');
    expect(sClient(port, '-tls1_2', '-cipher', 'AES128-GCM-SHA256')).toContain('Cipher is AES128-GCM-SHA256');
    expect((await sslscan(port)).suites['TLSv1.2']).not.toContain('TLS_RSA_WITH_AES_128_GCM_SHA256');
    expect(sClient(port, '-tls1_2', '-cipher', 'ECDHE-RSA-AES128-SHA')).toContain('Cipher is ECDHE-RSA-AES128-SHA');
    expect((await nmap(port)).suites['TLSv1.2']).not.toContain('TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA');
  });

  it('suites behind one that the server stumbles over, where sslscan stops', async () => {
    const port = await servers.dovecot('no-dh', servers.keyPair('no-dh', 'rsa:2048'), [
      'ssl_cipher_list = DHE-RSA-AES256-GCM-SHA384:AES128-GCM-SHA256',
      'ssl_prefer_server_ciphers = yes',
    ]);
    const suites = (await scanPort(port, 'imap')).protocols['TLSv1.2'].ciphers;
    expect(suites).toContain('TLS_RSA_WITH_AES_128_GCM_SHA256');
    const client = sClient(port, '-starttls', 'imap', '-tls1_2', '-cipher', 'AES128-GCM-SHA256');
    expect(client).toContain('Cipher is AES128-GCM-SHA256');
    expect((await sslscan(port, 'imap')).suites['TLSv1.2'] ?? []).not.toContain('TLS_RSA_WITH_AES_128_GCM_SHA256');
  });

  it('suites of SSLv3, which the OpenSSL of sslscan no longer has, are those of nmap', async () => {
    const pair = servers.keyPair('ssl3', 'rsa:2048');
    const port = await oldNodeServer(servers, '0.10.0', pair, "ciphers:'ALL:COMPLEMENTOFALL'");
    const mine = (await scanPort(port)).protocols.SSLv3.ciphers;
    expect(mine).toContain('TLS_RSA_WITH_3DES_EDE_CBC_SHA');
    expect([...mine].sort()).toEqual([...((await nmap(port)).suites.SSLv3 ?? [])].sort());
    expect(await sslscan(port)).toMatchObject({ protocols: expect.arrayContaining(['SSLv3']) });
  });
});
