import type { PublicIncident } from '../core/incident.ts';
import type { BeatRow, MonitorItem } from './monitors.ts';
import type { ApiPorts } from './ports.ts';

const DAY = 86_400_000;
export const STATUS_DAYS = 90;
/** Incidents looked through for those of published targets. */
const MAX_INCIDENTS = 200;

/** One published monitor. `days` has `STATUS_DAYS` entries, oldest first; `null` = nothing was looked at. */
export interface StatusLine {
  name: string;
  state: MonitorItem['state'];
  since: string | null;
  uptime: number | null;
  days: (number | null)[];
}

/** One incident as strangers may see it: which of the published, and when. No title, reason or label. */
export interface StatusIncident {
  id: string;
  name: string;
  openedAt: string;
  resolvedAt: string | null;
}

export interface StatusData {
  lines: StatusLine[];
  incidents: StatusIncident[];
}

/** Everything that the public page and its feed show: of what `publish` names, and nothing else. */
export async function statusData(ports: ApiPorts): Promise<StatusData> {
  const targets = [...new Set(ports.publish().status)];
  const now = ports.now();
  const first = Math.floor(now / DAY) * DAY - (STATUS_DAYS - 1) * DAY;
  const range = { from: first, to: now };
  const monitors = await ports.monitors.some({ targets });
  const uptime = new Map((await ports.monitors.uptime(range)).map((one) => [one.target, one.uptime]));
  const lines = await Promise.all(
    monitors.map(async (one): Promise<StatusLine> => {
      const rows = (await ports.monitors.beats(one.id, range, DAY)) ?? [];
      return {
        name: one.name,
        state: one.state,
        since: one.since,
        uptime: uptime.get(one.target) ?? null,
        days: daysOf(rows, first),
      };
    }),
  );
  const names = new Map(monitors.map((one) => [one.target, one.name]));
  const found = await Promise.all(
    [...names.keys()].map((target) => ports.incidents.page({ target, limit: MAX_INCIDENTS })),
  );
  const incidents = found
    .flatMap(({ items }) => items)
    .filter((one) => one.source === 'monitor' && Date.parse(one.openedAt) >= first)
    .flatMap((one) => visible(one, names))
    .sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
  return { lines, incidents };
}

function visible(incident: PublicIncident, names: ReadonlyMap<string, string>): StatusIncident[] {
  const name = incident.target === null ? undefined : names.get(incident.target);
  const { id, openedAt, resolvedAt } = incident;
  return name === undefined ? [] : [{ id, name, openedAt, resolvedAt }];
}

function daysOf(rows: readonly BeatRow[], first: number): (number | null)[] {
  const days: (number | null)[] = Array.from({ length: STATUS_DAYS }, () => null);
  for (const { at, up, down } of rows) {
    const index = Math.floor((Date.parse(at) - first) / DAY);
    if (index >= 0 && index < STATUS_DAYS && up + down > 0) days[index] = up / (up + down);
  }
  return days;
}
