import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scanPort } from '../support/tls-scan.ts';
import { openssl, TlsServers } from '../support/tls-servers.ts';

const suite = existsSync('/usr/bin/openssl') || process.env.CI === 'true' ? describe : describe.skip;

let servers: TlsServers;
beforeAll(() => {
  servers = new TlsServers();
});
afterAll(() => servers.close());

suite('certificates that our own OpenSSL would refuse are read all the same (needs openssl)', () => {
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

  it('an RSA key of 512 bits, signed with MD5', async () => {
    const { key, cert } = servers.keyPair('weak', 'rsa:512', '-md5');
    const facts = await scanPort(await servers.sServer('-key', key, '-cert', cert, '-cipher', 'ALL:@SECLEVEL=0'));
    expect(facts.certificateChain[0]).toMatchObject({ key: { type: 'rsa', bits: 512 }, signatureHash: 'md5' });
    expect(facts.trust.trusted).toBe(false);
  });
});
