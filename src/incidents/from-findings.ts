import type { Category } from '../core/category.ts';
import { byCheck, type Finding } from '../core/finding.ts';
import type { Incident } from '../core/incident.ts';
import { compareSeverity, reaches, type Severity } from '../core/severity.ts';
import type { Signal } from '../core/signal.ts';
import type { Target } from '../core/target.ts';

/** Key prefix of all incidents that audits of one target opened. */
export const auditKeyPrefix = (targetId: string): string => `audit:${targetId}:`;
export const auditKey = (targetId: string, category: Category): string => `${auditKeyPrefix(targetId)}${category}`;

export interface FromFindings {
  target: Target;
  /** What the newest audit said, waivers applied. */
  findings: readonly Finding[];
  /** The unresolved incidents of this target's audits, by key. */
  unresolved: ReadonlyMap<string, Incident>;
  /** Failures below it open nothing. */
  minSeverity: Severity | 'none';
  /** Epoch ms. */
  now: number;
}

const TITLES = 3;
const LINES = 10;

/**
 * What an audit has to say to the incidents: one incident per target and category, opened by its first failure at or
 * above `minSeverity`, closed when none of its causes fails any more. A cause that could not be looked at this time, or
 * whose check did not run, stays a cause: `unknown` neither opens nor closes.
 */
export function signalsFromFindings(input: FromFindings): Signal[] {
  const signals: Signal[] = [];
  const checks = byCheck(input.findings);
  const categories = new Set<Category>(input.findings.map((finding) => finding.category));
  for (const category of categories) {
    const key = auditKey(input.target.id, category);
    const incident = input.unresolved.get(key);
    const failing = input.findings.filter(
      (finding) =>
        finding.category === category && finding.status === 'fail' && reaches(finding.severity, input.minSeverity),
    );
    const kept = (incident?.causes ?? []).filter((cause) => stillUnseen(cause, checks));
    const signal = signalOf(input, category, key, incident, failing, kept);
    if (signal) signals.push(signal);
  }
  return signals;
}

const causeOf = (finding: Finding): string => `${finding.check}#${finding.fingerprint}`;

/** True where this audit could not tell whether the cause is gone. */
function stillUnseen(cause: string, checks: ReadonlyMap<string, readonly Finding[]>): boolean {
  const [check = '', fingerprint = ''] = cause.split('#');
  const findings = checks.get(check);
  if (!findings) return true;
  const same = findings.find((finding) => finding.fingerprint === fingerprint);
  if (same) return same.status === 'unknown';
  // The subject did not come up. That is good news only where the check saw everything it looks at.
  return findings.some((finding) => finding.status === 'unknown');
}

function signalOf(
  input: FromFindings,
  category: Category,
  key: string,
  incident: Incident | undefined,
  failing: readonly Finding[],
  kept: readonly string[],
): Signal | undefined {
  const { target, now } = input;
  const labels: Record<string, string> = {
    ...target.labels,
    target: target.id,
    environment: target.environment,
    category,
    ...(target.service === null ? {} : { service: target.service }),
  };
  const base = { key, at: now, source: 'audit' as const };
  const causes = [...new Set([...failing.map(causeOf), ...kept])].sort();
  if (causes.length === 0) {
    if (!incident) return undefined;
    const text = `nothing in ${category} fails any more`;
    return {
      ...base,
      kind: 'close',
      severity: incident.severity,
      title: incident.title,
      labels: incident.labels,
      text,
    };
  }
  const before = new Set(incident?.causes);
  const fresh = failing.filter((finding) => !before.has(causeOf(finding)));
  if (failing.length === 0 && incident) {
    // Nothing that fails was seen this time: the incident waits as it is, with the causes that nobody could look at.
    const { severity, title, labels: known } = incident;
    return { ...base, kind: 'open', severity, title, labels: known, text: 'could not look at what failed', causes };
  }
  const sorted = [...failing].sort((a, b) => compareSeverity(a.severity, b.severity));
  const severity = sorted[0]?.severity ?? incident?.severity;
  if (severity === undefined) return undefined;
  const keptWorse = incident && kept.length > 0 && compareSeverity(incident.severity, severity) < 0;
  const shown = keptWorse ? incident.severity : severity;
  const ids = [...new Set(sorted.map((finding) => finding.check))];
  const [only] = ids;
  return {
    ...base,
    kind: 'open',
    severity: shown,
    title: titleOf(target.name, category, sorted, ids),
    labels: { ...labels, severity: shown, ...(ids.length === 1 && only ? { check: only } : {}) },
    text: linesOf(incident ? fresh : sorted) || `${failing.length} still failing`,
    causes,
    news: fresh.length > 0,
  };
}

function titleOf(name: string, category: Category, failing: readonly Finding[], ids: readonly string[]): string {
  const [first] = failing;
  if (first && failing.length === 1) return `${name}: ${first.check}: ${first.message}`;
  const more = ids.length > TITLES ? ` and ${ids.length - TITLES} more` : '';
  return `${name}: ${failing.length} problems in ${category} (${ids.slice(0, TITLES).join(', ')}${more})`;
}

function linesOf(findings: readonly Finding[]): string {
  const lines = findings.slice(0, LINES).map((finding) => {
    const subject = finding.subject === '' ? '' : ` ${finding.subject}`;
    return `${finding.severity} ${finding.check}${subject}: ${finding.message}`;
  });
  if (findings.length > LINES) lines.push(`and ${findings.length - LINES} more`);
  return lines.join('\n');
}
