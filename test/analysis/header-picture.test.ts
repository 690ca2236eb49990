import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../checks/index.ts';
import { type HeaderChange, headerLines, isWritable } from '../../src/analysis/header-lines.ts';
import { headerPicture } from '../../src/analysis/header-picture.ts';
import { evaluate } from '../../src/core/evaluate.ts';
import { exampleHttp } from '../../src/core/facts/examples.ts';
import type { HttpFacts } from '../../src/core/facts/http.ts';
import type { HeaderSheet } from '../../src/core/header-verdict.ts';
import { exampleTarget } from '../support/targets.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const OURS = CHECKS.filter((check) => check.category === 'headers');

function pictures(http: HttpFacts): HeaderSheet[] {
  const target = exampleTarget({ needs: ['http'], on: ['endpoint'] });
  const facts = { http: { ok: true as const, value: http, at: NOW, ms: 1 } };
  const bundle = { targetId: target.id, kind: target.kind, collectedAt: NOW, facts };
  const settings = (check: (typeof OURS)[number]) => ({ enabled: true, options: check.options.parse({}) });
  return headerPicture(http, evaluate({ target, bundle, checks: OURS, settings, now: NOW }), NOW).addresses;
}

function picture(http: HttpFacts): HeaderSheet {
  const [sheet] = pictures(http);
  if (!sheet) throw new Error('no page');
  return sheet;
}
const of = (shown: HeaderSheet, header: string) => shown.headers.find((one) => one.header === header);

/** Every answer with what the lines for a plain Node server say. */
function mended(http: HttpFacts, lines: string): HttpFacts {
  const changes = [
    ...lines.matchAll(/response\.(setHeader|removeHeader)\('([^']+)'(?:, (?:'|")((?:[^\\]|\\.)*?)(?:'|"))?\);$/gm),
  ];
  const answer = <A extends object>(one: A): A => {
    if (!('headers' in one) || !Array.isArray(one.headers)) return one;
    const sent: [string, string][] = one.headers;
    const names = changes.map(([, , name = '']) => name.toLowerCase());
    const added = changes.flatMap(([, verb, name = '', value = '']): [string, string][] =>
      verb === 'setHeader' ? [[name, value.replaceAll('\\"', '"')]] : [],
    );
    return { ...one, headers: [...sent.filter(([name]) => !names.includes(name.toLowerCase())), ...added] };
  };
  return {
    ...http,
    hops: http.hops.map(answer),
    plain: { ...http.plain, hops: http.plain.hops.map(answer) },
    robots: answer(http.robots),
    missing: answer(http.missing),
    preflight: answer(http.preflight),
    securityTxt: answer(http.securityTxt),
    cors: http.cors.map((one) => ({ ...one, exchange: answer(one.exchange) })),
  };
}

