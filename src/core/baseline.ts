import { z } from 'zod';
import type { Known } from './diff.ts';
import { AppError } from './error.ts';
import { byCheck, statusSchema, worstStatus } from './finding.ts';
import { type AuditReport, auditReportSchema } from './report.ts';
import { severitySchema } from './severity.ts';

const knownSchema = z.object({
  target: z.string(),
  check: z.string(),
  subject: z.string(),
  status: statusSchema,
  severity: severitySchema,
  fingerprint: z.string(),
});

/** What a gate compares with. It holds no evidence, hence no secrets, and one finding a line, so that it merges. */
export const baselineSchema = z.object({
  schemaVersion: z.literal(1),
  tool: z.object({ name: z.literal('seaworthy'), version: z.string() }),
  scores: z.record(z.string(), z.number().nullable()),
  findings: z.array(knownSchema),
});
export type Baseline = z.infer<typeof baselineSchema>;

/** What is worth remembering of an audit: failures, gaps and waivers one by one, a check that passes once. */
export function toBaseline(report: AuditReport): Baseline {
  const findings: Known[] = [];
  for (const target of report.targets) {
    for (const [check, group] of byCheck(target.findings)) {
      const status = worstStatus(group.map((one) => one.status));
      if (status === 'not-applicable') continue;
      const kept =
        status === 'pass'
          ? group.slice(0, 1)
          : group.filter((one) => one.status !== 'pass' && one.status !== 'not-applicable');
      for (const one of kept) {
        const { fingerprint, severity, subject } = one;
        const shown = status === 'pass' ? '' : subject;
        findings.push({ target: target.id, check, subject: shown, status: one.status, severity, fingerprint });
      }
    }
  }
  return {
    schemaVersion: 1,
    tool: report.tool,
    scores: Object.fromEntries(report.targets.map((target) => [target.id, target.score])),
    findings: findings.sort(inOrder),
  };
}

function inOrder(a: Known, b: Known): number {
  for (const key of ['target', 'check', 'subject', 'fingerprint'] as const) {
    if (a[key] !== b[key]) return a[key] < b[key] ? -1 : 1;
  }
  return 0;
}

/** Replaces what a baseline says about the targets and checks of `newer`, and keeps the rest: an update may be partial. */
export function mergeBaseline(older: Baseline | null, newer: Baseline, asked: ReadonlySet<string>): Baseline {
  if (!older) return newer;
  const kept = older.findings.filter((one) => !asked.has(`${one.target}\0${one.check}`));
  return {
    ...newer,
    scores: { ...older.scores, ...newer.scores },
    findings: [...kept, ...newer.findings].sort(inOrder),
  };
}

/** As text: sorted, a finding a line. */
export function formatBaseline(baseline: Baseline): string {
  const lines = (items: string[]) => (items.length === 0 ? '' : `\n${items.join(',\n')}\n`);
  const scores = Object.entries(baseline.scores)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([target, score]) => `${JSON.stringify(target)}: ${score}`);
  const findings = baseline.findings.map((one) => JSON.stringify(one));
  return `{"schemaVersion": 1,\n"tool": ${JSON.stringify(baseline.tool)},\n"scores": {${lines(scores)}},\n"findings": [${lines(findings)}]}\n`;
}

/** Reads a baseline, or an audit report in its place. `where` names it in messages. */
export function parseBaseline(text: string, where: string): Baseline {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    const conflict = /^<{7} /m.test(text);
    throw new AppError(
      'baseline-invalid',
      `${where} is not JSON${conflict ? ': it holds conflict marks of a merge' : ''}`,
      {
        hint: 'write it again with `seaworthy gate --update-baseline`',
      },
    );
  }
  const baseline = baselineSchema.safeParse(data);
  if (baseline.success) return baseline.data;
  const report = auditReportSchema.safeParse(data);
  if (report.success) return toBaseline(report.data);
  const [issue] = baseline.error.issues;
  throw new AppError(
    'baseline-invalid',
    `${where} is no baseline: ${issue?.path.join('.') || 'it'}: ${issue?.message}`,
    {
      hint: 'write it again with `seaworthy gate --update-baseline`',
    },
  );
}
