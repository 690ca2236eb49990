import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSetCookie } from '../../src/analysis/cookies.ts';
import { readElements } from '../../src/analysis/elements.ts';
import { maskFields, maskHeaders, maskSetCookie } from '../../src/analysis/mask.ts';

describe('a Set-Cookie line', () => {
  it.each([
    ['sid=abc123; Path=/; Secure', 'sid=******; Path=/; Secure'],
    ['sid="a b"; HttpOnly', 'sid="* *"; HttpOnly'],
    ['  sid = YWJj== ;SameSite=Lax', '  sid = ****** ;SameSite=Lax'],
    ['__Host-sid=a=b=c', '__Host-sid=*****'],
    ['justavalue', '**********'],
    ['=nameless; Secure', '=********; Secure'],
    ['sid=; Max-Age=0', 'sid=; Max-Age=0'],
    ['a=\u00e9\u00e9', 'a=**'],
    ['a=b\x01c', 'a=*\x01*'],
  ])('%j is kept as %j', (line, kept) => expect(maskSetCookie(line)).toBe(kept));

  it('says the same of the cookie, value apart, whatever is in it', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[a-z =;"]{0,20}=[A-Za-z0-9+/=" ]{0,30}(; ?(secure|path=\/|samesite=lax|max-age=9))*$/),
    );
    fc.assert(
      fc.property(line, (text) => {
        const kept = maskSetCookie(text);
        expect(kept).toHaveLength(text.length);
        expect(parseSetCookie(kept)).toEqual(parseSetCookie(text));
      }),
    );
  });

  it('holds no letter or digit of the value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const kept = maskSetCookie(`sid=${value.replace(/;/g, '')}`);
        expect(kept.slice(4)).not.toMatch(/[A-Za-z0-9]/);
      }),
    );
  });
});

it('other headers stay as sent, order, duplicates and bytes, unless their name says that they are a credential', () => {
  const lines: [string, string][] = [
    ['Server', 'nginx'],
    ['SERVER', '\u00ff odd  bytes'],
    ['Content-Security-Policy', "script-src 'nonce-abc'"],
    ['X-CSRF-Token', 'f00'],
    ['X-Api-Key', 'k=1'],
    ['Set-Cookie', 'a=1'],
    ['set-cookie', 'a=2'],
    ['WWW-Authenticate', 'Basic realm="x"'],
  ];
  expect(maskHeaders(lines)).toEqual([
    lines[0],
    lines[1],
    lines[2],
    ['X-CSRF-Token', '***'],
    ['X-Api-Key', '***'],
    ['Set-Cookie', 'a=*'],
    ['set-cookie', 'a=*'],
    lines[7],
  ]);
});

describe('fields of a page', () => {
  it('lose their values', () => {
    const html =
      '<meta name="csrf-token" content="s3cret1"><meta content=s3cret2 name=_token><INPUT type=hidden value="s3cret3"/>';
    const kept = maskFields(html);
    expect(kept).not.toContain('s3cret');
    expect(kept).toHaveLength(html.length);
  });

  it('stay where they are no secret', () => {
    const html = `<meta name=referrer content=no-referrer><script src="a.js"></script><li value="3">value="x"<!-- <input value=x> -->`;
    expect(maskFields(html)).toBe(html);
  });

  it('never change how the page is read, but for the values themselves', () => {
    const text = fc.array(
      fc.constantFrom(
        '<input value=',
        '"',
        "'",
        'a=b',
        ' ',
        '>',
        '<',
        '<meta name=token content=',
        '&amp;',
        '<script>',
      ),
      { maxLength: 40 },
    );
    const names = (html: string) => readElements(html).map(({ name, attributes }) => [name, [...attributes.keys()]]);
    fc.assert(
      fc.property(text, (parts) => {
        const html = parts.join('');
        expect(names(maskFields(html))).toEqual(names(html));
      }),
    );
  });
});