describe('the picture of the headers', () => {
  it('has a verdict and a line for each server where a header is missing', () => {
    const shown = picture(exampleHttp({}));
    const one = of(shown, 'X-Content-Type-Options');
    expect(one).toMatchObject({ sent: [], status: 'fail', severity: 'medium', note: null });
    expect(one?.lines).toEqual({
      nginx: 'add_header X-Content-Type-Options "nosniff" always;',
      apache: 'Header always set X-Content-Type-Options "nosniff"',
      caddy: 'header X-Content-Type-Options "nosniff"',
      express: `res.setHeader('X-Content-Type-Options', 'nosniff');`,
      hono: `c.header('X-Content-Type-Options', 'nosniff');`,
      node: `response.setHeader('X-Content-Type-Options', 'nosniff');`,
    });
  });

  it('has no line where nothing is wrong', () => {
    const shown = picture(exampleHttp({ 'Referrer-Policy': 'no-referrer' }));
    expect(of(shown, 'Referrer-Policy')).toMatchObject({
      sent: ['Referrer-Policy: no-referrer'],
      status: 'pass',
      severity: null,
      lines: null,
      note: null,
    });
  });

  it('gives advice in place of a line where the header is right and the page undoes it', () => {
    const header = { 'Referrer-Policy': 'strict-origin-when-cross-origin' };
    const shown = picture(exampleHttp(header, { body: '<meta name=referrer content=unsafe-url>' }));
    expect(of(shown, 'Referrer-Policy')).toMatchObject({
      status: 'fail',
      lines: null,
      note: expect.stringContaining('no-referrer'),
    });
  });

  it('has no line for a nonce that does not change: the application has to make it', () => {
    const line = "script-src 'nonce-abc' 'strict-dynamic'; object-src 'none'; base-uri 'none'; form-action 'self'";
    expect(of(picture(exampleHttp({ 'Content-Security-Policy': line })), 'Content-Security-Policy')).toMatchObject({
      status: 'fail',
      lines: null,
    });
  });

  it('keeps what was promised: a longer HSTS with preload, framing by the site itself, origins of a feature', () => {
    const http = exampleHttp({
      'Strict-Transport-Security': 'max-age=63072000; preload',
      'Content-Security-Policy': 'default-src *',
      'X-Frame-Options': 'SAMEORIGIN',
      'Permissions-Policy': 'camera=*, usb=(self "https://a.example")',
    });
    const shown = picture(http);
    expect(of(shown, 'Strict-Transport-Security')?.lines?.nginx).toContain(
      '"max-age=63072000; includeSubDomains; preload"',
    );
    expect(of(shown, 'Permissions-Policy')?.lines?.node).toContain('\'camera=(), usb=(self "https://a.example")\'');
    expect(of(shown, 'X-Frame-Options')?.status).toBe('pass');
  });

  it('judges every address by itself, and says in what it differs from the first', () => {
    const good = exampleHttp({ 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer' });
    const { address: _address, others: _others, ...view } = exampleHttp({ 'X-Content-Type-Options': 'nosniff' });
    const failure = { url: 'https://shop.example/', kind: 'timeout', error: 'no answer within 5s', refused: false };
    const http: HttpFacts = {
      ...good,
      address: '198.51.100.7:443',
      others: [
        { address: '198.51.100.8:443', view: { ...view, body: null } },
        { address: '198.51.100.9:443', failure },
      ],
    };
    const shown = pictures(http);
    expect(shown.map(({ address, absence, differs }) => [address, absence, differs])).toEqual([
      ['198.51.100.7:443', null, []],
      ['198.51.100.8:443', null, ['Referrer-Policy']],
      ['198.51.100.9:443', 'no answer within 5s', []],
    ]);
    const policy = shown.map((sheet) => sheet.headers.find((one) => one.header === 'Referrer-Policy'));
    expect(policy.map((one) => one?.status)).toEqual(['pass', 'fail', undefined]);
    expect(policy[0]?.lines).toBeNull();
    expect(policy[1]?.lines?.nginx).toBe('add_header Referrer-Policy "strict-origin-when-cross-origin" always;');
  });

  it('says over plain HTTP that https comes first', () => {
    const hops = [{ url: 'http://shop.example/', status: 200, headers: [] }];
    expect(of(picture(exampleHttp({}, { hops })), 'Strict-Transport-Security')).toMatchObject({
      lines: null,
      note: expect.stringContaining('https'),
    });
  });

  it('never writes what a target sent as a variable, a directive or a new line', () => {
    const change = (value: string): HeaderChange => ({ action: 'set', name: 'X-Y', value, replaces: false });
    for (const value of ['$host', '%{FOO}e', '{env.HOME}', 'a\\', 'a\nb', '`id`', 'ä'])
      expect(isWritable(change(value))).toBe(false);
    expect(headerLines(change('a "b"; c')).nginx).toBe('add_header X-Y "a \\"b\\"; c" always;');
  });

  it('ends every finding that it has a line for, whatever was sent', () => {
    const words = (...values: string[]) =>
      fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 4 }).map((list) => list.join(' '));
    const sources = words(
      '*',
      "'self'",
      "'none'",
      "'unsafe-inline'",
      "'unsafe-eval'",
      'https:',
      'https://a.example',
      'data:',
    );
    const names = [
      'default-src',
      'script-src',
      'script-src-elem',
      'object-src',
      'base-uri',
      'form-action',
      'frame-ancestors',
      'img-src',
    ];
    const csp = fc
      .array(fc.tuple(fc.constantFrom(...names), sources), { minLength: 1, maxLength: 6 })
      .map((list) => list.map(([name, values]) => `${name} ${values}`).join('; '));
    const maybe = (values: fc.Arbitrary<string>) => fc.option(values, { nil: undefined });
    const sent = fc.record({
      'Strict-Transport-Security': maybe(
        fc.oneof(fc.constantFrom('max-age=0', 'max-age=63072000; preload', '$x'), fc.string()),
      ),
      'Content-Security-Policy': maybe(
        fc.oneof(
          csp,
          fc.tuple(csp, csp).map((two) => two.join(', ')),
        ),
      ),
      'X-Frame-Options': maybe(fc.constantFrom('DENY', 'sameorigin', 'ALLOWALL', 'DENY, SAMEORIGIN')),
      'Referrer-Policy': maybe(fc.constantFrom('unsafe-url', 'no-referrer', 'nonsense')),
      'Permissions-Policy': maybe(
        fc.constantFrom('camera=*', 'camera=(self *), usb=()', 'camera none', 'camera=1, fullscreen=*'),
      ),
      'Cross-Origin-Opener-Policy': maybe(fc.constantFrom('same-origin', 'unsafe-none', '"x"')),
      'X-Powered-By': maybe(fc.constant('PHP/8')),
    });
    fc.assert(
      fc.property(sent, (headers) => {
        const given = Object.fromEntries(
          Object.entries(headers).filter((one): one is [string, string] => one[1] !== undefined),
        );
        const http = exampleHttp(given);
        const before = picture(http);
        const lined = before.headers.filter((one) => one.lines !== null);
        const after = picture(mended(http, before.all?.node ?? ''));
        const still = lined.filter((one) =>
          after.headers.some((two) => two.header === one.header && two.status === 'fail'),
        );
        expect(still.map((one) => `${one.header}: ${one.lines?.node}`)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
