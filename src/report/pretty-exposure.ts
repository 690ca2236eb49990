import type { ExposureRow } from '../core/exposure-table.ts';
import { plainLine } from './escape.ts';
import { EXPOSURE_WORDS, isBadExposure, outsideText, processText, ruleTexts } from './exposure.ts';
import { type Paint, padTo, widthOf, wrap } from './terminal-text.ts';

const LOCAL = 'local';
const HEADINGS = ['port', 'verdict', 'process', 'bound to', 'outside', 'declared'] as const;
/** Columns that may break over lines, and how narrow they may become. */
const PROCESS = 2;
const BIND = 3;
const NARROWEST = 8;

/**
 * The table of a host's ports. One line per port, the deciding rule below it. What only listens for the host itself is
 * counted, and listed where `verbose`.
 */
export function prettyExposure(
  rows: readonly ExposureRow[],
  { width, verbose, paint }: { width: number; verbose?: boolean | undefined; paint: Paint },
): string[] {
  const shown = rows.filter((row) => verbose || row.kind !== LOCAL);
  const hidden = rows.length - shown.length;
  const cells = shown.map((row) => [
    `${isBadExposure(row.kind) ? '✗' : row.kind === 'unknown' ? '?' : '·'} ${row.port}/${row.protocol}`,
    EXPOSURE_WORDS[row.kind],
    plainLine(processText(row)) || '-',
    plainLine(row.bind.join(' ')) || '-',
    outsideText(row),
    row.declared ? 'yes' : 'no',
  ]);
  const widths = columnWidths(cells, width);
  const lines = cells.flatMap((cell, index) => {
    const row = shown[index];
    const style = row && isBadExposure(row.kind) ? 'red' : row?.kind === 'unknown' ? 'yellow' : null;
    const columns = cell.map((text, column) => wrap(text, widths[column] ?? 1));
    const height = Math.max(...columns.map((column) => column.length));
    const drawn = Array.from({ length: height }, (_, line) =>
      columns
        .map((column, at) => {
          const text = padTo(column[line] ?? '', widths[at] ?? 0);
          return style !== null && at < 2 ? paint(style, text) : text;
        })
        .join('  ')
        .trimEnd(),
    );
    const rules = row ? ruleTexts(row) : [];
    const below = rules.flatMap((rule) => wrap(plainLine(rule), width - 4, 3).map((one) => paint('dim', `    ${one}`)));
    return [...drawn, ...below];
  });
  const head = HEADINGS.map((heading, at) => padTo(at === 0 ? `  ${heading}` : heading, widths[at] ?? 0)).join('  ');
  const rest = hidden === 0 ? [] : [paint('dim', `  ${hidden} more for this host alone (--verbose lists them)`)];
  if (shown.length === 0) return rest.length > 0 ? [paint('bold', 'ports'), ...rest] : [];
  return [paint('dim', head.trimEnd()), ...lines, ...rest];
}

function columnWidths(cells: readonly (readonly string[])[], width: number): number[] {
  const widths = HEADINGS.map((heading, at) =>
    Math.max(widthOf(heading) + (at === 0 ? 2 : 0), ...cells.map((cell) => widthOf(cell[at] ?? ''))),
  );
  const gaps = 2 * (HEADINGS.length - 1);
  for (const at of [BIND, PROCESS]) {
    const excess = widths.reduce((sum, one) => sum + one, gaps) - width;
    const own = widths[at] ?? 0;
    if (excess > 0) widths[at] = Math.max(NARROWEST, own - excess);
  }
  return widths;
}
