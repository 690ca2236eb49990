import type { HttpFacts } from '../core/facts/http.ts';
import { type Finding, worstStatus } from '../core/finding.ts';
import type { HeaderPicture, HeaderSheet, HeaderVerdict } from '../core/header-verdict.ts';
import { compareSeverity } from '../core/severity.ts';
import { cookieAttributes } from './cookie-change.ts';
import { cspValue } from './csp-change.ts';
import { type HeaderChange, headerBlock, headerLines, isWritable } from './header-lines.ts';
import { linesOf } from './headers.ts';
import { hstsValue } from './hsts.ts';
import { httpNodes } from './http-check.ts';
import { permissionsValue } from './permissions-change.ts';

/** A header before it is written out: its findings, and what would mend it. */
interface Draft {
  header: string;
  sent: string[];
  findings: readonly Finding[];
  change: HeaderChange | null;
  note: string | null;
}

/**
 * Every security header of the page with its verdict and the lines that mend it, at every address. The findings are those
 * of the same audit; a header that no check was asked about is left out.
 */
export function headerPicture(http: HttpFacts, findings: readonly Finding[], now: number): HeaderPicture {
  const sheets = httpNodes(http).map((node): HeaderSheet => {
    const { address } = node;
    const none = { address: address || null, url: null, headers: [], differs: [], all: null };
    if ('failure' in node) return { ...none, absence: node.failure.error };
    const { hops, stopped } = node.facts;
    const url = hops.at(-1)?.url ?? null;
    if (url === null || stopped) return { ...none, absence: stopped?.error ?? 'no page was reached' };
    return { ...none, absence: null, url, ...sheetOf(node.facts, findingsAt(address, findings), now) };
  });
  const [first] = sheets;
  return { addresses: sheets.map((sheet) => ({ ...sheet, differs: first ? differsFrom(first, sheet) : [] })) };
}

/** What was found at one address: what all addresses have in common, and its own without the address in the subject. */
function findingsAt(address: string, findings: readonly Finding[]): Finding[] {
  return findings.flatMap((one) => {
    const own = one.details?.address;
    if (own === undefined) return [one];
    if (own !== address) return [];
    return [{ ...one, subject: one.subject === address ? '' : one.subject.replace(` at ${address}`, '') }];
  });
}

function differsFrom(first: HeaderSheet, sheet: HeaderSheet): string[] {
  if (first === sheet || sheet.absence !== null) return [];
  const verdicts = ({ headers }: HeaderSheet) =>
    new Map(headers.map((one) => [one.header, `${one.status} ${one.findings.map(({ message }) => message).join()}`]));
  const [there, here] = [verdicts(first), verdicts(sheet)];
  return [...new Set([...there.keys(), ...here.keys()])].filter((header) => there.get(header) !== here.get(header));
}

function sheetOf(http: HttpFacts, findings: readonly Finding[], now: number): Pick<HeaderSheet, 'headers' | 'all'> {
  const drafts = [
    ...fixed(http, findings),
    ...cookies(http, findings, now),
    ...named('headers.cors', 'Access-Control-Allow-Origin', findings),
    ...unwanted('headers.disclosure', findings),
    ...unwanted('headers.deprecated', findings),
  ].filter((draft) => draft.findings.length > 0);
  const changes = drafts.flatMap(({ change }) => (change && isWritable(change) ? [change] : []));
  return { headers: drafts.map(toVerdict), all: changes.length === 0 ? null : headerBlock(changes) };
}

function toVerdict({ header, sent, findings, change, note }: Draft): HeaderVerdict {
  const failing = findings.filter((one) => one.status === 'fail' || one.status === 'waived');
  const [worst] = [...failing].sort((a, b) => compareSeverity(a.severity, b.severity));
  const lines = worst && change && isWritable(change) ? headerLines(change) : null;
  return {
    header,
    sent,
    status: worstStatus(findings.map((one) => one.status)),
    severity: worst?.severity ?? null,
    findings: findings.map(({ fingerprint, check, status, severity, message }) => ({
      fingerprint,
      check,
      status,
      severity,
      message,
    })),
    lines,
    note: worst ? (lines ? note : (note ?? worst.remediation ?? null)) : null,
  };
}

const isBad = (one: Finding) => one.status === 'fail' || one.status === 'waived';

