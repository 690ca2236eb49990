import type { BeatState, MonitorState } from '../../core/monitor.ts';
import { int, json, real, str, table } from '../columns.ts';

/** Where each monitor stands: the fold of its beats, so that a restart forgets nothing. */
export const monitorStates = table(
  'monitor_states',
  {
    monitorId: str.required(),
    state: str.required<BeatState>(),
    since: int.required(),
    body: json.required<MonitorState>(),
    updatedAt: int.required(),
  },
  { primary: ['monitorId'] },
);

/** Raw looks, kept for days. */
export const beats = table(
  'beats',
  {
    monitorId: str.required(),
    scheduledAt: int.required(),
    startedAt: int.required(),
    finishedAt: int.required(),
    state: str.required<BeatState>(),
    latencyMs: real.nullable(),
    code: int.nullable(),
    reason: str.nullable(),
    resolveMs: real.nullable(),
    connectMs: real.nullable(),
    tlsMs: real.nullable(),
    firstByteMs: real.nullable(),
    transferMs: real.nullable(),
  },
  { primary: ['monitorId', 'scheduledAt'] },
);

/** Beats summed by minute, hour and day (UTC): `from` is a multiple of `widthMs`. */
export const rollups = table(
  'rollups',
  {
    monitorId: str.required(),
    widthMs: int.required(),
    from: int.required(),
    up: int.required(),
    down: int.required(),
    unknown: int.required(),
    latencyCount: int.required(),
    latencySum: real.required(),
    latencyMin: real.nullable(),
    latencyMax: real.nullable(),
    resolveSum: real.nullable(),
    connectSum: real.nullable(),
    tlsSum: real.nullable(),
    firstByteSum: real.nullable(),
    transferSum: real.nullable(),
  },
  { primary: ['monitorId', 'widthMs', 'from'] },
);

/** Confirmed changes of a monitor, from which uptime over any range is exact. Kept for ever. */
export const monitorChanges = table(
  'monitor_changes',
  {
    monitorId: str.required(),
    at: int.required(),
    fromState: str.required<BeatState>(),
    toState: str.required<BeatState>(),
    reason: str.nullable(),
  },
  { primary: ['monitorId', 'at'] },
);

export const PING_KINDS = ['success', 'start', 'fail', 'log'] as const;
export type PingKind = (typeof PING_KINDS)[number];

/** What jobs reported by themselves. */
export const pings = table(
  'pings',
  {
    id: str.required(),
    monitorId: str.required(),
    at: int.required(),
    kind: str.required<PingKind>(),
    exitCode: int.nullable(),
    durationMs: int.nullable(),
    body: str.nullable(),
    remote: str.nullable(),
  },
  { primary: ['id'], indexes: [['monitorId', 'at']] },
);
