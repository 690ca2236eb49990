import { describe, expect, it } from 'vitest';
import { styleUrls } from '../../src/analysis/style-urls.ts';

describe('addresses of a style sheet', () => {
  it.each<[string, string[][]]>([
    ['a{b:url(x.png)}', [['image', 'x.png']]],
    ['a{b:URL( "x y.png" )}', [['image', 'x y.png']]],
    ["a{b:url('x)y.png')}", [['image', 'x)y.png']]],
    ['@import "a.css";', [['style', 'a.css']]],
    [
      '@IMPORT url(a.css) screen; b{c:url(d)}',
      [
        ['style', 'a.css'],
        ['image', 'd'],
      ],
    ],
    [
      '@import "a.css" supports(background: url(b));',
      [
        ['style', 'a.css'],
        ['image', 'b'],
      ],
    ],
    [
      '@font-face{src:url(a.woff2) format("woff2"), url(b.woff)}',
      [
        ['image', 'a.woff2'],
        ['image', 'b.woff'],
      ],
    ],
    ['a{b:url(http\\3a //c.example/)}', [['image', 'http://c.example/']]],
    ['/* url(a) */ a{content:"url(b)"} c{d:myurl(e)}', []],
    ['@namespace url(http://www.w3.org/2000/svg);', []],
    ['a{b:url()} c{d:url("")}', []],
    ['/* never ended url(a)', []],
  ])('%j', (css, urls) => expect(styleUrls(css).map(({ kind, text }) => [kind, text])).toEqual(urls));
});