/** Headers that every page should have, in the order of what they are worth. */
function fixed(http: HttpFacts, all: readonly Finding[]): Draft[] {
  const page = http.hops.at(-1) ?? { url: '', headers: [] };
  const of = (...checks: string[]) => all.filter((one) => checks.includes(one.check));
  const draft = (
    header: string,
    findings: readonly Finding[],
    value: string | null,
    note: string | null = null,
  ): Draft => {
    const lines = linesOf(page, header);
    const isSent = lines.length === 1 && lines[0] === value;
    return {
      header,
      sent: lines.map((line) => `${header}: ${line}`),
      findings,
      // What is sent as it should be and fails all the same is undone elsewhere: by the page itself, or on another host.
      change:
        value === null || isSent || !findings.some(isBad)
          ? null
          : { action: 'set', name: header, value, replaces: lines.length > 0 },
      note,
    };
  };
  const isolation = of('headers.cross-origin-isolation');
  const part = (header: string, value: string): Draft => {
    const own = isolation.filter((one) => one.subject === header.toLowerCase());
    const lines = linesOf(page, header);
    // The finding about the whole belongs to each header that is missing or weaker than isolation needs.
    const whole = isolation.filter((one) => one.subject === '' && (one.status !== 'fail' || lines[0] !== value));
    return draft(
      header,
      own.length > 0 ? own : whole,
      value,
      'It breaks pop-up log-ins and foreign embeds: try it first.',
    );
  };
  const policy = of('headers.csp', 'headers.csp-object-src', 'headers.csp-base-uri', 'headers.csp-form-action');
  const framing = of('headers.frame-protection');
  const framedByPolicy = linesOf(page, 'content-security-policy').some((line) => /frame-ancestors/i.test(line));
  const csp = [...policy, ...(framedByPolicy || policy.some(isBad) ? framing : [])];
  const isSecure = page.url.startsWith('https:');
  return [
    draft(
      'Strict-Transport-Security',
      of('headers.hsts'),
      isSecure ? hstsValue(linesOf(page, 'strict-transport-security')[0]) : null,
      isSecure
        ? 'Every subdomain must speak https before this is sent.'
        : 'Browsers ignore it over plain HTTP: serve the page over https, then send it.',
    ),
    draft(
      'Content-Security-Policy',
      csp,
      cspValue(page, csp),
      'Inline script and foreign sources stop working: send it as Content-Security-Policy-Report-Only first.',
    ),
    draft(
      'X-Frame-Options',
      framing,
      linesOf(page, 'x-frame-options')[0]?.toUpperCase() === 'SAMEORIGIN' ? 'SAMEORIGIN' : 'DENY',
    ),
    draft('X-Content-Type-Options', of('headers.content-type-options'), 'nosniff'),
    draft('Referrer-Policy', of('headers.referrer-policy'), 'strict-origin-when-cross-origin'),
    draft(
      'Permissions-Policy',
      of('headers.permissions-policy'),
      permissionsValue(linesOf(page, 'permissions-policy'), of('headers.permissions-policy')),
      'Leave out what the page itself uses.',
    ),
    part('Cross-Origin-Opener-Policy', 'same-origin'),
    part('Cross-Origin-Embedder-Policy', 'require-corp'),
    ...(linesOf(page, 'cross-origin-resource-policy').length > 0 ||
    isolation.some((one) => /resource/.test(one.subject))
      ? [part('Cross-Origin-Resource-Policy', 'same-origin')]
      : []),
  ];
}

/** One draft per cookie that a check speaks of. */
function cookies(http: HttpFacts, all: readonly Finding[], now: number): Draft[] {
  const findings = all.filter((one) => one.check === 'headers.cookies' && one.subject !== '');
  return findings.map((finding) => {
    const found = cookieAttributes(http, finding.subject, now);
    return {
      header: `Set-Cookie: ${finding.subject}`,
      sent: finding.seen === undefined ? [] : [finding.seen],
      findings: [finding],
      change:
        found === null || !isBad(finding)
          ? null
          : { action: 'cookie', name: finding.subject, path: found.path, attributes: found.missing },
      note: found === null ? null : 'For cookies that an application behind the server sets; best mended there.',
    };
  });
}

/** A header that no line can mend: the verdict and the advice. */
function named(check: string, header: string, all: readonly Finding[]): Draft[] {
  const findings = all.filter((one) => one.check === check);
  return [{ header, sent: findings.flatMap((one) => one.seen ?? []).slice(0, 3), findings, change: null, note: null }];
}

/** Headers that should not be sent: one draft per header that is, none where there is none. */
function unwanted(check: string, all: readonly Finding[]): Draft[] {
  return all
    .filter((one) => one.check === check && one.subject !== '')
    .map((finding) => ({
      header: finding.seen?.split(':', 1)[0] ?? finding.subject,
      sent: finding.seen === undefined ? [] : [finding.seen],
      findings: [finding],
      change: finding.subject.includes(' ') ? serverTokens() : { action: 'remove', name: finding.subject },
      note: null,
    }));
}

/** An error page tells what the Server line tells, and is silenced with it. */
function serverTokens(): HeaderChange {
  return { action: 'remove', name: 'server' };
}
