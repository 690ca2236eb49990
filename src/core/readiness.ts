import { type Finding, worstStatus } from './finding.ts';

/** How one requirement of the list is proven. */
export type Proof =
  /** By checks of ours: every named check (or category, as `tls.*`) that was asked must pass. */
  | { by: 'checks'; checks: readonly string[] }
  /** By what the configuration says. */
  | { by: 'configuration'; holds: 'owner' | 'runbook' | 'alerting' | 'monitor' }
  /** By a person's word with evidence and an end. */
  | { by: 'attestation' };

export interface Requirement {
  /** `readiness.noun`, public and stable. */
  id: string;
  requirement: string;
  why: string;
  proof: Proof;
}

/** A person's word that a requirement (`item`) is met. `validUntil` is epoch ms, the first moment at which it no longer counts. */
export interface Attestation {
  item: string;
  service: string;
  owner: string;
  statement: string;
  evidence: string | null;
  validUntil: number;
}

/** What the configuration tells about a service. */
export interface ServiceDeclaration {
  id: string;
  owner: string | null;
  runbook: string | null;
  hasMonitor: boolean;
  /** Whether a route leads to somebody. */
  hasAlerting: boolean;
}

export interface ReadinessItem {
  id: string;
  requirement: string;
  why: string;
  /** `unknown` = nobody has looked or said anything. It is not met. */
  status: 'met' | 'not-met' | 'unknown';
  evidence: string;
  by: string | null;
  until: string | null;
}

/** The list that a service meets before it goes live. */
export const REQUIREMENTS: readonly Requirement[] = [
  {
    id: 'readiness.pipeline',
    requirement: 'A pipeline with automated tests gates every deployment',
    why: 'What nobody checks breaks in production.',
    proof: { by: 'checks', checks: ['pipeline.*'] },
  },
  {
    id: 'readiness.rollback-tested',
    requirement: 'Rolling back is tested and documented',
    why: 'The first roll-back should not be during an outage.',
    proof: { by: 'attestation' },
  },
  {
    id: 'readiness.health-endpoints',
    requirement: 'It is watched from outside',
    why: 'Customers should not be the ones who tell.',
    proof: { by: 'configuration', holds: 'monitor' },
  },
  {
    id: 'readiness.dashboards',
    requirement: 'Dashboards show its key figures',
    why: 'What cannot be seen cannot be mended.',
    proof: { by: 'attestation' },
  },
  {
    id: 'readiness.alerts-with-severity-and-runbook',
    requirement: 'Alerts reach somebody, with a severity and a runbook',
    why: 'An alert without a next step costs the night.',
    proof: { by: 'configuration', holds: 'runbook' },
  },
  {
    id: 'readiness.on-call',
    requirement: 'Somebody is told when it stops being fit',
    why: 'An alert that reaches nobody is a log line.',
    proof: { by: 'configuration', holds: 'alerting' },
  },
  {
    id: 'readiness.structured-logs',
    requirement: 'Logs are JSON lines with a correlation id',
    why: 'Without one, a request cannot be followed through services.',
    proof: { by: 'attestation' },
  },
  {
    id: 'readiness.error-tracking',
    requirement: 'Errors are tracked with their release',
    why: 'A stack trace with a release says which change did it.',
    proof: { by: 'attestation' },
  },
  {
    id: 'readiness.secrets',
    requirement: 'No secrets in code, in what is served or in plain environment variables',
    why: 'A leaked credential is the most common way in.',
    proof: { by: 'checks', checks: ['secrets.*'] },
  },
  {
    id: 'readiness.https',
    requirement: 'HTTPS everywhere, with a certificate that will not surprise',
    why: 'Anything else can be read and changed on the way.',
    proof: { by: 'checks', checks: ['tls.*', 'headers.https-redirect', 'headers.hsts'] },
  },
  {
    id: 'readiness.encryption-at-rest',
    requirement: 'Data is encrypted at rest',
    why: 'Disks and snapshots leave the building.',
    proof: { by: 'attestation' },
  },
  {
    id: 'readiness.hardened-hosts',
    requirement: 'Hosts are hardened: keys only, no root log-in, a firewall that lets in what must come in',
    why: 'The door that stands open is the one that is used.',
    proof: { by: 'checks', checks: ['ssh.*', 'firewall.*', 'host.*'] },
  },
  {
    id: 'readiness.multi-zone',
    requirement: 'It runs in several zones',
    why: 'A zone fails as a whole.',
    proof: { by: 'attestation' },
  },
  {
    id: 'readiness.backups',
    requirement: 'Backups are automated, fresh and off the host',
    why: 'A backup on the lost machine is lost with it.',
    proof: { by: 'checks', checks: ['backup.*'] },
  },
  {
    id: 'readiness.tested-restore',
    requirement: 'A restore was tested lately',
    why: 'A backup that was never restored is a hope.',
    proof: { by: 'attestation' },
  },
  {
    id: 'readiness.owner',
    requirement: 'Somebody owns it',
    why: 'What belongs to everybody is mended by nobody.',
    proof: { by: 'configuration', holds: 'owner' },
  },
  {
    id: 'readiness.decision-records',
    requirement: 'Architecture decisions are recorded',
    why: 'The reason is what the next engineer needs most.',
    proof: { by: 'attestation' },
  },
  {
    id: 'readiness.load-tested',
    requirement: 'It was tested under load',
    why: 'The limit should be known before it is met.',
    proof: { by: 'attestation' },
  },
  {
    id: 'readiness.disaster-recovery',
    requirement: 'The whole environment can be built again within an hour',
    why: 'One day it has to be.',
    proof: { by: 'attestation' },
  },
];

