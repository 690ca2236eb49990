import { Anchor, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import type { BeatRow, MonitorItem, Page } from '../api/types.ts';
import { useQueryState } from '../app/query-state.ts';
import { type Band, LineChart } from '../ui/line-chart.tsx';
import { MONITOR_MARK, share } from '../ui/monitor-list.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { StatusMark } from '../ui/status.tsx';
import { Time } from '../ui/time.tsx';
import { Panel } from './overview.tsx';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** What can be looked at, and how wide a point of each is: all from the sums that are kept that long. */
const WINDOWS = {
  '1h': [HOUR, 60_000],
  '24h': [DAY, 300_000],
  '7d': [7 * DAY, HOUR],
  '30d': [30 * DAY, 3 * HOUR],
  '90d': [90 * DAY, DAY],
} as const;
const isWindow = (name: string): name is keyof typeof WINDOWS => Object.hasOwn(WINDOWS, name);

/** One monitor: state, shares, how long it took to answer, and when it was down. */
export function MonitorPage({ id }: { id: string }) {
  const path = `/monitors/${encodeURIComponent(id)}`;
  const [asked, setWindow] = useQueryState('window', '1h');
  const window = isWindow(asked) ? asked : '1h';
  const [span, step] = WINDOWS[window];
  const monitor = useQuery({ queryKey: ['monitor', id], queryFn: () => api.get<MonitorItem>(path) });
  const beats = useQuery({
    queryKey: ['monitor', id, 'beats', window],
    refetchInterval: 30_000,
    queryFn: () => {
      const to = Date.now();
      const query = {
        from: new Date(to - span).toISOString(),
        to: new Date(to).toISOString(),
        step: `${step / 1000}s`,
      };
      return api
        .get<Page<BeatRow>>(`${path}/beats`, query)
        .then(({ items }) => ({ items, window: [(to - span) / 1000, to / 1000] as const }));
    },
  });
  const series = useMemo(() => withGaps(beats.data?.items ?? [], step), [beats.data, step]);
  const bands = useMemo(() => bandsOf(beats.data?.items ?? [], step), [beats.data, step]);
  return (
    <Stack>
      <Loaded query={monitor}>{(one) => <MonitorHead monitor={one} />}</Loaded>
      <Panel
        title="Response time"
        aside={
          <span>
            {Object.keys(WINDOWS).map((name) => (
              <Anchor
                key={name}
                component="button"
                size="sm"
                ml="sm"
                fw={name === window ? 700 : 400}
                aria-pressed={name === window}
                onClick={() => setWindow(name)}
              >
                {name}
              </Anchor>
            ))}
          </span>
        }
      >
        <Loaded query={beats}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No looks in this window" />
            ) : (
              <>
                <LineChart
                  {...series}
                  window={beats.data?.window}
                  label="answered in"
                  unit="ms"
                  bands={bands}
                  height={220}
                />
                <Text size="xs" c="dimmed">
                  {saidOf(items)}
                </Text>
              </>
            )
          }
        </Loaded>
      </Panel>
    </Stack>
  );
}

function MonitorHead({ monitor }: { monitor: MonitorItem }) {
  const { day, week, month } = monitor.uptime;
  return (
    <div>
      <Title order={1}>
        <StatusMark status={MONITOR_MARK[monitor.state]} label={monitor.state} size={20} /> {monitor.name}
      </Title>
      <Text size="sm" c="dimmed">
        {monitor.state} since <Time at={monitor.since} /> · {share(day)} in 24 h · {share(week)} in 7 d · {share(month)}{' '}
        in 30 d ·{' '}
        <Anchor component={Link} inherit href={`/targets/${encodeURIComponent(monitor.target)}`}>
          {monitor.target}
        </Anchor>
      </Text>
      {monitor.reason && <Text size="sm">{monitor.reason}</Text>}
    </div>
  );
}

/** A row for every step between the first and the last, so that time without a look is seen as a gap. */
function withGaps(rows: readonly BeatRow[], stepMs: number): { times: number[]; values: (number | null)[] } {
  const times: number[] = [];
  const values: (number | null)[] = [];
  let previous: number | undefined;
  for (const row of rows) {
    const at = Date.parse(row.at);
    if (previous !== undefined && at - previous > stepMs * 1.5) {
      times.push((previous + stepMs) / 1000);
      values.push(null);
    }
    times.push(at / 1000);
    values.push(row.latencyMs === null ? null : Math.round(row.latencyMs * 10) / 10);
    previous = at;
  }
  return { times, values };
}

/** Stretches of steps in which it was down at least once, or of which nothing is known; neighbours joined. */
function bandsOf(rows: readonly BeatRow[], stepMs: number): Band[] {
  const bands: Band[] = [];
  for (const row of rows) {
    const kind = row.down > 0 ? 'down' : row.up === 0 ? 'unknown' : undefined;
    if (kind === undefined) continue;
    const from = Date.parse(row.at) / 1000;
    const to = from + stepMs / 1000;
    const last = bands.at(-1);
    if (last && last.kind === kind && from - last.to < 1) last.to = to;
    else bands.push({ from, to, kind });
  }
  return bands;
}

/** The bands in words. */
function saidOf(rows: readonly BeatRow[]): string {
  const sum = (key: 'up' | 'down' | 'unknown') => rows.reduce((total, row) => total + row[key], 0);
  const looks = sum('up') + sum('down') + sum('unknown');
  return `${looks} looks: ${sum('down')} found it down (red), ${sum('unknown')} could not tell (amber).`;
}
