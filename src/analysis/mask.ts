import { Tokenizer } from 'htmlparser2';

/**
 * The text with everything that could be a secret's character replaced by `*`. Length, white space, control characters,
 * quotes and what delimits anything in headers and HTML stay, so that a masked text is read as the text was.
 */
export function masked(text: string): string {
  return text.replace(/[^\s\x00-\x1f\x7f"'`<>&;,=\\]|=/g, '*');
}

/** A Set-Cookie line with the value masked and everything else byte for byte; a nameless cookie is all value. */
export function maskSetCookie(line: string): string {
  const semicolon = line.indexOf(';');
  const pair = semicolon === -1 ? line : line.slice(0, semicolon);
  // A nameless value that begins like a prefix makes browsers drop the line, so the prefix stays.
  const prefix = /^\s*(?:=\s*)?__(?:Secure|Host|Http|Host-Http)-/i.exec(pair)?.[0].length ?? 0;
  const equals = pair.indexOf('=') + 1;
  const start = pair.slice(0, equals).trim().length > 1 ? equals : Math.max(equals, prefix);
  return pair.slice(0, start) + masked(pair.slice(start)) + line.slice(pair.length);
}

/** Headers that carry nothing but a credential. */
const SECRET_HEADER =
  /^((proxy-)?authorization|authentication-info)$|(^|[-_])(token|secret|password|passwd|api[-_]?key|session[-_]?id|jwt)$/i;

/** Header lines as sent, but for the values of cookies and of headers that are credentials by their name. */
export function maskHeaders(headers: readonly [string, string][]): [string, string][] {
  return headers.map(([name, value]) => {
    if (name.toLowerCase() === 'set-cookie') return [name, maskSetCookie(value)];
    return [name, SECRET_HEADER.test(name) ? masked(value) : value];
  });
}

/** A field that a page hands out to be sent back, by the name of its meta element. */
const SECRET_META = /csrf|xsrf|token|nonce|secret/i;

/** HTML with the values of inputs, and of meta elements that hold tokens, masked: forms carry what only the visitor may know. */
export function maskFields(html: string): string {
  const ranges: [number, number][] = [];
  let element = '';
  let attribute = '';
  let name = '';
  let values: [number, number][] = [];
  const end = () => {
    if (element === 'input' || SECRET_META.test(name)) for (const range of values) ranges.push(range);
    values = [];
    element = '';
  };
  const nothing = () => {};
  const tokenizer = new Tokenizer(
    { decodeEntities: false },
    {
      onopentagname(start, stop) {
        element = html.slice(start, stop).toLowerCase();
        name = '';
        values = [];
      },
      onattribname(start, stop) {
        attribute = html.slice(start, stop).toLowerCase();
      },
      onattribdata(start, stop) {
        if (element === 'meta' && attribute === 'name') name = html.slice(start, Math.min(stop, start + 100));
        if (attribute === (element === 'meta' ? 'content' : 'value')) values.push([start, stop]);
      },
      onopentagend: end,
      onselfclosingtag: end,
      onattribend: nothing,
      onattribentity: nothing,
      onclosetag: nothing,
      oncdata: nothing,
      oncomment: nothing,
      ondeclaration: nothing,
      onend: nothing,
      onprocessinginstruction: nothing,
      ontext: nothing,
      ontextentity: nothing,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return maskRanges(html, ranges);
}

/** The text with each range, in order and apart from each other, masked. */
export function maskRanges(text: string, ranges: readonly (readonly [number, number])[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const [start, stop] of ranges) {
    if (start < from) continue;
    parts.push(text.slice(from, start), masked(text.slice(start, stop)));
    from = stop;
  }
  parts.push(text.slice(from));
  return parts.join('');
}
