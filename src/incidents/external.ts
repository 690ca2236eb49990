import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';
import type { Severity } from '../core/severity.ts';
import type { Signal } from '../core/signal.ts';

const words = z.record(z.string().min(1).max(200), z.string().max(10_000));

/** An alert as Prometheus posts it to Alertmanager (API v2, "postableAlert"). Its labels are its identity. */
export const externalAlertSchema = z.object({
  labels: words.refine((labels) => Object.values(labels).some((value) => value !== ''), {
    message: 'an alert needs at least one label with a value',
  }),
  annotations: words.optional(),
  startsAt: z.iso.datetime({ offset: true }).optional(),
  endsAt: z.iso.datetime({ offset: true }).optional(),
  generatorURL: z.string().max(4_000).optional(),
});
export type ExternalAlert = z.infer<typeof externalAlertSchema>;

/** As Alertmanager's `resolve_timeout`: how long an alert holds after its last mention, where it names no end. ms. */
export const HOLDS_MS = 300_000;

const SEVERITIES: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  page: 'critical',
  emergency: 'critical',
  fatal: 'critical',
  high: 'high',
  error: 'high',
  major: 'high',
  warning: 'medium',
  warn: 'medium',
  medium: 'medium',
  minor: 'low',
  low: 'low',
  info: 'info',
  none: 'info',
};

/** What the world says, as our own signals; `until` is when it ends unless it is said again (epoch ms). */
export interface ExternalSignal {
  signal: Signal;
  until: number;
}

/**
 * An alert without an end, or with one to come, opens; one whose end has passed closes. A severity that we do not know is
 * `high`, as somebody thought it worth an alert. Go's zero time means that nothing was said.
 */
export function signalOf(alert: ExternalAlert, now: number): ExternalSignal {
  const labels = Object.fromEntries(Object.entries(alert.labels).filter(([, value]) => value !== ''));
  const said = instantOf(alert.endsAt);
  const ended = said !== undefined && said <= now;
  const { annotations = {} } = alert;
  const text = [annotations.description ?? annotations.message, alert.generatorURL].filter(Boolean).join(' ');
  const runbook = annotations.runbook_url ?? annotations.runbook;
  const signal: Signal = {
    key: `external:${fingerprint(labels)}`,
    kind: ended ? 'close' : 'open',
    at: Math.min(now, ended ? (said ?? now) : (instantOf(alert.startsAt) ?? now)),
    severity: SEVERITIES[(labels.severity ?? '').toLowerCase()] ?? 'high',
    title: (annotations.summary ?? annotations.title ?? labels.alertname ?? 'alert').slice(0, 500),
    labels: { ...labels, ...(runbook === undefined ? {} : { runbook }) },
    source: 'external',
    ...(text === '' ? {} : { text: text.slice(0, 4_000) }),
  };
  return { signal, until: said === undefined || ended ? now + HOLDS_MS : said };
}

/** The end of an alert that nobody mentioned again in time. */
export function silent(key: string, title: string, now: number): Signal {
  const text = 'it was not said again in time, so it counts as over';
  return { key, kind: 'close', at: now, severity: 'info', title, labels: {}, source: 'external', text };
}

function instantOf(text: string | undefined): number | undefined {
  if (text === undefined || text.startsWith('0001-01-01T')) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** The same for the same labels in any order. */
function fingerprint(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(sorted)))).slice(0, 32);
}