export interface ReadinessInput {
  service: ServiceDeclaration;
  /** The findings of all targets of the service. */
  findings: readonly Finding[];
  attestations: readonly Attestation[];
  /** Epoch ms. */
  now: number;
}

/** The list of one service: each requirement with how it is proven, or that it is not. */
export function readinessOf(input: ReadinessInput): ReadinessItem[] {
  return REQUIREMENTS.map((requirement) => {
    const { id, why } = requirement;
    const base = { id, requirement: requirement.requirement, why, by: null, until: null };
    return { ...base, ...verdictOn(requirement, input) };
  });
}

function verdictOn({ id, proof }: Requirement, input: ReadinessInput): Verdict {
  if (proof.by === 'checks') return byChecks(proof.checks, input.findings);
  if (proof.by === 'configuration') return byConfiguration(proof.holds, input.service);
  return byAttestation(id, input);
}

type Verdict = Pick<ReadinessItem, 'status' | 'evidence'> & Partial<Pick<ReadinessItem, 'by' | 'until'>>;

function byChecks(patterns: readonly string[], findings: readonly Finding[]): Verdict {
  const own = findings.filter(
    (finding) =>
      finding.severity !== 'info' &&
      patterns.some((pattern) =>
        pattern.endsWith('.*') ? finding.check.startsWith(pattern.slice(0, -1)) : finding.check === pattern,
      ),
  );
  const judged = own.filter((finding) => finding.status !== 'not-applicable');
  if (judged.length === 0)
    return { status: 'unknown', evidence: `no target of this service was asked ${patterns.join(', ')}` };
  const open = [...new Set(judged.filter((finding) => finding.status === 'fail').map((finding) => finding.check))];
  if (open.length > 0)
    return { status: 'not-met', evidence: `${listed(open)} ${open.length === 1 ? 'fails' : 'fail'}` };
  const dark = [...new Set(judged.filter((finding) => finding.status === 'unknown').map((finding) => finding.check))];
  if (worstStatus(judged.map((finding) => finding.status)) === 'unknown')
    return { status: 'unknown', evidence: `could not look: ${listed(dark)}` };
  return { status: 'met', evidence: `${new Set(judged.map((finding) => finding.check)).size} checks pass` };
}

function listed(checks: readonly string[]): string {
  return checks.length <= 3 ? checks.join(', ') : `${checks.slice(0, 3).join(', ')} and ${checks.length - 3} more`;
}

function byConfiguration(holds: 'owner' | 'runbook' | 'alerting' | 'monitor', service: ServiceDeclaration): Verdict {
  const verdict = (met: boolean, evidence: string, missing: string): Verdict => ({
    status: met ? 'met' : 'not-met',
    evidence: met ? evidence : missing,
  });
  switch (holds) {
    case 'owner':
      return verdict(service.owner !== null, `owned by ${service.owner}`, 'the service names no `owner:`');
    case 'runbook':
      return verdict(service.runbook !== null, service.runbook ?? '', 'the service names no `runbook:`');
    case 'alerting':
      return verdict(
        service.hasAlerting,
        'a route leads to somebody',
        'no route of `alerting:` takes the incidents of this service',
      );
    case 'monitor':
      return verdict(service.hasMonitor, 'a target has a monitor', 'no target of this service has a `monitor:`');
  }
}

function byAttestation(id: string, input: ReadinessInput): Verdict {
  const [newest] = input.attestations
    .filter((attestation) => attestation.item === id && attestation.service === input.service.id)
    .sort((a, b) => b.validUntil - a.validUntil);
  if (!newest) return { status: 'unknown', evidence: 'nobody has vouched for it' };
  const by = newest.owner;
  // The day that is shown is the last on which the word counts.
  const until = new Date(newest.validUntil - 1).toISOString().slice(0, 10);
  if (newest.validUntil <= input.now) return { status: 'not-met', evidence: `the word of ${by} ended`, by, until };
  return { status: 'met', evidence: newest.evidence ?? newest.statement, by, until };
}
