import type { BeatRow, MonitorItem } from '../api/monitors.ts';
import { pageOf } from '../api/paging.ts';
import type { MonitorPort, Range } from '../api/ports.ts';
import type { BeatRollup, BeatState } from '../core/monitor.ts';
import { addRollups, rollupOf } from '../core/rollup.ts';
import { rfc3339, rfc3339OrNull, type ServiceCore } from './core.ts';
import { objectives, uptimes, uptimesOver } from './uptime.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const MAX_RAW = 5_000;

const ORDER: readonly BeatState[] = ['down', 'unknown', 'up'];
const SPARK_STEPS = 24;

/** The last day by the hour, as short as it can be said. */
function sparkOf(hours: readonly BeatRollup[], now: number): MonitorItem['spark'] {
  const from = (Math.floor(now / HOUR) - SPARK_STEPS + 1) * HOUR;
  const rows = new Map(hours.map((row) => [row.from, row]));
  const steps = Array.from({ length: SPARK_STEPS }, (_, index) => rows.get(from + index * HOUR));
  return {
    from: rfc3339(from),
    stepMs: HOUR,
    latencyMs: steps.map((row) => (row && row.latencyCount > 0 ? Math.round(row.latencySum / row.latencyCount) : null)),
    seen: steps.map((row) => (!row ? '-' : row.down > 0 ? 'd' : row.up > 0 ? 'u' : '?')).join(''),
  };
}

/** The finest sums that the retention still has for the range and that are not wider than the step. */
function widthFor(stepMs: number, range: Range, now: number): number {
  if (stepMs >= DAY || range.from < now - 90 * DAY) return DAY;
  if (stepMs >= HOUR || range.from < now - 7 * DAY) return HOUR;
  return MINUTE;
}

function resample(rows: readonly BeatRollup[], range: Range, stepMs: number): BeatRow[] {
  const steps = new Map<number, BeatRollup>();
  for (const row of rows) {
    const at = range.from + Math.floor((row.from - range.from) / stepMs) * stepMs;
    const step = steps.get(at);
    steps.set(at, step ? addRollups(step, row) : row);
  }
  return [...steps].sort(([a], [b]) => a - b).map(([at, step]) => rowOf(at, step));
}

function rowOf(at: number, step: BeatRollup): BeatRow {
  const mean = (sum: number | null): number | null =>
    step.latencyCount === 0 || sum === null ? null : Math.round((sum / step.latencyCount) * 10) / 10;
  return {
    at: rfc3339(at),
    up: step.up,
    down: step.down,
    unknown: step.unknown,
    latencyMs: mean(step.latencySum),
    phases: {
      resolve: mean(step.resolveSum),
      connect: mean(step.connectSum),
      tls: mean(step.tlsSum),
      firstByte: mean(step.firstByteSum),
      transfer: mean(step.transferSum),
    },
  };
}

/** What is watched, with its state and its past. */
export function monitorPort(core: ServiceCore, ping: MonitorPort['ping']): MonitorPort {
  const { db, config, now } = core;
  const watched = () =>
    config.current().targets.flatMap(({ target, monitor, heartbeat }) => {
      const spec = monitor ?? heartbeat;
      return spec ? [{ id: spec.id, target: target.id, name: spec.name, kind: monitor?.look.kind ?? 'heartbeat' }] : [];
    });

  /** Everything about some hundreds of them, in four questions to the store. */
  async function itemsOf(some: ReturnType<typeof watched>): Promise<MonitorItem[]> {
    const at = now();
    const ids = some.map((one) => one.id);
    const last = (days: number) => ({ from: at - days * DAY, to: at });
    const [states, minutes, hours, [day, week, month]] = await Promise.all([
      db.monitors.states(ids),
      db.monitors.rollupsOf(ids, { widthMs: MINUTE, from: at - 15 * MINUTE, to: at + MINUTE }),
      db.monitors.rollupsOf(ids, { widthMs: HOUR, from: at - DAY, to: at + HOUR }),
      uptimesOver(core, [last(1), last(7), last(30)], ids),
    ]);
    return some.map((one): MonitorItem => {
      const state = states.get(one.id);
      const newest = minutes.get(one.id)?.findLast((row) => row.latencyCount > 0);
      return {
        ...one,
        state: state?.state ?? 'unknown',
        since: rfc3339OrNull(state?.since),
        lastBeatAt: rfc3339OrNull(state?.lastBeatAt),
        latencyMs: newest ? Math.round((newest.latencySum / newest.latencyCount) * 10) / 10 : null,
        reason: state?.lastReason ?? null,
        uptime: {
          day: day?.get(one.id)?.uptime ?? null,
          week: week?.get(one.id)?.uptime ?? null,
          month: month?.get(one.id)?.uptime ?? null,
        },
        spark: sparkOf(hours.get(one.id) ?? [], at),
      };
    });
  }

  return {
    async some({ ids, targets }) {
      return itemsOf(watched().filter((one) => ids?.includes(one.id) || targets?.includes(one.target)));
    },
    async page({ q = '', state, ...query }) {
      const standings = await db.monitors.standings();
      const standing = (one: { id: string }): BeatState => standings.get(one.id) ?? 'unknown';
      const needle = q.toLowerCase();
      const counts = { up: 0, down: 0, unknown: 0 };
      const matching = watched().filter((one) => {
        if (!`${one.id} ${one.name} ${one.target} ${one.kind}`.toLowerCase().includes(needle)) return false;
        counts[standing(one)] += 1;
        return state === undefined || standing(one) === state;
      });
      const page = pageOf(matching, (one) => `${ORDER.indexOf(standing(one))} ${one.id}`, query);
      return { ...page, items: await itemsOf(page.items), total: matching.length, counts };
    },
    async beats(id, range, stepMs) {
      if (!watched().some((one) => one.id === id)) return null;
      if (stepMs >= MINUTE || range.from < now() - 2 * DAY) {
        const widthMs = widthFor(stepMs, range, now());
        return resample(await db.monitors.rollups(id, { widthMs, ...range }), range, Math.max(stepMs, widthMs));
      }
      const beats = await db.monitors.beats(id, { ...range, limit: MAX_RAW });
      const rows = beats.map((beat) => rollupOf(beat, beat.scheduledAt, stepMs));
      return resample(rows, range, stepMs);
    },
    async uptime(range) {
      const sums = await uptimes(core, range);
      return watched().flatMap(({ id, target, name }) => {
        const sum = sums.get(id);
        if (!sum) return [];
        const { from, to, ...rest } = sum;
        return [{ target, name, from: rfc3339(from), to: rfc3339(to), ...rest }];
      });
    },
    async slos() {
      return (await objectives(core)).map(({ id, name, slo, budgetLeft, uptime, now: { state, tiers } }) => ({
        id,
        name,
        ...slo,
        state,
        budgetLeft,
        uptime: uptime.uptime,
        observed: uptime.observed,
        downMs: uptime.downMs,
        burn: tiers.map(({ longMs, shortMs, factor, long, short }) => ({
          longMs,
          shortMs,
          factor,
          long: long.rate,
          short: short.rate,
          bad: long.bad,
        })),
      }));
    },
    ping,
  };
}
