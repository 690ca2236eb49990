import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ExposureRow } from '../core/exposure-table.ts';
import type { Finding } from '../core/finding.ts';
import type { AuditReport, TargetReport } from '../core/report.ts';
import { html, linkable } from './escape.ts';
import { EXPOSURE_WORDS, isBadExposure, outsideText, processText, ruleTexts } from './exposure.ts';
import { HTML_STYLE } from './html-style.ts';
import { costLine, countsLine, percent, type ReportContext, sentence, withStatus } from './summary.ts';

/** One page that needs nothing else: no script, no font, no request. Its policy forbids everything but its own style. */
export function htmlReport(report: AuditReport, context: ReportContext): string {
  const policy = `default-src 'none'; style-src 'sha256-${base64(sha256(utf8ToBytes(HTML_STYLE)))}'; base-uri 'none'; form-action 'none'`;
  const names = report.targets.map((target) => target.name).join(', ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Audit of ${html(names)}</title>
<style>${HTML_STYLE}</style>
</head>
<body>
<header>
<h1>Audit</h1>
<p class="soft"><time datetime="${html(report.generatedAt)}">${html(report.generatedAt)}</time> · seaworthy ${html(report.tool.version)}</p>
</header>
<main>
${report.targets.map((target) => section(target, context)).join('\n')}
</main>
</body>
</html>
`;
}

function section(target: TargetReport, context: ReportContext): string {
  const grade = target.grade ?? 'no grade';
  const style = target.grade === null ? 'none' : target.grade.charAt(0).toLowerCase();
  const categories = target.categories.map(
    (one) => `<li>${html(one.id)} <b>${html(one.grade ?? '?')}</b> ${one.score ?? ''}</li>`,
  );
  return [
    `<section><div class="head"><h2>${html(target.name)}</h2>`,
    `<span class="grade ${style}">${html(grade)} ${target.score ?? ''}</span></div>`,
    `<p>${html(countsLine(target.findings))} · coverage ${percent(target.coverage)}</p>`,
    target.cappedBy === null ? '' : `<p class="soft">held down by <code>${html(target.cappedBy)}</code></p>`,
    categories.length === 0 ? '' : `<ul class="categories">${categories.join('')}</ul>`,
    ports(target.exposure ?? []),
    group('Failed', '✗', withStatus(target.findings, 'fail'), context, true),
    group('Could not look', '?', withStatus(target.findings, 'unknown'), context, true),
    group('Waived', '–', withStatus(target.findings, 'waived'), context, false),
    group('Passed', '✓', withStatus(target.findings, 'pass'), context, false),
    group('Not applicable', '·', withStatus(target.findings, 'not-applicable'), context, false),
    `<p class="soft">${html(costLine(target))}</p></section>`,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function ports(rows: readonly ExposureRow[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map((row) => {
    const style = isBadExposure(row.kind) ? ' class="high"' : row.kind === 'unknown' ? ' class="medium"' : '';
    const cells = [
      `${row.port}/${row.protocol}`,
      html(processText(row)),
      row.bind.map((one) => `<code>${html(one)}</code>`).join(' '),
      ruleTexts(row)
        .map((rule) => `<code>${html(rule)}</code>`)
        .join('<br>'),
      outsideText(row),
      row.declared ? 'yes' : 'no',
    ];
    const [port, ...rest] = cells;
    const mark = isBadExposure(row.kind) ? '✗ ' : row.kind === 'unknown' ? '? ' : '';
    return `<tr><th scope="row">${port}</th><td${style}>${mark}${EXPOSURE_WORDS[row.kind]}</td>${rest.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const names = ['port', 'verdict', 'process (package)', 'bound to', 'rule', 'outside v4 / v6', 'declared'];
  const head = names.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<h3>Ports (${rows.length})</h3>\n<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

function group(
  title: string,
  symbol: string,
  findings: readonly Finding[],
  context: ReportContext,
  showSeverity: boolean,
): string {
  if (findings.length === 0) return '';
  const rows = findings.map((finding) => {
    const mark = showSeverity
      ? `<span class="${finding.severity}">${symbol} ${finding.severity}</span>`
      : `<span>${symbol}</span>`;
    return `<details><summary>${mark}<code>${html(finding.check)}</code><span>${html(sentence(finding))}</span></summary>${evidence(finding, context)}</details>`;
  });
  return `<h3>${html(title)} (${findings.length})</h3>\n${rows.join('\n')}`;
}

function evidence(finding: Finding, context: ReportContext): string {
  const { location, waiver } = finding;
  const rows: [string, string | undefined][] = [
    ['holds when', html(finding.title)],
    ['at', location?.file && `<code>${html(`${location.file}${location.line ? `:${location.line}` : ''}`)}</code>`],
    ['commit', location?.commit && `<code>${html(location.commit)}</code>`],
    ['seen', finding.seen && `<code>${html(finding.seen)}</code>`],
    ['wanted', finding.wanted && `<code>${html(finding.wanted)}</code>`],
    ['fix', finding.remediation && html(finding.remediation)],
    ['why', html(context.meta(finding.check)?.rationale ?? '')],
    ['waived', waiver ? html(`until ${waiver.until}: ${waiver.reason} (${waiver.owner})`) : undefined],
    ['sources', finding.references.map(reference).join('\n')],
  ];
  const shown = rows.filter(([, value]) => value);
  return `<dl>${shown.map(([label, value]) => `<dt>${label}</dt><dd>${value}</dd>`).join('')}</dl>`;
}

function reference(text: string): string {
  const link = linkable(text);
  return link === undefined ? html(text) : `<a href="${html(link)}" rel="noreferrer">${html(link)}</a>`;
}

function base64(bytes: Uint8Array): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const bits = [...bytesToHex(bytes)].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0')).join('');
  const text = (bits.match(/.{1,6}/g) ?? []).map((six) => alphabet[Number.parseInt(six.padEnd(6, '0'), 2)]).join('');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}
