import type { UptimeFacts } from './uptime.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const MONTH = 30 * 86_400_000;

/** A month of looks every 30 seconds with a minute of downtime. */
export function exampleUptime(more: Partial<UptimeFacts> = {}): UptimeFacts {
  return {
    from: NOW - MONTH,
    to: NOW,
    upMs: MONTH - 60_000,
    downMs: 60_000,
    unknownMs: 0,
    maintenanceMs: 0,
    uptime: (MONTH - 60_000) / MONTH,
    observed: 1,
    objective: 0.999,
    latency: { count: 2_880, p95Ms: 180, belowMs: null },
    looks: { everyMs: 30_000, due: 2_880, taken: 2_880, unknown: 0, latenessP99Ms: 20 },
    ...more,
  };
}
