import type { Finding } from '../core/finding.ts';
import type { AuditReport, TargetReport } from '../core/report.ts';
import type { Severity } from '../core/severity.ts';
import { plainLine } from './escape.ts';
import { prettyExposure } from './pretty-exposure.ts';
import { costLine, countsLine, percent, type ReportContext, sentence, withStatus } from './summary.ts';
import { type Paint, padTo, painter, type Style, widthOf, wrap } from './terminal-text.ts';

export interface PrettyOptions extends ReportContext {
  /** Columns of the terminal; 80 suffice. */
  width: number;
  color: boolean;
  /** Evidence for every failure, not only for the severe ones. */
  verbose?: boolean;
}

/** What the lines of one scorecard share. */
interface Drawing extends PrettyOptions {
  paint: Paint;
  checkWidth: number;
}

const INDENT = 11;
const CHECK_WIDTH = 20;
const SUBJECTS_SHOWN = 10;
const LINES_SHOWN = 4;
/** Advice is to be followed, so it is not cut; only a runaway text of a target is. */
const FIX_LINES = 40;

const SEVERITY_STYLE: Record<Severity, Style> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'blue',
  info: 'dim',
};

/** The report for a terminal: dense, aligned, readable without colour and in 80 columns. */
export function prettyReport(report: AuditReport, options: PrettyOptions): string {
  return `${report.targets.map((target) => prettyTarget(target, options)).join('\n\n')}\n`;
}

/** The scorecard of one target, without a line end. */
export function prettyTarget(target: TargetReport, options: PrettyOptions): string {
  const paint = painter(options.color);
  const lines = [...head(target, options, paint), ''];
  const failed = withStatus(target.findings, 'fail');
  const gaps = gapsOf(withStatus(target.findings, 'unknown'));
  const names = [...failed, ...gaps.filter(({ more }) => more === 0).map(({ finding }) => finding)];
  const checkWidth = Math.min(
    Math.floor(options.width / 2) - INDENT,
    Math.max(CHECK_WIDTH, ...names.map(({ check }) => widthOf(check) + 1)),
  );
  const draw: Drawing = { ...options, paint, checkWidth };
  const seen = new Map<string, number>();
  for (const finding of failed) {
    const before = seen.get(finding.check) ?? 0;
    seen.set(finding.check, before + 1);
    if (before < SUBJECTS_SHOWN || options.verbose) lines.push(...failure(finding, before === 0, draw));
  }
  for (const [check, count] of seen) {
    if (count <= SUBJECTS_SHOWN || options.verbose) continue;
    lines.push(`${' '.repeat(INDENT)}${paint('dim', `and ${count - SUBJECTS_SHOWN} more of ${check}`)}`);
  }
  for (const gap of gaps) lines.push(...unknown(gap, draw));
  const ports = target.exposure
    ? prettyExposure(target.exposure, { width: options.width, verbose: options.verbose, paint })
    : [];
  if (ports.length > 0) lines.push('', ...ports, '');
  lines.push(...wrap(countsLine(target.findings), options.width - INDENT).map((line) => ' '.repeat(INDENT) + line));
  const cost = costLine(target);
  if (cost !== '') lines.push(`${' '.repeat(INDENT)}${paint('dim', cost)}`);
  return lines.join('\n');
}

function head(target: TargetReport, { width }: PrettyOptions, paint: Paint): string[] {
  const id = plainLine(target.id);
  const name = plainLine(target.name);
  const left = id === name ? id : `${padTo(id, INDENT - 1)} ${name}`;
  const grade = target.grade ?? 'no grade';
  const style: Style = /^[AB]/.test(grade) ? 'green' : /^C/.test(grade) ? 'yellow' : 'red';
  // A number from a small part would look like a verdict on the whole.
  const score = target.score === null || target.grade === null ? '' : `  ${target.score}`;
  const right = `${paint(style, paint('bold', `${grade}${score}`))}   coverage ${percent(target.coverage)}`;
  const gap = width - widthOf(left) - widthOf(right);
  const first =
    gap >= 2
      ? [`${paint('bold', left)}${' '.repeat(gap)}${right}`]
      : [paint('bold', left), `${' '.repeat(INDENT)}${right}`];
  const categories = target.categories
    .filter((one) => one.score !== null || one.coverage < 1)
    .map(
      ({ id: category, grade: one, score: points }) =>
        `${category} ${one ?? '?'}${points === null || one === null ? '' : ` ${points}`}`,
    )
    .join(' · ');
  const below = categories === '' ? [] : wrap(categories, width - INDENT).map((line) => ' '.repeat(INDENT) + line);
  const capped =
    target.cappedBy === null ? [] : [`${' '.repeat(INDENT)}${paint('dim', `held down by ${target.cappedBy}`)}`];
  return [...first, ...below, ...capped];
}

