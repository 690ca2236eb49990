import { Anchor, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import type { BeatRow, MonitorItem, Page } from '../api/types.ts';
import { useQueryState } from '../app/query-state.ts';
import { percent } from '../ui/grade.tsx';
import { LineChart } from '../ui/line-chart.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { StatusMark } from '../ui/status.tsx';
import { Time } from '../ui/time.tsx';
import { Panel } from './overview.tsx';

const MARK = { up: 'pass', down: 'fail', unknown: 'unknown' } as const;

export function Monitors() {
  const [search, setSearch] = useQueryState('q');
  const query = useMonitors();
  return (
    <Stack>
      <Title order={1}>Monitors</Title>
      <TextInput
        size="xs"
        type="search"
        w={240}
        aria-label="search monitors"
        placeholder="search  /"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Loaded query={query}>
        {({ items: monitors }) => {
          const shown = monitors.filter((monitor) =>
            `${monitor.id} ${monitor.name}`.toLowerCase().includes(search.toLowerCase()),
          );
          if (shown.length === 0)
            return (
              <Empty title={monitors.length === 0 ? 'No monitors yet' : 'Nothing matches'}>
                Give a target in seaworthy.yaml a `monitor:` with an interval.
              </Empty>
            );
          return (
            <Table.ScrollContainer minWidth={560}>
              <Table highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>monitor</Table.Th>
                    <Table.Th>state</Table.Th>
                    <Table.Th>{'24\u00a0h'}</Table.Th>
                    <Table.Th>{'7\u00a0d'}</Table.Th>
                    <Table.Th>{'30\u00a0d'}</Table.Th>
                    <Table.Th>last answer</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {shown.map((monitor) => (
                    <Table.Tr key={monitor.id}>
                      <Table.Td>
                        <Anchor component={Link} href={`/monitors/${encodeURIComponent(monitor.id)}`} size="sm">
                          {monitor.name}
                        </Anchor>
                      </Table.Td>
                      <Table.Td>
                        <StatusMark status={MARK[monitor.state]} label="" /> <span>{monitor.state}</span>
                        <Text size="xs" c="dimmed">
                          {monitor.reason}
                        </Text>
                      </Table.Td>
                      <Table.Td>{share(monitor.uptime.day)}</Table.Td>
                      <Table.Td>{share(monitor.uptime.week)}</Table.Td>
                      <Table.Td>{share(monitor.uptime.month)}</Table.Td>
                      <Table.Td>
                        {monitor.latencyMs === null ? '–' : `${Math.round(monitor.latencyMs)} ms`}
                        <Text size="xs" c="dimmed">
                          <Time at={monitor.lastBeatAt} />
                        </Text>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function useMonitors() {
  return useQuery({ queryKey: ['monitors'], queryFn: () => api.get<Page<MonitorItem>>('/monitors') });
}

function share(value: number | null): string {
  return value === null ? '–' : percent(value);
}

const WINDOWS = { '1h': [3_600_000, 60_000], '24h': [86_400_000, 300_000], '7d': [604_800_000, 3_600_000] } as const;

/** One monitor: state, shares, and how long it took to answer. */
export function MonitorPage({ id }: { id: string }) {
  const path = `/monitors/${encodeURIComponent(id)}`;
  const [window, setWindow] = useQueryState('window', '1h');
  const [span, step] = WINDOWS[window as keyof typeof WINDOWS] ?? WINDOWS['1h'];
  const monitors = useMonitors();
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
  return (
    <Stack>
      <Loaded query={monitors}>{({ items }) => <MonitorHead monitor={items.find((one) => one.id === id)} />}</Loaded>
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
              <LineChart {...series} window={beats.data?.window} label="answered in" unit="ms" />
            )
          }
        </Loaded>
      </Panel>
    </Stack>
  );
}

function MonitorHead({ monitor }: { monitor: MonitorItem | undefined }) {
  if (!monitor) return <Empty title="There is no such monitor">The configuration may have changed since.</Empty>;
  const { day, week, month } = monitor.uptime;
  return (
    <div>
      <Title order={1}>
        <StatusMark status={MARK[monitor.state]} label={monitor.state} size={20} /> {monitor.name}
      </Title>
      <Text size="sm" c="dimmed">
        {monitor.state} since <Time at={monitor.since} /> · {share(day)} in 24 h · {share(week)} in 7 d · {share(month)}{' '}
        in 30 d
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
