import type { BeatRollup, Slo } from '../core/monitor.ts';
import { timedMatch } from '../incidents/apply.ts';
import { matches } from '../incidents/match.ts';
import { maintenanceSpans } from '../incidents/windows.ts';
import { budgetLeft, judgeSlo, type SloState, worstMinutes } from '../monitor/slo.ts';
import { gapMs } from '../monitor/step.ts';
import { type Change, type Span, together, type Uptime, union, uptimeOf } from '../monitor/uptime.ts';
import type { ServiceCore } from './core.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Where minutes end and hours begin, which suffice for the long windows. */
const MINUTES_MS = 7 * HOUR;

type Core = Pick<ServiceCore, 'db' | 'config' | 'now'>;

/** An objective and where it stands. */
export interface SloItem {
  /** `monitor:<id>` or `service:<id>`. */
  id: string;
  name: string;
  labels: Record<string, string>;
  slo: Slo;
  budgetLeft: number | null;
  uptime: Uptime;
  now: SloState;
}

export const watchedOf = ({ config }: Pick<Core, 'config'>) =>
  config.current().targets.flatMap(({ target, monitor, heartbeat }) => {
    const spec = monitor ?? heartbeat;
    return spec ? [{ target, spec, monitor }] : [];
  });

/** The stretches of maintenance in a range, for whatever has these labels. Past ones count too. */
async function maintenanceIn(core: Core, range: Span): Promise<(labels: Record<string, string>) => Span[]> {
  const configured = (core.config.current().alerting?.maintenance ?? []).map((window) => ({
    match: window.match,
    spans: maintenanceSpans(window, range.from, range.to),
  }));
  const announced = (await core.db.maintenance.list(range.from)).map((row) => {
    const { match, startsAt, endsAt } = timedMatch(row, row.title);
    return { match, spans: [{ from: startsAt, to: endsAt }] };
  });
  return (labels) => {
    const seen = { category: 'uptime', check: 'uptime.availability', ...labels };
    return union([...configured, ...announced].filter((one) => matches(one.match, seen)).flatMap((one) => one.spans));
  };
}

interface Past {
  changes(id: string): Change[];
  maintenance(labels: Record<string, string>, of: { severity: string; heartbeat: boolean }): Span[];
}

async function pastOf(core: Core, range: Span, ids?: readonly string[]): Promise<Past> {
  const [changes, states, windows] = await Promise.all([
    core.db.monitors.changesOfAll(range, ids),
    core.db.monitors.states(ids),
    maintenanceIn(core, range),
  ]);
  const now = core.now();
  const gaps = new Map(
    watchedOf(core).flatMap(({ monitor }) => (monitor ? [[monitor.id, gapMs(monitor)] as const] : [])),
  );
  return {
    changes(id) {
      const list: Change[] = changes.get(id) ?? [];
      const seenAt = states.get(id)?.lastBeatAt ?? null;
      const gap = gaps.get(id);
      // Nobody has looked for long: what was true then is not known of now.
      const stale = gap !== undefined && seenAt !== null && now - seenAt > gap && (list.at(-1)?.at ?? 0) <= seenAt;
      return stale && list.length > 0 ? [...list, { at: seenAt + 1, toState: 'unknown' }] : list;
    },
    maintenance(labels, { severity, heartbeat }) {
      return windows({ ...labels, severity, source: heartbeat ? 'heartbeat' : 'monitor' });
    },
  };
}

/** Uptime of what is watched in each of the ranges, by its id: from confirmed changes, without maintenance. */
export async function uptimesOver(
  core: Core,
  ranges: readonly Span[],
  ids?: readonly string[],
): Promise<Map<string, Uptime>[]> {
  const from = Math.min(...ranges.map((range) => range.from));
  const to = Math.max(...ranges.map((range) => range.to));
  const past = await pastOf(core, { from, to }, ids);
  const wanted = ids && new Set(ids);
  const all = watchedOf(core)
    .filter(({ spec }) => wanted?.has(spec.id) ?? true)
    .map(({ spec, monitor }) => {
      const windows = past.maintenance(spec.labels, { severity: spec.severity, heartbeat: monitor === null });
      return { id: spec.id, changes: past.changes(spec.id), windows };
    });
  const now = core.now();
  return ranges.map((range) => new Map(all.map((one) => [one.id, uptimeOf(one.changes, range, now, one.windows)])));
}

/** The same of everything in one range. */
export async function uptimes(core: Core, range: Span): Promise<Map<string, Uptime>> {
  return (await uptimesOver(core, [range]))[0] ?? new Map();
}

/** Every objective of the configuration with its budget and how fast that goes. */
export async function objectives(core: Core): Promise<SloItem[]> {
  const now = core.now();
  const { services } = core.config.current();
  const watched = watchedOf(core);
  const groups = watched.flatMap(({ monitor }) =>
    monitor?.slo ? [{ of: [monitor], slo: monitor.slo, service: null }] : [],
  );
  const all = [
    ...groups,
    ...services.flatMap((service) => {
      const of = watched.flatMap(({ monitor, target }) => (monitor && target.service === service.id ? [monitor] : []));
      return service.slo && of.length > 0 ? [{ of, slo: service.slo, service }] : [];
    }),
  ];
  if (all.length === 0) return [];
  const longest = Math.max(...all.map(({ slo }) => slo.windowMs), 3 * DAY);
  const past = await pastOf(core, { from: now - longest, to: now });
  return Promise.all(
    all.map(async ({ of, slo, service }): Promise<SloItem> => {
      const [first] = of;
      const windows = union(
        of.flatMap((one) => past.maintenance(one.labels, { severity: one.severity, heartbeat: false })),
      );
      const changes = together(of.map((one) => past.changes(one.id)));
      const uptime = uptimeOf(changes, { from: now - slo.windowMs, to: now }, now, windows);
      const rows = worstMinutes(await Promise.all(of.map((one) => recentRows(core, one.id, now))));
      const labels =
        service === null ? (first?.labels ?? {}) : { service: service.id, environment: service.environment };
      return {
        id: service === null ? `monitor:${first?.id}` : `service:${service.id}`,
        name: service?.name ?? first?.name ?? '',
        labels,
        slo,
        budgetLeft: budgetLeft(slo, uptime),
        uptime,
        now: judgeSlo(slo, rows, now, windows),
      };
    }),
  );
}

async function recentRows(core: Core, id: string, now: number): Promise<BeatRollup[]> {
  const edge = Math.floor((now - MINUTES_MS) / HOUR) * HOUR;
  const [hours, minutes] = await Promise.all([
    core.db.monitors.rollups(id, { widthMs: HOUR, from: edge - 3 * DAY, to: edge }),
    core.db.monitors.rollups(id, { widthMs: 60_000, from: edge, to: now }),
  ]);
  return [...hours, ...minutes];
}
