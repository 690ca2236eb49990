import type { Category } from '../../../src/core/category.ts';
import type { Finding } from '../../../src/core/finding.ts';
import type { Severity } from '../../../src/core/severity.ts';

/** Lists in the order in which they are shown. Written again here because the browser runs nothing of the service. */
export const CATEGORIES = [
  'headers',
  'tls',
  'dns',
  'ssh',
  'host',
  'firewall',
  'secrets',
  'backup',
  'uptime',
  'pipeline',
  'migrations',
  'parity',
  'readiness',
] as const satisfies readonly Category[];
export const STATUSES = [
  'fail',
  'unknown',
  'waived',
  'pass',
  'not-applicable',
] as const satisfies readonly Finding['status'][];
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const satisfies readonly Severity[];

/** Fails to compile when the service knows a word that is missing above. */
type Missing =
  | Exclude<Category, (typeof CATEGORIES)[number]>
  | Exclude<Finding['status'], (typeof STATUSES)[number]>
  | Exclude<Severity, (typeof SEVERITIES)[number]>;
export const NOTHING_MISSING: [Missing] extends [never] ? true : Missing = true;
