import type { CheckMeta } from '../../src/core/check.ts';
import type { Finding } from '../../src/core/finding.ts';
import type { AuditReport, TargetReport } from '../../src/core/report.ts';
import { scoreCategories, scoreOf } from '../../src/core/score.ts';
import type { PrettyOptions } from '../../src/report/pretty.ts';
import { finding } from '../support/findings.ts';

const CSP: CheckMeta = {
  id: 'headers.csp',
  title: 'A Content Security Policy stops injected script',
  category: 'headers',
  severity: 'high',
  since: '0.1.0',
  rationale: "an injected script runs with the page's rights",
  remediation: "replace it with a nonce or hash: script-src 'self' 'nonce-…'",
  references: ['https://www.w3.org/TR/CSP3/'],
};

/** What a report is drawn with in tests: 80 columns, no colour. */
export const PLAIN: PrettyOptions = { width: 80, color: false, meta: (id) => (id === CSP.id ? CSP : undefined) };

/** A report of one target with these findings, scored as the runner does. */
export function reportOf(findings: readonly Finding[], target: Partial<TargetReport> = {}): AuditReport {
  return {
    schemaVersion: 1,
    tool: { name: 'seaworthy', version: '0.1.0' },
    generatedAt: '2026-11-20T12:00:00.000Z',
    durationMs: 1_200,
    targets: [
      {
        id: 'shop-web',
        kind: 'endpoint',
        name: 'https://shop.example/',
        ...scoreOf(findings),
        categories: scoreCategories(findings),
        findings: [...findings],
        durationMs: 1_234,
        connections: 41,
        ...target,
      },
    ],
  };
}

/** One of everything: failures of each weight, a pass, an unknown, a waived one, one that does not apply. */
export const EVERYTHING: readonly Finding[] = [
  finding({
    message: "script-src allows 'unsafe-inline'",
    seen: "content-security-policy: default-src 'self'; script-src 'self' 'unsafe-inline'",
    wanted: "script-src 'self' 'nonce-…'",
    remediation: "replace it with a nonce or hash: script-src 'self' 'nonce-…'",
  }),
  finding({ check: 'headers.cookies', severity: 'medium', subject: 'sid', message: 'cookie "sid" has no SameSite' }),
  finding({
    check: 'tls.ocsp-stapling',
    category: 'tls',
    severity: 'medium',
    status: 'unknown',
    subject: '[2001:db8::5]:443',
    message: 'could not look: [2001:db8::5]:443 timed out after 5 s',
  }),
  finding({ check: 'tls.protocols', category: 'tls', status: 'pass', message: 'TLS 1.2 and 1.3 only' }),
  finding({
    check: 'tls.groups',
    category: 'tls',
    status: 'waived',
    severity: 'medium',
    subject: 'secp224r1',
    message: 'secp224r1 is offered',
    waiver: { until: '2027-03-01', reason: 'old scanners', owner: 'ana' },
  }),
  finding({
    check: 'dns.mta-sts',
    category: 'dns',
    status: 'not-applicable',
    severity: 'low',
    message: 'no mail here',
  }),
  finding({
    check: 'secrets.repository',
    category: 'secrets',
    severity: 'critical',
    subject: 'src/a b.ts:7',
    message: 'an AWS access key is in the tree',
    seen: 'AKIA…WXYZ',
    location: { file: 'src/a b.ts', line: 7 },
  }),
];

/** Texts that end documents, start commands, move cursors or hide themselves. */
export const HOSTILE = [
  '\u001b[31mred\u001b[0m \u001b]0;title\u0007 \u009b2J',
  '</script><script>alert(1)</script><img src=x onerror=alert(1)>',
  '" onmouseover="alert(1)" \' x=\'',
  ']]> <!-- --> <![CDATA[ &amp; &#0;',
  '| a | b |\n|---|---|\n# heading\n- [x](javascript:alert(1)) ![i](https://evil.example/p.png) @team #12',
  '`` code ` fence ```',
  '::error file=x::pwned\r\n::set-output name=a::b\n%0A::warning::x',
  '\ud800 lone \udc00 \ufffe \u0000 \u202e reversed \u200b hidden \u2028 line',
  '[link](https://evil.example) {0} \\',
  'https://evil.example www.evil.example',
  '漢字 and 👩‍👩‍👧 wide',
] as const;
