import { byCheck, type Finding } from '../core/finding.ts';
import type { AuditReport, TargetReport } from '../core/report.ts';
import type { Severity } from '../core/severity.ts';
import { linkable, plainText } from './escape.ts';
import { type ReportContext, sentence } from './summary.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** SARIF 2.1.0, section 3.27.10. */
const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** What code scanning services sort by: over 9 critical, 7 to 8.9 high, 4 to 6.9 medium, below low. */
const SECURITY_SEVERITY: Record<Severity, string> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '0.0',
};

export type BaselineState = 'new' | 'unchanged' | 'updated' | 'absent';

export interface SarifOptions extends ReportContext {
  /** What a finding is against the baseline; without it no result says so. */
  baselineState?(finding: Finding, target: TargetReport): BaselineState | undefined;
  /** What the baseline had and this audit no longer finds. */
  absent?: readonly { target: TargetReport; finding: Finding }[];
}

/**
 * SARIF 2.1.0. Results are failures, waived ones with their suppression; viewers show every result as a problem, so
 * passes are left out, and what could not be looked at stands as a notification of the invocation.
 */
export function sarifReport(report: AuditReport, options: SarifOptions): string {
  const all = report.targets.flatMap((target) => target.findings.map((finding) => ({ target, finding })));
  const checks = [...byCheck([...all, ...(options.absent ?? [])].map(({ finding }) => finding)).values()];
  const rules = checks.map(([first]) => first).filter((first) => first !== undefined);
  const indexOf = new Map(rules.map((rule, index) => [rule.check, index]));
  const failing = all.filter(({ finding }) => finding.status === 'fail' || finding.status === 'waived');
  const unknown = all.filter(({ finding }) => finding.status === 'unknown');
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            rules: rules.map((rule) => toRule(rule, options)),
          },
        },
        invocations: [
          {
            executionSuccessful: all.length === 0 || unknown.length < all.length,
            endTimeUtc: report.generatedAt,
            toolExecutionNotifications: unknown.map(({ target, finding }) => ({
              level: 'warning',
              message: { text: text(`${target.name}: ${sentence(finding)}`) },
              associatedRule: { id: finding.check, index: indexOf.get(finding.check) ?? -1 },
            })),
          },
        ],
        results: [
          ...failing.map(({ target, finding }) =>
            toResult(target, finding, indexOf, options.baselineState?.(finding, target)),
          ),
          ...(options.absent ?? []).map(({ target, finding }) => toResult(target, finding, indexOf, 'absent')),
        ],
        columnKind: 'utf16CodeUnits',
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function toRule(finding: Finding, { meta }: ReportContext) {
  const check = meta(finding.check);
  const help = linkable(finding.references[0] ?? '');
  const severity = check?.severity ?? finding.severity;
  return {
    id: finding.check,
    name: finding.check.replace(/(?:^|[.-])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: text(finding.title) },
    fullDescription: { text: text(check?.rationale ?? finding.title) },
    ...(check ? { help: { text: text(check.remediation) } } : {}),
    ...(help === undefined ? {} : { helpUri: help }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['security', finding.category],
      'security-severity': SECURITY_SEVERITY[severity],
    },
  };
}

function toResult(
  target: TargetReport,
  finding: Finding,
  indexOf: ReadonlyMap<string, number>,
  baselineState: BaselineState | undefined,
) {
  const { seen, wanted, remediation } = finding;
  const parts = [
    sentence(finding),
    seen && `Seen: ${seen}`,
    wanted && `Wanted: ${wanted}`,
    remediation && `Fix: ${remediation}`,
  ];
  return {
    ruleId: finding.check,
    ruleIndex: indexOf.get(finding.check) ?? -1,
    kind: 'fail',
    level: LEVELS[finding.severity],
    message: { text: text(parts.filter(Boolean).join('\n')) },
    locations: [toLocation(target, finding)],
    partialFingerprints: { 'seaworthy/v1': finding.fingerprint },
    ...(baselineState === undefined ? {} : { baselineState }),
    ...(finding.status === 'waived'
      ? {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: text(
                `${finding.waiver?.reason} (${finding.waiver?.owner}, until ${finding.waiver?.until})`,
              ),
            },
          ],
        }
      : {}),
    properties: { target: target.id, severity: finding.severity, subject: plainText(finding.subject) },
  };
}

/** A file where there is one; else a name that stands for the target, because upload services insist on an artifact. */
function toLocation(target: TargetReport, finding: Finding) {
  const { file, line } = finding.location ?? {};
  const path = file ?? `${target.kind}/${target.id}`;
  const uri = path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .map((part) => encodeURIComponent(plainText(part)))
    .join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri: uri === '' ? 'target' : uri },
      ...(line !== undefined && line >= 1 ? { region: { startLine: line } } : {}),
    },
    logicalLocations: [
      {
        name: plainText(target.name),
        fullyQualifiedName: plainText(`${target.id}/${finding.subject}`),
        kind: target.kind,
      },
    ],
  };
}

/** Message text: brackets would be read as links (section 3.11.6). */
function text(value: string): string {
  return plainText(value).replace(/[\\[\]]/g, '\\$&');
}
