import { mediaType } from '../../src/analysis/headers.ts';
import { defineHttpCheck } from '../../src/analysis/http-check.ts';
import { parseSecurityTxt, rfc3339 } from '../../src/analysis/security-txt.ts';
import { exampleExchange, exampleFailure, exampleHttp } from '../../src/core/facts/examples.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

const url = 'https://shop.example/.well-known/security.txt';
const YEAR_MS = 366 * 86_400_000;
const WANTED = 'Contact: mailto:security@your.domain\nExpires: (a date within a year, such as 2027-06-30T00:00:00Z)';
const served = (text: string, type = 'text/plain; charset=utf-8') => ({
  http: exampleHttp({}, { securityTxt: exampleExchange(url, 200, { 'Content-Type': type }, text) }),
});
const CONTACT = 'Contact: mailto:security@shop.example\n';
const EXPIRES = 'Expires: 2027-06-30T00:00:00Z\n';

export default defineHttpCheck({
  id: 'headers.security-txt',
  title: 'security.txt says whom to tell about a hole',
  category: 'headers',
  severity: 'low',
  since: '0.1.0',
  rationale:
    'Whoever finds a hole and wants to help needs an address that is read; without one holes are published or sold.',
  remediation: `Serve at /.well-known/security.txt, as text/plain:\n${WANTED}`,
  references: ['https://www.rfc-editor.org/rfc/rfc9116'],
  evaluate({ http }, { now }) {
    const file = http.securityTxt;
    if (!('status' in file)) return unknown('', `security.txt gave no answer: ${file.error}`);
    const text = file.body.replace(/^\ufeff/, '');
    const looksRight = mediaType(file) !== 'text/html' || /^(#|contact:|expires:|-----BEGIN)/i.test(text.trimStart());
    if (file.status !== 200 || !looksRight)
      return fail(
        '',
        `there is no security.txt (${file.url} answers ${file.status}${looksRight ? '' : ' with a page'})`,
        { wanted: WANTED },
      );
    const { fields, strange } = parseSecurityTxt(text);
    const values = (name: string) => fields.filter((field) => field.name === name).map((field) => field.value);
    const problem = (subject: string, message: string, seen?: string) =>
      fail(subject, message, { wanted: WANTED, ...(seen === undefined ? {} : { seen: seen.slice(0, 300) }) });
    const outcomes: Outcome[] = [];

    const contacts = values('contact');
    const bad = contacts.find((contact) => !/^(mailto:.+@.+|https:\/\/.+|tel:.+)$/i.test(contact));
    if (contacts.length === 0) outcomes.push(problem('contact', 'Contact is missing (RFC 9116 2.5.3)'));
    else if (bad !== undefined)
      outcomes.push(problem('contact', 'Contact is no mailto:, https: or tel: address', `Contact: ${bad}`));

    const [expires, ...again] = values('expires');
    const at = expires === undefined ? null : rfc3339(expires);
    const seen = `Expires: ${expires}`;
    if (expires === undefined) outcomes.push(problem('expires', 'Expires is missing (RFC 9116 2.5.5)'));
    else if (again.length > 0) outcomes.push(problem('expires', 'Expires must stand there once', seen));
    else if (at === null) outcomes.push(problem('expires', 'Expires is no date of RFC 3339', seen));
    else if (at <= now)
      outcomes.push(problem('expires', 'security.txt has expired, so its readers must not trust it', seen));
    else if (at > now + YEAR_MS)
      outcomes.push(fail('expires', 'Expires lies more than a year ahead', { seen, severity: 'info' }));

    if (values('preferred-languages').length > 1)
      outcomes.push(problem('preferred-languages', 'Preferred-Languages must stand there once'));
    if (mediaType(file) !== 'text/plain')
      outcomes.push(problem('content-type', 'security.txt must be text/plain', `Content-Type: ${mediaType(file)}`));
    if (!file.url.startsWith('https:'))
      outcomes.push(problem('scheme', 'security.txt must be served over HTTPS', file.url));
    if (strange[0] !== undefined)
      outcomes.push(problem('syntax', 'a line is neither a field nor a comment', strange[0]));
    if (new URL(file.url).pathname === '/security.txt')
      outcomes.push(fail('path', 'security.txt belongs under /.well-known/', { seen: file.url, severity: 'info' }));
    return outcomesOr(outcomes, pass('security.txt is valid', { seen }));
  },
  examples: [
    { name: 'contact and date', facts: served(CONTACT + EXPIRES), status: 'pass' },
    { name: 'none', facts: { http: exampleHttp({}) }, status: 'fail', subjects: [''] },
    {
      name: 'comments, case and Windows line ends',
      facts: served(`# hello\r\ncontact: https://shop.example/report\r\n\r\nEXPIRES: 2027-06-30t02:00:00+02:00\r\n`),
      status: 'pass',
    },
    {
      name: 'signed',
      facts: served(
        `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n${CONTACT}${EXPIRES}-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\n`,
      ),
      status: 'pass',
    },
    {
      name: 'expired',
      facts: served(`${CONTACT}Expires: 2026-01-01T00:00:00Z\n`),
      status: 'fail',
      subjects: ['expires'],
    },
    { name: 'no date', facts: served(CONTACT), status: 'fail', subjects: ['expires'] },
    {
      name: 'a date of another format',
      facts: served(`${CONTACT}Expires: Thu, 31 Dec 2026 18:37:07 -0800\n`),
      status: 'fail',
      subjects: ['expires'],
    },
    { name: 'two dates', facts: served(CONTACT + EXPIRES + EXPIRES), status: 'fail', subjects: ['expires'] },
    {
      name: 'a bare address as contact',
      facts: served(`Contact: security@shop.example\n${EXPIRES}`),
      status: 'fail',
      subjects: ['contact'],
    },
    {
      name: 'the page for everything',
      facts: served('<!doctype html><title>Shop</title>', 'text/html'),
      status: 'fail',
      subjects: [''],
    },
    { name: 'far ahead', facts: served(`${CONTACT}Expires: 2036-01-01T00:00:00Z\n`), status: 'fail', severity: 'info' },
    {
      name: 'no answer',
      facts: { http: exampleHttp({}, { securityTxt: exampleFailure(url, 'timeout', 'no answer') }) },
      status: 'unknown',
    },
  ],
});
