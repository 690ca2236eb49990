import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TlsAddressFacts } from '../../src/core/facts/tls.ts';
import { createHttpClient } from '../../src/net/http.ts';
import { issue, sendAlso, type Wish } from '../support/pki.ts';
import { failures, judgeAddress, scanPort } from '../support/tls-scan.ts';
import { type KeyPair, openssl, TlsServers } from '../support/tls-servers.ts';

const ready = existsSync('/usr/bin/openssl') && existsSync('/usr/sbin/nginx');
const suite = ready || process.env.CI === 'true' ? describe : describe.skip;
const DAY = 86_400_000;

let servers: TlsServers;
let root: KeyPair;
let intermediate: KeyPair;
let ca: string[];
beforeAll(() => {
  servers = new TlsServers();
  root = issue(servers, 'root', { authority: true, days: 3650 });
  intermediate = issue(servers, 'intermediate', { authority: true, issuer: root, days: 1000 });
  ca = [readFileSync(root.cert, 'utf8')];
});
afterAll(() => servers.close());

let made = 0;
async function serve(pair: KeyPair): Promise<number> {
  made += 1;
  return servers.nginx(`certificate-${made}`, [`ssl_certificate ${pair.cert}`, `ssl_certificate_key ${pair.key}`]);
}
/** A leaf of the intermediate, served with it, looked at with the private authority. */
async function look(file: string, wish: Wish = {}): Promise<TlsAddressFacts> {
  const pair = issue(servers, file, { issuer: intermediate, ...wish });
  return scanPort(await serve(sendAlso(pair, intermediate)), undefined, { ca });
}

