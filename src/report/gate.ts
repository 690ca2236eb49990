import type { GateFinding, GateReport } from '../core/gate.ts';
import type { AuditReport } from '../core/report.ts';
import { markdown, plainLine } from './escape.ts';
import { htmlReport } from './html.ts';
import type { ReportFormat } from './index.ts';
import { junitReport } from './junit.ts';
import { findingsTable } from './markdown.ts';
import type { PrettyOptions } from './pretty.ts';
import { type BaselineState, sarifReport } from './sarif.ts';
import { byImportance, sentence } from './summary.ts';
import { padTo, painter, type Style, wrap } from './terminal-text.ts';

const VERDICTS: Record<GateReport['verdict'], { symbol: string; text: string; style: Style }> = {
  pass: { symbol: '✓', text: 'the gate is open', style: 'green' },
  fail: { symbol: '✗', text: 'the gate is shut', style: 'red' },
  'could-not-look': { symbol: '?', text: 'could not look', style: 'yellow' },
};

/** The gate's answer as text; SARIF, JUnit and HTML carry the whole audit, marked with what is new. */
export function renderGate(
  gate: GateReport,
  report: AuditReport,
  format: ReportFormat,
  options: PrettyOptions,
): string {
  const isNew = (fingerprint: string, target: string) =>
    gate.regressions.some((one) => one.fingerprint === fingerprint && one.target === target);
  switch (format) {
    case 'json':
      return `${JSON.stringify(gate, null, 2)}\n`;
    case 'sarif':
      return sarifReport(report, {
        ...options,
        baselineState: (finding, target): BaselineState => {
          const known = gate.existing.some(
            (one) => one.fingerprint === finding.fingerprint && one.target === target.id,
          );
          return finding.status === 'waived' || known ? 'unchanged' : 'new';
        },
        absent: gate.fixed.flatMap(({ target: id, ...finding }) => {
          const target = report.targets.find((one) => one.id === id);
          return target ? [{ target, finding }] : [];
        }),
      });
    case 'junit':
      return junitReport(report, { counts: (finding, target) => isNew(finding.fingerprint, target.id) });
    case 'html':
      return htmlReport(report, options);
    case 'markdown':
      return gateMarkdown(gate);
    case 'pretty':
      return gatePretty(gate, options);
  }
}

function gatePretty(gate: GateReport, options: PrettyOptions): string {
  const paint = painter(options.color);
  const { symbol, text, style } = VERDICTS[gate.verdict];
  const { before, after } = gate.score;
  const score = before === null ? `score ${after ?? '?'}` : `score ${before} → ${after ?? '?'}`;
  const lines = [`${paint(style, `${symbol} ${text}`)}   ${score}`];
  for (const reason of gate.reasons)
    lines.push(...wrap(plainLine(reason), options.width - 2).map((line) => `  ${line}`));
  const list = (title: string, mark: string, findings: readonly GateFinding[], full: boolean) => {
    if (findings.length === 0) return;
    lines.push('', `${paint('bold', title)} (${findings.length})`);
    for (const one of [...findings].sort(byImportance)) {
      const start = `${mark} ${padTo(one.severity, 8)} ${padTo(one.check, 20)} `;
      const [first = '', ...rest] = wrap(plainLine(`${one.target}: ${sentence(one)}`), options.width - start.length, 3);
      lines.push(start + first, ...rest.map((line) => ' '.repeat(start.length) + line));
      for (const [label, value] of full
        ? ([
            ['seen', one.seen],
            ['fix', one.remediation],
          ] as const)
        : []) {
        if (value === undefined) continue;
        const parts = wrap(plainLine(value), options.width - 20, 3);
        lines.push(...parts.map((part, index) => `${' '.repeat(13)}${padTo(index === 0 ? label : '', 7)}${part}`));
      }
    }
  };
  list('New', '✗', gate.regressions, true);
  list('Can no longer be looked at', '?', gate.lostCoverage, false);
  list('Fixed', '✓', gate.fixed, false);
  const rest = [...toleratedOf(gate), `${gate.existing.length} known`, `${gate.waived.length} waived`];
  lines.push('', paint('dim', rest.join(' · ')));
  return `${lines.join('\n')}\n`;
}

function gateMarkdown(gate: GateReport): string {
  const { text } = VERDICTS[gate.verdict];
  const { before, after } = gate.score;
  const named = (findings: readonly GateFinding[]) =>
    findings.map((one) => ({ ...one, message: `${one.target}: ${sentence(one)}`, subject: '' })).sort(byImportance);
  return `${[
    `## Gate: ${text}`,
    '',
    `Score ${before === null ? '' : `${before} → `}${after ?? 'none'}. ${[...toleratedOf(gate), ''].join(', ')}${gate.existing.length} known, ${gate.waived.length} waived.`,
    ...(gate.reasons.length === 0 ? [] : ['', ...gate.reasons.map((reason) => `- ${markdown(reason)}`)]),
    ...findingsTable('New', named(gate.regressions)),
    ...findingsTable('Can no longer be looked at', named(gate.lostCoverage)),
    ...findingsTable('Fixed', named(gate.fixed)),
  ].join('\n')}\n`;
}

function toleratedOf(gate: GateReport): string[] {
  return gate.tolerated.length === 0 ? [] : [`${gate.tolerated.length} new but milder`];
}
