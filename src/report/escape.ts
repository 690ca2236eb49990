/**
 * Everything that a report shows may come from a hostile target: terminal sequences, markup, characters that end a
 * document. Each format has its own way to make text harmless; all of them are here.
 */

// C0 but tab and line feed, DEL, C1, and the marks that reorder or hide text (bidi, zero width, line separators, BOM).
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** One line that no terminal acts on: line ends become spaces, control and reordering characters are spelled out. */
export function plainLine(text: string): string {
  return plainText(text)
    .replace(/[\t\n ]+/g, ' ')
    .trim();
}

/** The same for several lines. */
export function plainText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(UNSAFE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replace(LONE_SURROGATE, '\ufffd');
}

/** Text for XML 1.0, element or attribute. What XML cannot hold at all is spelled out. */
export function xml(text: string): string {
  return plainText(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;')
    .replace(/\n/g, '&#10;')
    .replace(/\t/g, '&#9;');
}

/** Text for HTML, element or quoted attribute. */
export function html(text: string): string {
  return plainText(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&#39;');
}

/** Text for Markdown, also inside a table: nothing in it is markup, a link, a mention or the end of the cell. */
export function markdown(text: string): string {
  return plainLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_[\]~$]/g, (char) => `\\${char}`)
    .replace(/\|/g, '&#124;')
    .replace(/^(?=[-+#]|\d+[.)])/, '<!-- -->')
    .replace(/[@#](?=\w)/g, (mark) => `${mark}<!-- -->`)
    .replace(/:\/\//g, ':<!-- -->//')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}<!-- -->.`);
}

/** Code in a line of Markdown. Backticks and pipes would end it or the cell around it, so then it is spelled as HTML. */
export function markdownCode(text: string): string {
  const line = plainLine(text);
  if (/[|`]/.test(line)) return `<code>${markdown(line)}</code>`;
  return line === '' ? '' : `\`${line}\``;
}

/** The message of a GitHub workflow command: without these a target could start a command of its own. */
export function workflowData(text: string): string {
  return plainText(text).replace(/%/g, '%25').replace(/\n/g, '%0A');
}

/** A property of a workflow command, such as its title. */
export function workflowProperty(text: string): string {
  return workflowData(plainLine(text)).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/** At most `limit` characters, with what was cut said. */
export function shorten(text: string, limit: number): string {
  const chars = [...text];
  return chars.length <= limit ? text : `${chars.slice(0, limit - 1).join('')}…`;
}

/** An address that may become a link: http and https only. */
export function linkable(address: string): string | undefined {
  return /^https?:\/\/[^\s<>"'`\\]+$/.test(address) ? address : undefined;
}
