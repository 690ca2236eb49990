import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cookieDate } from '../../src/analysis/cookie-date.ts';
import { isDeletion, looksLikeSession, parseSetCookie } from '../../src/analysis/cookies.ts';
import { allowsInline, broadSources, parsePolicies, scriptExposure } from '../../src/analysis/csp.ts';
import { parseSource } from '../../src/analysis/csp-source.ts';
import { loadsOf, readElements } from '../../src/analysis/elements.ts';
import { valuesOf } from '../../src/analysis/headers.ts';
import { parseHsts } from '../../src/analysis/hsts.ts';
import { validIntegrity } from '../../src/analysis/integrity.ts';
import { maskFields, maskSetCookie } from '../../src/analysis/mask.ts';
import { mergePolicies } from '../../src/analysis/observatory/csp-merge.ts';
import { jarAfter } from '../../src/analysis/observatory/jar.ts';
import { errorPageSignature, hasVersion, versionedProducts } from '../../src/analysis/product.ts';
import { parseSecurityTxt, rfc3339 } from '../../src/analysis/security-txt.ts';
import { related, siteOf } from '../../src/analysis/site.ts';
import { parseDictionary, parseItem, parseList } from '../../src/analysis/structured-field.ts';
import { styleUrls } from '../../src/analysis/style-urls.ts';

/** Every reader of text that a hostile server writes. */
const READERS: Record<string, (text: string) => unknown> = {
  policies: (text) => scriptExposure(parsePolicies([text])),
  'set-cookie': parseSetCookie,
  'a cookie date': cookieDate,
  'source expressions': parseSource,
  'values of a header': (text) => valuesOf({ headers: [['x', text]] }, 'x'),
  masks: (text) => [maskSetCookie(text), maskFields(text)],
  'addresses in style': styleUrls,
  'what the Observatory reads': (text) => [
    jarAfter([{ url: 'https://shop.example/', status: 200, headers: [['set-cookie', text]] }], 0),
    mergePolicies([text]),
  ],
  elements: (text) => loadsOf(readElements(text), 'https://shop.example/'),
  hsts: parseHsts,
  integrity: validIntegrity,
  item: parseItem,
  list: parseList,
  dictionary: parseDictionary,
  'security.txt': parseSecurityTxt,
  products: (text) => [versionedProducts(text), hasVersion(text), errorPageSignature(text)],
};

/** Less processor time than this tells nothing of how it grows. */
const NOTHING_MS = 60;

function workOf(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

describe.each(Object.entries(READERS))('reading %s', (_, read) => {
  it('never throws', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[a-z0-9=;,:"'<>()/ *?%@\\-]*$/),
    );
    fc.assert(fc.property(text, (one) => void read(one)));
  });

  // Four times the text may be four times the work, with some for noise; what is quadratic needs sixteen times. The work is
  // processor time of this process, so a busy machine changes nothing; what takes next to none of it has nothing to hide.
  it.each([
    'a',
    ' ',
    ';',
    ',',
    '=',
    '"',
    '(',
    '((',
    '\\',
    "'x' ",
    '<b>',
    '</b>',
    '<a ',
    '<a b',
    '<!--',
    '&',
    '<script>',
    'a=b; ',
    '-1.',
    '%"',
    ':',
    '/1 ',
    '\t',
    '1/1',
    '\n',
    'a;',
    '<h3>',
    '<svg>',
    '</svg><svg>',
    'url(',
    'url(\\3a ',
    '\\a ',
    '/*',
    '@import "a";',
    "'nonce-a' ",
    '1:1:1 ',
  ])(
    'does linear work over %j',
    (unit) => {
      const text = unit.repeat(Math.ceil(64_000 / unit.length));
      const four = text.repeat(4);
      let ratio = Number.POSITIVE_INFINITY;
      for (let attempt = 0; attempt < 5 && ratio > 9; attempt += 1) {
        const [one, more] = [workOf(() => read(text)), workOf(() => read(four))];
        ratio = more < NOTHING_MS ? 0 : more / Math.max(one, NOTHING_MS / 9);
      }
      expect(ratio).toBeLessThanOrEqual(9);
    },
    120_000,
  );
});

describe('structured fields', () => {
  it('read the examples of RFC 9651', () => {
    expect(parseItem('same-origin; report-to="a\\"b"')?.parameters.get('report-to')).toEqual({
      type: 'string',
      value: 'a"b',
    });
    expect(parseItem(' 4.5 ')?.item).toEqual({ type: 'decimal', value: 4.5 });
    expect(parseItem('@1659578233')?.item).toEqual({ type: 'date', value: 1_659_578_233 });
    expect(parseItem('%"f%c3%bc%c3%bc"')?.item).toEqual({ type: 'display', value: 'füü' });
    expect(parseItem(':cHJldGVuZA==:')?.item).toEqual({ type: 'binary', value: 'cHJldGVuZA==' });
    expect(parseItem('?1')?.item).toEqual({ type: 'boolean', value: true });
    expect(parseList('("foo" "bar"), ("baz"), ()')).toHaveLength(3);
    expect([...(parseDictionary('a=?0, b, c; foo=bar') ?? new Map()).keys()]).toEqual(['a', 'b', 'c']);
    expect(parseDictionary('')?.size).toBe(0);
  });

  it.each(['"open', 'a b', '1000000000000000', '1.2345', '(a', '"\u00e9"', '?2', '%"%C3"', ':*:', 'A=1,', '=1'])(
    'refuse %j',
    (text) => {
      expect(parseItem(text)).toBeNull();
    },
  );

  it('read back every token', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*$/),
        (token) => parseItem(token)?.item.value === token,
      ),
    );
  });
});

