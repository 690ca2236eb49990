import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cookieDate } from '../../src/analysis/cookie-date.ts';
import { parsePolicies } from '../../src/analysis/csp.ts';
import { parseSource, type Source } from '../../src/analysis/csp-source.ts';
import { valuesOf } from '../../src/analysis/headers.ts';

describe('a source expression (CSP3 2.3.1)', () => {
  it.each<[string, Source]>([
    ["'NONE'", { type: 'none' }],
    ["'Self'", { type: 'keyword', word: "'self'" }],
    ["'nonce-AbC+/_-=='", { type: 'nonce', value: 'AbC+/_-==' }],
    ["'SHA384-AbC='", { type: 'hash', algorithm: 'sha384', value: 'AbC=' }],
    ['HTTPS:', { type: 'scheme', scheme: 'https' }],
    ['*', { type: 'host', scheme: null, host: '*', port: null, path: '' }],
    ['*.Shop.example', { type: 'host', scheme: null, host: '*.shop.example', port: null, path: '' }],
    ['https://a.example:*/B/c', { type: 'host', scheme: 'https', host: 'a.example', port: '*', path: '/B/c' }],
    ['ws://[::1]:80', { type: 'host', scheme: 'ws', host: '[::1]', port: '80', path: '' }],
    ['localhost', { type: 'host', scheme: null, host: 'localhost', port: null, path: '' }],
    ...["'nonce-'", "'sha1-abc'", "'none", 'none;', 'a.*.example', '*a.example', 'https://', '://a', '"self"', ''].map(
      (text): [string, Source] => [text, { type: 'other' }],
    ),
  ])('%j', (text, source) => expect(parseSource(text)).toEqual(source));

  it('never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseSource(text)));
  });
});

describe('policies', () => {
  it('are split at commas in a header and nowhere in a meta element', () => {
    const text = "img-src *, script-src 'self'";
    expect(parsePolicies([text])).toHaveLength(2);
    const [one, ...more] = parsePolicies([text], 'meta');
    expect(more).toEqual([]);
    expect([...(one?.directives ?? [])]).toEqual([['img-src', ['*,', 'script-src', "'self'"]]]);
  });
});

describe('the date of a cookie (RFC 6265bis 5.1.1)', () => {
  it.each<[string, number | null]>([
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Thu, 01-Jan-70 00:00:01 GMT', 1_000],
    ['Sun Nov  6 08:49:37 1994', 784_111_777_000],
    ['06 nov 94 8:49:37', 784_111_777_000],
    ['1 Jan 69 00:00:00', Date.UTC(2069, 0, 1)],
    ['Wed, 31 Dec 9999 23:59:59 UTC+2', Date.UTC(9999, 11, 31, 23, 59, 59)],
    ['1970-01-01', null],
    ['1970-01-01T00:00:00Z', null],
    ['31 Feb 2026 00:00:00', null],
    ['1 Jan 1600 00:00:00', null],
    ['1 Jan 2026 24:00:00', null],
    ['1 Jan 2026', null],
    ['0', null],
    ['', null],
  ])('%j', (text, at) => expect(cookieDate(text)).toBe(at));

  it('reads back every date that a server writes', () => {
    const dates = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(cookieDate(date.toUTCString())).toBe(Math.floor(date.getTime() / 1_000) * 1_000);
      }),
    );
  });
});

describe('values of a header (Fetch 2.2.2)', () => {
  it.each<[string[], string[]]>([
    [[], []],
    [[''], ['']],
    [['a'], ['a']],
    [
      ['a,b', 'c'],
      ['a', 'b', 'c'],
    ],
    [[', nosniff'], ['', 'nosniff']],
    [['a,'], ['a', '']],
    [['"a,b\\",c", d'], ['"a,b\\",c"', 'd']],
    [['"open, a'], ['"open, a']],
  ])('%j', (lines, values) => {
    expect(valuesOf({ headers: lines.map((line) => ['X', line]) }, 'x')).toEqual(values);
  });
});
