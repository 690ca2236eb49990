/** Styles that repeat what a symbol already says; without colour nothing is lost. */
const STYLES = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  blue: [34, 39],
  dim: [2, 22],
  bold: [1, 22],
} as const;
export type Style = keyof typeof STYLES;
export type Paint = (style: Style, text: string) => string;

/** The painter of a terminal, or one that does nothing. */
export function painter(color: boolean): Paint {
  return (style, text) =>
    color && text !== '' ? `\u001b[${STYLES[style][0]}m${text}\u001b[${STYLES[style][1]}m` : text;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Columns that a text takes, colour aside. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text.replace(/\u001b\[[0-9;]*m/g, '')) {
    if (!/\p{M}/u.test(char)) width += WIDE.test(char) ? 2 : 1;
  }
  return width;
}

/** `text` with spaces up to `width` columns; never cut. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** Lines of at most `width` columns, broken at spaces where there are any; at most `most`, the last one cut with `…`. */
export function wrap(text: string, width: number, most = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const push = () => {
    lines.push(line);
    line = '';
    used = 0;
  };
  for (const word of text.split(' ')) {
    let rest = [...word];
    const length = widthOf(word);
    if (line !== '' && used + 1 + length > width) push();
    if (line !== '') {
      line += ' ';
      used += 1;
    }
    while (rest.length > 0 && widthOf(rest.join('')) > width - used) {
      const room = Math.max(1, width - used);
      const head = cut(rest, room);
      line += rest.slice(0, head).join('');
      rest = rest.slice(head);
      push();
      if (lines.length > most) break;
    }
    line += rest.join('');
    used += widthOf(rest.join(''));
    if (lines.length > most) break;
  }
  if (line !== '' || lines.length === 0) push();
  if (lines.length <= most) return lines;
  const last = [...(lines[most - 1] ?? '')];
  return [
    ...lines.slice(0, most - 1),
    `${last
      .slice(0, cut(last, width - 1))
      .join('')
      .trimEnd()}…`,
  ];
}

/** How many characters fit into `width` columns; at least one, so that wrapping always gets on. */
function cut(chars: readonly string[], width: number): number {
  let used = 0;
  for (const [index, char] of chars.entries()) {
    used += widthOf(char);
    if (used > width) return Math.max(1, index);
  }
  return chars.length;
}