suite('certificates on real servers (needs openssl and nginx)', () => {
  it('a good one of a private authority is trusted with --ca, by the HTTP client too, and by neither without', async () => {
    const port = await serve(sendAlso(issue(servers, 'good', { issuer: intermediate }), intermediate));
    const url = `https://shop.example:${port}/`;
    const untrusted = async (anchors?: readonly string[]) => {
      const client = createHttpClient({
        home: 'shop.example',
        addresses: ['127.0.0.1'],
        signal: AbortSignal.timeout(30_000),
        count() {},
        ...(anchors ? { ca: anchors } : {}),
      });
      expect(await client.request(url)).toMatchObject({ ok: true, status: 200 });
      const error = client.certificateError(url);
      await client.close();
      return error;
    };
    const facts = await scanPort(port, undefined, { ca });
    expect(facts.trust).toMatchObject({ trusted: true, code: null });
    expect(failures(facts)).not.toEqual(expect.arrayContaining(['certificate-trust']));
    expect(await untrusted(ca)).toBeNull();
    const bare = await scanPort(port);
    expect(bare.trust.trusted).toBe(false);
    expect(failures(bare)).toContain('certificate-trust');
    expect(await untrusted()).toBe(bare.trust.code);
  });

  it.each([
    [47, 0.5, 'pass', undefined],
    [47, 0.75, 'fail', 'medium'],
    [47, 0.97, 'fail', 'critical'],
    [6, 0.5, 'pass', undefined],
    [6, 0.75, 'fail', 'medium'],
    [6, 0.97, 'fail', 'critical'],
    [398, 0.6, 'pass', undefined],
    [398, 0.7, 'fail', 'medium'],
    [47, 1.01, 'fail', 'critical'],
  ] as const)('one of %i days after %f of its life: %s %s', async (days, used, status, severity) => {
    const facts = await look(`life-${days}-${used}`, { days });
    const now = (facts.certificateChain[0]?.notBefore ?? 0) + days * DAY * used;
    const [first] = judgeAddress(facts, now)['certificate-expiry'] ?? [];
    expect(first?.status).toBe(status);
    if (severity) expect(first?.severity).toBe(severity);
  });

  it('the name of another host, and a self-signed one', async () => {
    expect(failures(await look('other-host', { name: 'other.example' }))).toContain('certificate-name');
    const own = await scanPort(await serve(issue(servers, 'own')));
    expect(own.trust.code).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(failures(own)).toContain('certificate-trust');
  });

  it('a chain without its intermediate, in the wrong order, and with a stranger in it', async () => {
    const leaf = (file: string) => issue(servers, file, { issuer: second });
    const second = issue(servers, 'second', { authority: true, issuer: intermediate });
    const subjects = async (pair: KeyPair) =>
      (judgeAddress(await scanPort(await serve(pair), undefined, { ca })).chain ?? []).map((one) => one.subject);
    expect(await subjects(issue(servers, 'alone', { issuer: intermediate }))).toEqual(['incomplete']);
    expect(await subjects(sendAlso(leaf('reversed'), intermediate, second))).toEqual(['order']);
    const stranger = issue(servers, 'stranger', { name: 'stranger.example' });
    const facts = await scanPort(await serve(sendAlso(leaf('company'), second, stranger, intermediate)), undefined, {
      ca,
    });
    expect(facts.certificateChain).toHaveLength(4);
    expect(facts.trust.trusted).toBe(true);
    expect(JSON.stringify(judgeAddress(facts).chain)).toContain('stranger.example');
  });

  it('an intermediate that has expired', async () => {
    const dead = issue(servers, 'dead', { authority: true, issuer: root, days: -1 });
    const facts = await scanPort(await serve(sendAlso(issue(servers, 'survivor', { issuer: dead }), dead)), undefined, {
      ca,
    });
    expect(facts.trust).toMatchObject({ trusted: false, code: 'CERT_HAS_EXPIRED' });
    const expiry = judgeAddress(facts)['certificate-expiry'] ?? [];
    expect(expiry.find((one) => one.status === 'fail')?.subject).toBe('CN=dead');
  });

  it.each([
    ['P-521', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-521'], { type: 'ec', bits: 521, curve: 'secp521r1' }],
    ['Ed25519', ['ed25519'], { type: 'ed25519', bits: 256 }],
    ['Ed448', ['ed448'], { type: 'ed448', bits: 456 }],
    ['RSA-PSS', ['rsa-pss', '-pkeyopt', 'rsa_keygen_bits:2048'], { type: 'rsa-pss', bits: 2048 }],
  ] as const)('an unusual key: %s', async (file, key, read) => {
    const facts = await look(file, { key });
    expect(facts.trust.trusted).toBe(true);
    expect(facts.certificateChain[0]?.key).toMatchObject(read);
    expect(facts.protocols['TLSv1.2'].ciphers.length).toBeGreaterThan(0);
    expect(failures(facts)).not.toContain('certificate-key');
  });

  it('ten thousand names', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `DNS:h${index}.shop.example`).join(',');
    const config = servers.path('big.cnf');
    writeFileSync(
      config,
      `[req]\ndistinguished_name=dn\nx509_extensions=more\nprompt=no\n[dn]\nCN=big\n[more]\nsubjectAltName=${names}\n`,
    );
    const [key, cert] = [servers.path('big.key'), servers.path('big.crt')];
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-config', config);
    const facts = await scanPort(await servers.sServer('-key', key, '-cert', cert));
    expect(facts.certificateChain[0]?.names.dns).toHaveLength(10_000);
    expect(facts.trust).toMatchObject({ trusted: false, code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  it('an RSA key of 512 bits, signed with MD5, and a certificate signed with SHA-1', async () => {
    const { key, cert } = servers.keyPair('weak', 'rsa:512', '-md5');
    const facts = await scanPort(await servers.sServer('-key', key, '-cert', cert, '-cipher', 'ALL:@SECLEVEL=0'));
    expect(facts.certificateChain[0]).toMatchObject({ key: { type: 'rsa', bits: 512 }, signatureHash: 'md5' });
    expect(facts.trust.trusted).toBe(false);
    expect(failures(facts)).toEqual(expect.arrayContaining(['certificate-key', 'certificate-signature']));
    const sha1 = issue(servers, 'sha1', { issuer: intermediate, digest: 'sha1', key: ['rsa:2048'] });
    const old = await scanPort(
      await servers.sServer('-key', sha1.key, '-cert', sha1.cert, '-cipher', 'ALL:@SECLEVEL=0'),
    );
    expect(old.certificateChain[0]?.signatureHash).toBe('sha1');
    expect(failures(old)).toContain('certificate-signature');
  });

  it('both certificates of a server that speaks TLS 1.3 only, and the schemes it signs with', async () => {
    const rsa = sendAlso(issue(servers, 'both-rsa', { issuer: intermediate, key: ['rsa:2048'] }), intermediate);
    const ec = sendAlso(issue(servers, 'both-ec', { issuer: intermediate }), intermediate);
    const directives = [rsa, ec].flatMap(({ key, cert }) => [`ssl_certificate ${cert}`, `ssl_certificate_key ${key}`]);
    const port = await servers.nginx('both', [...directives, 'ssl_protocols TLSv1.3']);
    const facts = await scanPort(port, undefined, { ca });
    const keys = [facts.certificateChain, ...facts.otherChains].map(([leaf]) => leaf?.key.type);
    expect([...keys].sort()).toEqual(['ec', 'rsa']);
    expect([...facts.signatureAlgorithms].sort()).toEqual([
      'ecdsa_secp256r1_sha256',
      'rsa_pss_rsae_sha256',
      'rsa_pss_rsae_sha384',
      'rsa_pss_rsae_sha512',
    ]);
    expect(facts.signatureAlgorithmsComplete).toBe(true);
  });

  it('a stapled OCSP answer, and timestamps in an extension', async () => {
    const responder = 'authorityInfoAccess=OCSP;URI:http://ocsp.shop.example/';
    const pair = issue(servers, 'stapled', { issuer: intermediate, more: [responder] });
    const answer = (status: 'V' | 'R') => {
      const serial = openssl('x509', '-in', pair.cert, '-noout', '-serial').trim().replace('serial=', '');
      const [index, file, request] = ['index', 'ocsp', 'request'].map((one) => servers.path(`${one}-${status}`)) as [
        string,
        string,
        string,
      ];
      const revoked = status === 'R' ? '260101000000Z' : '';
      writeFileSync(index, `${status}\t350101000000Z\t${revoked}\t${serial}\tunknown\t/CN=shop.example\n`);
      openssl('ocsp', '-issuer', intermediate.cert, '-cert', pair.cert, '-reqout', request, '-no_nonce');
      const signer = ['-rsigner', intermediate.cert, '-rkey', intermediate.key, '-CA', intermediate.cert];
      openssl('ocsp', '-index', index, '-reqin', request, '-respout', file, '-ndays', '3', ...signer);
      return file;
    };
    sendAlso(pair, intermediate);
    const stapling = (name: string, file: string) =>
      servers.nginx(name, [
        `ssl_certificate ${pair.cert}`,
        `ssl_certificate_key ${pair.key}`,
        'ssl_stapling on',
        `ssl_stapling_file ${file}`,
      ]);
    const good = await scanPort(await stapling('good-staple', answer('V')), undefined, { ca });
    expect(good.ocspStaple).toMatchObject({ stapled: true, status: 'good' });
    expect(failures(good)).not.toContain('ocsp-stapling');
    const revoked = await scanPort(await stapling('revoked', answer('R')), undefined, { ca });
    expect(revoked.ocspStaple).toMatchObject({ stapled: true, status: 'revoked' });
    expect(failures(revoked)).toContain('ocsp-stapling');
    expect(failures(await scanPort(await serve(pair), undefined, { ca }))).toContain('ocsp-stapling');

    // One SCT: version, log id, time, no extensions, SHA-256 with ECDSA, a signature.
    const sct = Buffer.concat([
      Buffer.from([0]),
      Buffer.alloc(32, 0xab),
      Buffer.from('0000019a00000000', 'hex'),
      Buffer.from('0000040300021122', 'hex'),
    ]);
    const list = Buffer.concat([Buffer.from([0, sct.length + 2, 0, sct.length]), sct]);
    const info = Buffer.concat([Buffer.from([0, 18, 0, list.length]), list]).toString('base64');
    const file = servers.path('serverinfo.pem');
    writeFileSync(file, `-----BEGIN SERVERINFO FOR SCT-----\n${info}\n-----END SERVERINFO FOR SCT-----\n`);
    const options = ['-key', pair.key, '-cert', pair.cert, '-serverinfo', file, '-tls1_2'];
    const facts = await scanPort(await servers.sServer(...options), undefined, { ca });
    expect(facts.deliveredScts).toEqual([{ log: 'ab'.repeat(32), at: 0x019a00000000, by: 'tls' }]);
  });
});
