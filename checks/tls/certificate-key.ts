import { z } from 'zod';
import { eachAddress } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import type { CertificateFacts } from '../../src/core/facts/certificate.ts';
import { exampleCertificate, exampleTls } from '../../src/core/facts/examples-tls.ts';
import { fail, type Outcome, pass, unknown } from '../../src/core/outcome.ts';
import type { Severity } from '../../src/core/severity.ts';

function withKey(key: Partial<CertificateFacts['key']>) {
  const rsa = { type: 'rsa', bits: 2048, curve: null, exponent: '65537', ...key };
  return exampleTls({ certificateChain: [exampleCertificate({ key: rsa })] });
}

export default defineCheck({
  id: 'tls.certificate-key',
  title: "The certificate's key is strong",
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale: 'Whoever can compute the private key from the certificate can be the server.',
  remediation:
    'Have the certificate reissued for a P-256 or an RSA key of at least 2048 bits (openssl ecparam -genkey -name prime256v1).',
  references: [
    'https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-57pt1r5.pdf',
    'https://cabforum.org/working-groups/server/baseline-requirements/requirements/ (6.1.5, 6.1.6)',
  ],
  needs: ['tls'],
  options: z.strictObject({
    rsaBits: z.number().int().min(1024).default(2048).describe('least size of RSA keys'),
    ecBits: z.number().int().min(160).default(256).describe('least size of elliptic-curve keys'),
  }),
  evaluate({ tls }, { options }) {
    return eachAddress(tls, ({ certificateChain, otherChains, chainNote }, name): Outcome[] => {
      const leaves = [certificateChain, ...otherChains].flatMap((chain) => chain.slice(0, 1));
      if (leaves.length === 0)
        return [unknown(name(), `no certificate could be read: ${chainNote ?? 'none was sent'}`)];
      const others = certificateChain.slice(1).map((one) => ({ one, subject: name(one.subject) }));
      const own = leaves.map((one, index) => ({
        one,
        subject: index === 0 ? name() : name(`${one.key.type} certificate`),
      }));
      const outcomes = [...own, ...others].map(({ one, subject }) => judge(one, subject, options));
      const bad = outcomes.filter((outcome) => outcome.status !== 'pass');
      return bad.length > 0 ? bad : outcomes.slice(0, leaves.length);
    });
  },
  examples: [
    { name: 'P-256', facts: { tls: exampleTls() }, status: 'pass' },
    { name: 'RSA 1024', facts: { tls: withKey({ bits: 1024 }) }, status: 'fail', severity: 'high' },
    { name: 'RSA 2048', facts: { tls: withKey({}) }, status: 'pass' },
    { name: 'RSA 512', facts: { tls: withKey({ bits: 512 }) }, status: 'fail', severity: 'critical' },
    { name: 'exponent 1', facts: { tls: withKey({ exponent: '1' }) }, status: 'fail', severity: 'critical' },
    {
      name: 'Ed25519',
      facts: { tls: withKey({ type: 'ed25519', bits: 256, exponent: null }) },
      status: 'pass',
    },
    {
      name: 'a kind of key that we do not know',
      facts: { tls: withKey({ type: '1.2.3', bits: null }) },
      status: 'unknown',
    },
  ],
});

function judge({ key }: CertificateFacts, subject: string, least: { rsaBits: number; ecBits: number }): Outcome {
  const seen = describe(key);
  const weak = (message: string, wanted: string, severity: Severity = 'high') =>
    fail(subject, message, { seen, wanted, severity });
  if (key.type === 'dsa') return weak('the key is a DSA key, which no current client accepts', 'RSA or elliptic curve');
  if (key.bits === null) return unknown(subject, `the size of a ${key.type} key cannot be told`, { seen });
  if (key.type.startsWith('rsa')) {
    if (key.exponent !== null && (BigInt(key.exponent) < 3n || BigInt(key.exponent) % 2n === 0n))
      return weak(`the RSA exponent is ${key.exponent}`, '65537', 'critical');
    if (key.bits < least.rsaBits)
      return weak(
        `the RSA key has only ${key.bits} bits`,
        `>= ${least.rsaBits} bits`,
        key.bits < 1024 ? 'critical' : 'high',
      );
  } else if (key.type === 'ec' && key.bits < least.ecBits) {
    return weak(
      `the elliptic-curve key has only ${key.bits} bits`,
      `>= ${least.ecBits} bits`,
      key.bits < 192 ? 'critical' : 'high',
    );
  }
  return pass(`the key is ${seen}`, { subject, seen });
}

function describe(key: CertificateFacts['key']): string {
  if (key.type === 'ec') return `EC ${key.curve ?? ''} (${key.bits ?? '?'} bits)`;
  return key.type.startsWith('rsa') ? `${key.type.toUpperCase()} ${key.bits ?? '?'} bits` : key.type;
}
