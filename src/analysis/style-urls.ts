/** An address in a style sheet: `style` where a further sheet is imported, `image` where something is only shown. */
export interface StyleUrl {
  text: string;
  kind: 'style' | 'image';
}

/** More addresses than any sheet in a page has. */
const LIMIT = 5_000;
const SPACE = '[ \\t\\n\\r\\f]';
/**
 * Tokens of CSS Syntax 3 that can hold an address or hide one: comments, strings, url( with or without quotes, and the
 * name of an import. Escapes are part of strings and names; every alternative moves forward, so reading is linear.
 */
const TOKEN = new RegExp(
  [
    '\\/\\*(?:[^*]|\\*(?!\\/))*(?:\\*\\/|$)',
    `(@import|@namespace)(?![\\w-])`,
    `(?<![\\w-])(?:url|src)\\(${SPACE}*(?:"((?:[^"\\\\\\n]|\\\\[\\s\\S])*)"|'((?:[^'\\\\\\n]|\\\\[\\s\\S])*)'|((?:[^"'()\\\\\\s]|\\\\[\\s\\S]|(?<=\\\\[0-9a-f]{1,6})${SPACE})*)${SPACE}*\\))`,
    '"((?:[^"\\\\\\n]|\\\\[\\s\\S])*)"?',
    `'((?:[^'\\\\\\n]|\\\\[\\s\\S])*)'?`,
    '[;{}]',
  ].join('|'),
  'gi',
);

/** Addresses that a style sheet makes the browser load: `url()`, `src()` and imports; not what stands in comments or strings. */
export function styleUrls(css: string): StyleUrl[] {
  const urls: StyleUrl[] = [];
  let rule = '';
  for (const match of css.matchAll(TOKEN)) {
    const [token, at, double, single, bare, text, other] = match;
    if (at !== undefined) rule = at.toLowerCase();
    else if (token === ';' || token === '{' || token === '}') rule = '';
    else {
      const address = double ?? single ?? bare;
      const imported = rule === '@import' ? (address ?? text ?? other) : undefined;
      if (imported !== undefined) urls.push({ text: unescaped(imported), kind: 'style' });
      else if (address !== undefined && rule !== '@namespace') urls.push({ text: unescaped(address), kind: 'image' });
      // Only the first address after @import is the sheet's; what follows are its conditions.
      if (imported !== undefined) rule = '@import done';
    }
    if (urls.length >= LIMIT) break;
  }
  return urls.filter(({ text }) => text.trim() !== '');
}

/** CSS Syntax 4.3.7: up to six hexadecimal digits and one space, or the character itself. */
function unescaped(text: string): string {
  return text.replace(/\\(?:([0-9a-f]{1,6})[ \t\n\r\f]?|\n|([\s\S]))/gi, (_, digits?: string, character?: string) => {
    if (digits === undefined) return character ?? '';
    const code = Number.parseInt(digits, 16);
    return code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? '\ufffd' : String.fromCodePoint(code);
  });
}
