import { readFileSync } from 'node:fs';
import { CHECKS } from '../../checks/index.ts';
import { auditTarget, auditTargets } from '../../src/audit/audit.ts';
import type { HostTarget } from '../../src/core/target.ts';
import { PROBES } from '../../src/probes/index.ts';

/** What the process of its own that audits many hosts at once says, as one line of JSON. */
export interface Fifty {
  ms: number;
  connections: number;
  /** Facts that were read. */
  read: number;
  /** Resident set in bytes: after one audit, and at the peak of the many. */
  before: number;
  peak: number;
}

// Started by the benchmark `hosts` with the targets on stdin.
const targets: HostTarget[] = JSON.parse(readFileSync(0, 'utf8'));
const checks = CHECKS.filter((check) => check.category === 'host' || check.category === 'ssh').filter(
  (check) => !check.needs.includes('host.scan'),
);
const parts = { checks, probes: PROBES, recognise: async () => 'tcp' as const, now: () => Date.now() };
const [first] = targets;
if (!first) throw new Error('no targets');
// Code, keys and pages that any audit needs are there before anything is measured.
await auditTarget(first, parts);
const before = process.memoryUsage.rss();
const started = performance.now();
const done = await auditTargets(targets, { ...parts, concurrency: targets.length });
const ms = performance.now() - started;
const facts = done.flatMap(({ bundle }) => Object.values(bundle.facts));
const said: Fifty = {
  ms,
  connections: done.reduce((sum, { caused }) => sum + caused.connections, 0),
  read: facts.filter((fact) => fact?.ok).length,
  before,
  // The kernel's own high-water mark of this process, in KiB.
  peak: process.resourceUsage().maxRSS * 1024,
};
console.log(JSON.stringify(said));
