import { eachAddress, type Naming } from '../../src/analysis/tls-addresses.ts';
import { defineCheck } from '../../src/core/check.ts';
import { exampleProtocols, exampleTls, MODERN } from '../../src/core/facts/examples-tls.ts';
import { TLS_VERSIONS, type TlsAddressFacts, type TlsVersion } from '../../src/core/facts/tls.ts';
import { fail, type Outcome, pass, unknown } from '../../src/core/outcome.ts';
import type { Severity } from '../../src/core/severity.ts';

/** Protocols that must be off, and why. */
const OLD: Partial<Record<TlsVersion, readonly [Severity, string]>> = {
  SSLv2: [
    'critical',
    "broken since 1996 and, shared with any other server's key, opens that one too (DROWN; RFC 6176)",
  ],
  SSLv3: ['critical', 'broken by POODLE (RFC 7568)'],
  'TLSv1.0': ['high', 'retired by RFC 8996; fails PCI DSS'],
  'TLSv1.1': ['high', 'retired by RFC 8996'],
};

const unsure = { offered: null, ciphers: [], complete: false, serverPreference: null };

export default defineCheck({
  id: 'tls.protocols',
  title: 'Only TLS 1.2 and 1.3 are spoken',
  category: 'tls',
  severity: 'critical',
  since: '0.1.0',
  rationale: 'Old versions of the protocol can be broken or forced upon clients that would do better.',
  remediation:
    'Allow TLS 1.2 and 1.3 only (nginx: ssl_protocols TLSv1.2 TLSv1.3; Apache: SSLProtocol -all +TLSv1.2 +TLSv1.3).',
  references: [
    'https://www.rfc-editor.org/rfc/rfc8996',
    'https://www.rfc-editor.org/rfc/rfc7568',
    'https://www.rfc-editor.org/rfc/rfc6176',
    'https://www.rfc-editor.org/rfc/rfc9325#section-3.1.1',
  ],
  needs: ['tls'],
  evaluate({ tls }) {
    const judge = ({ protocols }: TlsAddressFacts, name: Naming): Outcome[] => {
      const offered = TLS_VERSIONS.filter((version) => protocols[version].offered);
      const seen = offered.join(', ') || 'none';
      const outcomes = TLS_VERSIONS.flatMap((version): Outcome[] => {
        const old = OLD[version];
        if (!old) return [];
        if (protocols[version].offered)
          return [
            fail(name(version), `${version} is offered: ${old[1]}`, {
              severity: old[0],
              seen,
              wanted: 'TLSv1.2, TLSv1.3',
            }),
          ];
        return protocols[version].offered === null
          ? [unknown(name(version), `could not tell whether ${version} is offered`)]
          : [];
      });
      const current = [protocols['TLSv1.2'].offered, protocols['TLSv1.3'].offered];
      if (!current.includes(true))
        outcomes.push(
          current.includes(null)
            ? unknown(name('TLSv1.2'), 'could not tell whether TLS 1.2 or 1.3 is offered')
            : fail(name('TLSv1.2'), 'neither TLS 1.2 nor 1.3 is offered', {
                severity: 'high',
                seen,
                wanted: 'TLSv1.2, TLSv1.3',
              }),
        );
      return outcomes.length > 0 ? outcomes : [pass(`offers ${seen} and nothing older`, { subject: name(), seen })];
    };
    return eachAddress(tls, judge, (words, name) =>
      fail(
        name('STARTTLS'),
        'the server offers no TLS: all that is said there, passwords too, can be read on the way',
        {
          severity: 'critical',
          seen: words,
          wanted: 'TLSv1.2, TLSv1.3',
          remediation:
            'Give the server a certificate and turn STARTTLS on (Postfix: smtpd_tls_security_level = may), or close the port.',
        },
      ),
    );
  },
  examples: [
    { name: 'TLS 1.2 and 1.3', facts: { tls: exampleTls() }, status: 'pass' },
    {
      name: 'TLS 1.0 beside the current ones',
      facts: {
        tls: exampleTls({ protocols: exampleProtocols({ ...MODERN, 'TLSv1.0': ['TLS_RSA_WITH_AES_128_CBC_SHA'] }) }),
      },
      status: 'fail',
      severity: 'high',
      subjects: ['TLSv1.0'],
    },
    {
      name: 'TLS 1.3 only',
      facts: { tls: exampleTls({ protocols: exampleProtocols({ 'TLSv1.3': ['TLS_AES_128_GCM_SHA256'] }) }) },
      status: 'pass',
    },
    {
      name: 'SSLv3',
      facts: {
        tls: exampleTls({ protocols: exampleProtocols({ ...MODERN, SSLv3: ['TLS_RSA_WITH_AES_128_CBC_SHA'] }) }),
      },
      status: 'fail',
      severity: 'critical',
    },
    {
      name: 'a mail server that says no to STARTTLS',
      facts: { tls: exampleTls({ declined: 'the server said "502 not implemented"' }) },
      status: 'fail',
      severity: 'critical',
      subjects: ['STARTTLS'],
    },
    {
      name: 'SSLv2 could not be told',
      facts: { tls: exampleTls({ protocols: exampleProtocols(MODERN, { SSLv2: unsure }) }) },
      status: 'unknown',
      subjects: ['SSLv2'],
    },
  ],
});