describe('policies', () => {
  it('are split, folded and kept first', () => {
    const [one, two] = parsePolicies(["Script-Src 'self'; script-src *;; ,IMG-src *"]);
    expect(one?.directives).toEqual(new Map([['script-src', ["'self'"]]]));
    expect(one?.ignored).toEqual(['script-src']);
    expect([...(two?.directives.keys() ?? [])]).toEqual(['img-src']);
  });

  it('only grow stricter with one more policy', () => {
    const word = fc.constantFrom(
      "'self'",
      "'unsafe-inline'",
      "'unsafe-eval'",
      '*',
      'https:',
      "'nonce-abc'",
      "'strict-dynamic'",
    );
    const policy = fc
      .tuple(
        fc.constantFrom('script-src', 'default-src', 'script-src-attr', 'img-src'),
        fc.array(word, { maxLength: 4 }),
      )
      .map(([name, words]) => `${name} ${words.join(' ')}`);
    fc.assert(
      fc.property(fc.array(policy, { minLength: 1, maxLength: 3 }), policy, (policies, more) => {
        const before = scriptExposure(parsePolicies(policies));
        const after = scriptExposure(parsePolicies([...policies, more]));
        for (const key of ['inline', 'sources', 'eval'] as const)
          if (before[key].length === 0) expect(after[key]).toEqual([]);
      }),
    );
  });

  it('know what is broad', () => {
    expect(broadSources(['*', 'https:', 'https://*', '*.com', 'https://*:443', 'data:'])).toHaveLength(6);
    expect(broadSources(["'self'", '*.shop.example', 'https://shop.example', 'shop.example:*', "'none'"])).toEqual([]);
    expect(allowsInline(["'UNSAFE-INLINE'"])).toBe(true);
  });
});

describe('cookies', () => {
  it('are read as browsers read them', () => {
    expect(parseSetCookie('a=b=c; secure; Path=x; DOMAIN=.Shop.Example; SameSite=lax; SameSite=None')).toMatchObject({
      name: 'a',
      valueLength: 3,
      secure: true,
      path: null,
      domain: 'shop.example',
      sameSite: 'none',
    });
    expect(parseSetCookie('alone')).toMatchObject({ name: '', valueLength: 5 });
    expect(parseSetCookie('a=\x01')).toBeNull();
    expect(parseSetCookie(`a=${'x'.repeat(5_000)}`)).toBeNull();
  });

  it('do not show their values', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{12,40}$/), (value) => {
        expect(parseSetCookie(`sid=${value}; Secure`)?.line).not.toContain(value);
      }),
    );
  });

  it('that end in the past are deletions', () => {
    const at = (line: string) =>
      isDeletion(parseSetCookie(line) as NonNullable<ReturnType<typeof parseSetCookie>>, Date.UTC(2026, 0, 1));
    expect(at('a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT')).toBe(true);
    expect(at('a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60')).toBe(false);
    expect(at('a=1')).toBe(false);
  });

  it.each([
    ['PHPSESSID', true],
    ['connect.sid', true],
    ['__Host-session', true],
    ['access_token', true],
    ['csrf_token', false],
    ['sidebar', false],
    ['lang', false],
  ])('named %s stand for a person: %s', (name, expected) => expect(looksLikeSession(name)).toBe(expected));
});

describe('elements', () => {
  it('are start tags with decoded attributes, the first of two equal ones', () => {
    const [element] = readElements('<IMG SRC=a&amp;b src=c ALT>');
    expect(element).toMatchObject({ name: 'img' });
    expect(element?.attributes).toEqual(
      new Map([
        ['src', 'a&b'],
        ['alt', ''],
      ]),
    );
  });

  it('are not found in comments, script, style, titles and templates', () => {
    const html =
      '<!--<i>--><script>"<i>"</script><style><i></style><title><i></title><textarea><i></textarea><template><i></template>';
    expect(readElements(html).filter(({ name }) => name === 'i')).toEqual([]);
  });
});

describe('sites', () => {
  it('are told apart by what can be registered', () => {
    expect(siteOf('www.shop.example')).toBe('shop.example');
    expect(siteOf('www.shop.co.uk')).toBe('shop.co.uk');
    expect(siteOf('ana.github.io')).toBe('ana.github.io');
    expect(siteOf('192.0.2.1')).toBe('192.0.2.1');
    expect(related('a.shop.example', 'b.shop.example')).toBe(true);
    expect(related('shop.co.uk', 'other.co.uk')).toBe(false);
    expect(related('127.0.0.1', '10.0.0.1')).toBe(false);
  });
});

describe('dates of security.txt', () => {
  it('are RFC 3339', () => {
    expect(rfc3339('2027-06-30T02:00:00+02:00')).toBe(Date.UTC(2027, 5, 30));
    expect(rfc3339('2027-06-30')).toBeNull();
    expect(rfc3339('2027-13-30T00:00:00Z')).toBeNull();
  });
});
