import { describe, expect, it } from 'vitest';
import { tlsPicture } from '../../src/analysis/tls-picture.ts';
import {
  exampleCertificate,
  exampleIntermediate,
  exampleLostAddress,
  exampleProtocols,
  exampleTls,
  MODERN,
} from '../../src/core/facts/examples-tls.ts';
import { tlsPictureSchema } from '../../src/core/tls-picture.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');

describe('the picture of TLS', () => {
  it('has each suite once, with its place in every version that carries it', () => {
    const old = ['TLS_RSA_WITH_AES_128_CBC_SHA', 'TLS_RSA_WITH_RC4_128_SHA'];
    const protocols = exampleProtocols({
      ...MODERN,
      'TLSv1.2': [...(MODERN['TLSv1.2'] ?? []), ...old],
      'TLSv1.0': old,
    });
    const [address] = tlsPicture(exampleTls({ protocols }), NOW).addresses;
    const suites = address?.suites.map(({ name, strength, positions }) => [name, strength, positions]);
    expect(suites).toEqual([
      ['TLS_AES_256_GCM_SHA384', 'good', { 'TLSv1.3': 1 }],
      ['TLS_CHACHA20_POLY1305_SHA256', 'good', { 'TLSv1.3': 2 }],
      ['TLS_AES_128_GCM_SHA256', 'good', { 'TLSv1.3': 3 }],
      ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'good', { 'TLSv1.2': 1 }],
      ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'good', { 'TLSv1.2': 2 }],
      ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'good', { 'TLSv1.2': 3 }],
      ['TLS_RSA_WITH_AES_128_CBC_SHA', 'old', { 'TLSv1.2': 4, 'TLSv1.0': 1 }],
      ['TLS_RSA_WITH_RC4_128_SHA', 'weak', { 'TLSv1.2': 5, 'TLSv1.0': 2 }],
    ]);
    expect(address?.suites.find((one) => one.strength === 'old')?.why).toBe('no forward secrecy, no AEAD');
    expect(address?.protocols.map(({ version, offered, strength }) => [version, offered, strength])).toEqual([
      ['TLSv1.3', true, 'good'],
      ['TLSv1.2', true, 'good'],
      ['TLSv1.1', false, 'weak'],
      ['TLSv1.0', true, 'weak'],
      ['SSLv3', false, 'weak'],
      ['SSLv2', false, 'weak'],
    ]);
  });

  it('draws the life of every certificate of the chain', () => {
    const [address] = tlsPicture(exampleTls(), NOW).addresses;
    expect(
      address?.chain.map(({ role, subject, renewAt, daysLeft, state }) => ({
        role,
        subject,
        renewAt,
        daysLeft,
        state,
      })),
    ).toEqual([
      { role: 'leaf', subject: 'shop.example', renewAt: '2026-12-14T00:00:00.000Z', daysLeft: 73, state: 'fresh' },
      {
        role: 'intermediate',
        subject: 'Example Trust E1',
        renewAt: '2027-07-12T16:00:00.000Z',
        daysLeft: 862,
        state: 'fresh',
      },
    ]);
  });

  it('puts the address that most others equal first, and says how each other one differs', () => {
    const stale = { certificateChain: [exampleCertificate({ fingerprint: 'ee'.repeat(32) }), exampleIntermediate()] };
    const tls = exampleTls(
      { address: '198.51.100.9', ...stale },
      { address: '198.51.100.7' },
      { address: '2001:db8::8' },
      exampleLostAddress('198.51.100.10'),
    );
    const shown = tlsPicture(tls, NOW).addresses;
    expect(shown.map((one) => one.address)).toEqual([
      '198.51.100.7:443',
      '198.51.100.9:443',
      '[2001:db8::8]:443',
      '198.51.100.10:443',
    ]);
    expect(shown.map((one) => one.differences.map((each) => each.what))).toEqual([[], ['certificate'], [], []]);
    expect(shown[3]?.absence).toBe('198.51.100.10 did not answer within 5s');
    expect(shown[3]?.protocols.every((one) => one.offered === null)).toBe(true);
  });

  it('tells small groups and primes, and those that a quantum computer does not open', () => {
    const dh = [{ bits: 1024, prime: 'ab'.repeat(32), known: 'RFC 2409 Oakley group 2, 1024 bits', export: false }];
    const [address] = tlsPicture(
      exampleTls({ groups: ['X25519MLKEM768', 'ffdhe2048', 'secp160r1'], dh }),
      NOW,
    ).addresses;
    expect(address?.groups.map(({ name, strength, postQuantum }) => [name, strength, postQuantum])).toEqual([
      ['X25519MLKEM768', 'good', true],
      ['ffdhe2048', 'good', false],
      ['secp160r1', 'weak', false],
    ]);
    expect(address?.dh).toEqual([{ bits: 1024, known: 'RFC 2409 Oakley group 2, 1024 bits', strength: 'weak' }]);
  });

  it('can be drawn for a certificate of any year', () => {
    const leaf = exampleCertificate({ notBefore: -1e17, notAfter: 1e17 });
    const shown = tlsPicture(exampleTls({ certificateChain: [leaf] }), NOW);
    expect(tlsPictureSchema.safeParse(shown).error).toBeUndefined();
  });
});
