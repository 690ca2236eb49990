import { Anchor, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import type { FindingChange, FleetScorecard, Incident, MonitorItem, Page } from '../api/types.ts';
import { SEVERITIES } from '../api/words.ts';
import { FleetGrid } from '../ui/fleet-grid.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { SeverityMark, StatusMark } from '../ui/status.tsx';
import { Time } from '../ui/time.tsx';
import classes from './overview.module.css';

/** Three questions without a click: what is wrong now, what got worse since yesterday, who is not fit and why. */
export function Overview() {
  const scorecard = useQuery({ queryKey: ['scorecard'], queryFn: () => api.get<FleetScorecard>('/scorecard') });
  return (
    <Stack gap="lg">
      <div className={classes.questions}>
        <Now />
        <Worse />
      </div>
      <Panel title="Services and their fitness" aside={<Legend />}>
        <Loaded query={scorecard}>{(fleet) => <FleetGrid fleet={fleet} />}</Loaded>
      </Panel>
    </Stack>
  );
}

export function Panel({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.panel} aria-label={title}>
      <Group justify="space-between" mb="xs">
        <Title order={2}>{title}</Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}

function Now() {
  const incidents = useQuery({
    queryKey: ['incidents', 'unresolved'],
    queryFn: () => api.get<Page<Incident>>('/incidents', { state: 'open,acknowledged', limit: 100 }),
  });
  const monitors = useQuery({
    queryKey: ['monitors', 'down'],
    queryFn: () => api.get<Page<MonitorItem>>('/monitors', { state: 'down', limit: 100 }),
  });
  return (
    <Panel title="Down or firing now">
      <Loaded query={incidents}>
        {({ items }) => {
          // A monitor with an incident of its own stands there already.
          const told = new Set(items.filter(({ source }) => source === 'monitor').map(({ target }) => target));
          const downNow = (monitors.data?.items ?? []).filter(
            ({ state, target }) => state === 'down' && !told.has(target),
          );
          if (items.length === 0 && downNow.length === 0) {
            return <Empty title="Nothing">No incident is open and no monitor is down.</Empty>;
          }
          return (
            <Table>
              <Table.Tbody>
                {[...items].sort(worstFirst).map((incident) => (
                  <Table.Tr key={incident.id}>
                    <Table.Td w={96}>
                      <SeverityMark severity={incident.severity} />
                    </Table.Td>
                    <Table.Td>
                      <Anchor component={Link} href={`/incidents/${incident.id}`} size="sm">
                        {incident.title}
                      </Anchor>
                      <Text size="xs" c="dimmed">
                        {incident.state === 'acknowledged' ? 'acknowledged, ' : ''}
                        {incident.target ?? incident.service ?? ''} since <Time at={incident.openedAt} />
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
                {downNow.map((monitor) => (
                  <Table.Tr key={monitor.id}>
                    <Table.Td>
                      <StatusMark status="fail" label="" /> down
                    </Table.Td>
                    <Table.Td>
                      <Anchor component={Link} href={`/monitors/${encodeURIComponent(monitor.id)}`} size="sm">
                        {monitor.name}
                      </Anchor>
                      <Text size="xs" c="dimmed">
                        {monitor.reason} since <Time at={monitor.since} />
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Worse() {
  const changes = useQuery({
    queryKey: ['changes'],
    queryFn: () => api.get<Page<FindingChange>>('/changes', { limit: 500 }),
  });
  return (
    <Panel title="Worse since yesterday">
      <Loaded query={changes}>
        {({ items }) =>
          worseOf(items).length === 0 ? (
            <Empty title="Nothing">Nothing that was fine a day ago fails or is unknown now.</Empty>
          ) : (
            <Table>
              <Table.Tbody>
                {worseOf(items).map((change) => (
                  <Table.Tr key={`${change.target}${change.fingerprint}${change.at}`}>
                    <Table.Td w={24}>
                      <StatusMark status={change.to === 'unknown' ? 'unknown' : 'fail'} />
                    </Table.Td>
                    <Table.Td>
                      <Anchor
                        component={Link}
                        size="sm"
                        href={`/targets/${encodeURIComponent(change.target)}?finding=${change.fingerprint}`}
                      >
                        {change.check} {change.subject}
                      </Anchor>
                      <Text size="xs" c="dimmed">
                        {change.target} <Time at={change.at} />
                        {change.from === null ? ' (first seen)' : ` (was ${change.from})`}
                      </Text>
                    </Table.Td>
                    <Table.Td w={96}>
                      <SeverityMark severity={change.severity} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Legend() {
  return (
    <Text size="xs" c="dimmed">
      grade and score; a cut corner = not all could be looked at
    </Text>
  );
}

/** Open before acknowledged, worst first, then newest. */
function worstFirst(a: Incident, b: Incident): number {
  return (
    Number(a.state === 'acknowledged') - Number(b.state === 'acknowledged') ||
    SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
    b.openedAt.localeCompare(a.openedAt)
  );
}

const SHOWN = 8;
/** Worst first: what fails or cannot be looked at now and did not before. A finding that went back and forth comes once. */
function worseOf(changes: readonly FindingChange[]): FindingChange[] {
  const newest = new Map<string, FindingChange>();
  for (const change of changes) {
    const key = `${change.target} ${change.fingerprint}`;
    if (!newest.has(key)) newest.set(key, change);
  }
  const bad = (status: string | null) => status === 'fail' || status === 'unknown';
  return [...newest.values()]
    .filter((change) => bad(change.to) && change.from !== 'fail')
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
    .slice(0, SHOWN);
}