/** One finding: mark, severity, check and text in columns. An id that is wider than its column has a line of its own. */
function row(symbol: string, style: Style, finding: Finding, text: string, draw: Drawing): string[] {
  const { paint, width, checkWidth } = draw;
  const mark = paint(style, `${symbol} ${padTo(finding.severity, INDENT - 3)}`);
  const indent = INDENT + checkWidth;
  const lines = wrap(text, width - indent, draw.verbose ? Number.POSITIVE_INFINITY : LINES_SHOWN);
  const below = (rest: readonly string[]) => rest.map((line) => ' '.repeat(indent) + line);
  if (widthOf(finding.check) >= checkWidth) return [`${mark} ${finding.check}`, ...below(lines)];
  const [first = '', ...rest] = lines;
  return [`${mark} ${padTo(finding.check, checkWidth)}${first}`.trimEnd(), ...below(rest)];
}

function failure(finding: Finding, first: boolean, draw: Drawing): string[] {
  const { paint, width, verbose, meta: metaOf } = draw;
  const lines = row('✗', SEVERITY_STYLE[finding.severity], finding, plainLine(sentence(finding)), draw);
  const severe = finding.severity === 'critical' || finding.severity === 'high';
  if (!verbose && !(severe && first)) return lines;
  const meta = metaOf(finding.check);
  const add = (label: string, text: string | undefined, tail = '') => {
    if (text === undefined || text === '') return;
    const room = width - INDENT - 9;
    const [top = '', ...rest] = wrap(plainLine(text), room, label === 'fix' ? FIX_LINES : verbose ? 20 : 3);
    const start = `${' '.repeat(INDENT + 2)}${paint('dim', padTo(label, 7))}`;
    lines.push(start + top, ...rest.map((line) => ' '.repeat(INDENT + 9) + line));
    if (tail === '') return;
    for (const part of wrap(tail, room, 2)) lines.push(`${' '.repeat(INDENT + 9)}${paint('dim', part)}`);
  };
  const place = finding.location;
  add('at', place?.file === undefined ? undefined : `${place.file}${place.line === undefined ? '' : `:${place.line}`}`);
  add('seen', finding.seen);
  add('wanted', finding.wanted);
  add('fix', finding.remediation);
  const reference = finding.references[0]?.replace(/^https?:\/\/(?:www\.)?/, '').replace(/\/$/, '');
  add('why', meta?.rationale, plainLine(reference ?? ''));
  return lines;
}

/** What could not be seen; the same reason for many checks is one gap. */
interface Gap {
  reason: string;
  /** The worst of the findings. */
  finding: Finding;
  more: number;
  categories: string;
}

function gapsOf(findings: readonly Finding[]): Gap[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const text = plainLine(sentence(finding));
    groups.set(text, [...(groups.get(text) ?? []), finding]);
  }
  return [...groups].flatMap(([text, group]) => {
    const [finding, ...more] = group;
    if (!finding) return [];
    const reason = /^could not look/.test(text) ? text : `could not look: ${text}`;
    return [
      { reason, finding, more: more.length, categories: [...new Set(group.map((one) => one.category))].join(', ') },
    ];
  });
}

function unknown({ reason, finding, more, categories }: Gap, draw: Drawing): string[] {
  if (more === 0) return row('?', 'yellow', finding, reason, draw);
  return row('?', 'yellow', { ...finding, check: `${more + 1} checks` }, `${reason} (${categories})`, draw);
}
