import { describe, expect, it } from 'vitest';
import { rateTls } from '../../src/analysis/tls-rating.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import {
  exampleCertificate,
  exampleFeatures,
  exampleProtocols,
  exampleTlsAddress,
  MODERN,
} from '../../src/core/facts/examples-tls.ts';
import type { TlsAddressFacts } from '../../src/core/facts/tls.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const hsts = (seconds: number) => exampleHttp({ 'Strict-Transport-Security': `max-age=${seconds}` });
const rate = (change: Partial<TlsAddressFacts> = {}, web: Parameters<typeof rateTls>[2] = hsts(63_072_000)) =>
  rateTls(exampleTlsAddress(change), 'shop.example', web, NOW);
const rsa = (bits: number) => ({
  certificateChain: [exampleCertificate({ key: { type: 'rsa', bits, curve: null, exponent: '65537' } })],
});
const only12 = (...suites: string[]) => ({ protocols: exampleProtocols({ 'TLSv1.2': suites }) });

describe('the SSL Labs rating', () => {
  it('scores the middle of best and worst, weighted 30, 30, 40', () => {
    expect(rate(rsa(2048))).toMatchObject({
      grade: 'A+',
      protocol: 100,
      keyExchange: 90,
      cipher: 90,
      score: 93,
      caps: [],
      warnings: [],
    });
  });

  it.each([
    ['no HSTS', rate({}, exampleHttp({})), 'A'],
    ['a mail server needs none', rate({}, 'not-web'), 'A+'],
    ['HSTS of a day', rate({}, hsts(86_400)), 'A-'],
    ['no TLS 1.3', rate(only12('TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256')), 'A-'],
    ['no forward secrecy', rate(only12('TLS_RSA_WITH_AES_128_GCM_SHA256')), 'B'],
    ['RSA of 1024 bits', rate(rsa(1024)), 'B'],
    ['RSA of 512 bits', rate(rsa(512)), 'F'],
    ['TLS 1.0', rate({ protocols: exampleProtocols({ ...MODERN, 'TLSv1.0': ['TLS_RSA_WITH_AES_128_CBC_SHA'] }) }), 'B'],
    ['3DES in TLS 1.2', rate(only12('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA')), 'C'],
    ['compression', rate({ features: exampleFeatures({ compression: true }) }), 'C'],
    [
      'SSLv3 with CBC',
      rate({ protocols: exampleProtocols({ ...MODERN, SSLv3: ['TLS_RSA_WITH_AES_128_CBC_SHA'] }) }),
      'C',
    ],
    ['export', rate(only12('TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLS_RSA_EXPORT_WITH_RC4_40_MD5')), 'F'],
    ['untrusted', rate({ trust: { trusted: false, code: 'DEPTH_ZERO_SELF_SIGNED_CERT', reason: '' } }), 'T'],
    ['another name', rate({ certificateChain: [exampleCertificate({ names: { dns: ['x.example'], ip: [] } })] }), 'M'],
    ['a suite without encryption scores nothing', rate(only12('TLS_RSA_WITH_NULL_SHA256')), 'F'],
  ])('%s', (_, rating, grade) => {
    expect(rating.grade, JSON.stringify(rating)).toBe(grade);
  });
});
