import { Anchor, Button, Code, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { targetHistory } from '../api/history.ts';
import type { AuditItem, ListedFinding, TargetDetail, TargetReport } from '../api/types.ts';
import { useQueryState } from '../app/query-state.ts';
import { Ports } from '../pictures/exposure.tsx';
import { Headers } from '../pictures/headers.tsx';
import { Tls } from '../pictures/tls.tsx';
import { FindingsTable } from '../ui/findings-table.tsx';
import { applies, Grade, percent } from '../ui/grade.tsx';
import { LineChart } from '../ui/line-chart.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { Panel } from './overview.tsx';

/** One target: how fit it is, every finding with its evidence, and how it came to be so. */
export function TargetPage({ id }: { id: string }) {
  const path = `/targets/${encodeURIComponent(id)}`;
  const target = useQuery({ queryKey: ['target', id], queryFn: () => api.get<TargetDetail>(path) });
  const scorecard = useQuery({
    queryKey: ['scorecard', id],
    queryFn: () => api.get<TargetReport>(`${path}/scorecard`),
    enabled: typeof target.data?.lastAuditAt === 'string',
  });
  const findings = useQuery({
    queryKey: ['findings', id],
    queryFn: () => api.all<ListedFinding>(`${path}/findings`),
  });
  return (
    <Stack gap="lg">
      <Loaded query={target}>{(one) => <Head target={one} report={scorecard.data} />}</Loaded>
      {target.data &&
        (target.data.kind === 'heartbeat' ? <Reports id={id} /> : <Audited target={target.data} findings={findings} />)}
    </Stack>
  );
}

/** A job that reports by itself is not audited. */
function Reports({ id }: { id: string }) {
  return (
    <Panel title="Reports">
      <Text size="sm" mb="xs">
        This job reports by itself and is not audited.{' '}
        <Anchor component={Link} href={`/monitors/${encodeURIComponent(id)}`} size="sm">
          When it reported last
        </Anchor>
      </Text>
      <Text size="sm" c="dimmed">
        Let it call <Code>{`${window.location.origin}/ping/${encodeURIComponent(id)}`}</Code> when it has succeeded,{' '}
        <Code>…/fail</Code> when it has not, or <Code>…/$?</Code> with its exit code.
      </Text>
    </Panel>
  );
}

/** Ways to look at a target, by what it is. Findings are for every kind. */
function viewsOf({ kind, address }: TargetDetail): string[] {
  const scheme = address?.split(':', 1)[0] ?? '';
  if (kind === 'host') return ['ports'];
  if (kind !== 'endpoint') return [];
  return [...(scheme.startsWith('http') ? ['headers'] : []), ...(['http', 'ssh'].includes(scheme) ? [] : ['tls'])];
}
const VIEW_NAMES: Record<string, string> = { headers: 'Headers', tls: 'TLS', ports: 'Ports' };

function Audited({ target, findings }: { target: TargetDetail; findings: UseQueryResult<ListedFinding[]> }) {
  const [wanted, setView] = useQueryState('view', 'findings');
  const views = viewsOf(target);
  const view = views.includes(wanted) ? wanted : 'findings';
  return (
    <>
      <section aria-label="what was seen">
        <Tabs value={view} onChange={(value) => setView(value ?? 'findings')} keepMounted={false}>
          <Tabs.List mb="sm" hidden={views.length === 0}>
            <Tabs.Tab value="findings">Findings</Tabs.Tab>
            {views.map((one) => (
              <Tabs.Tab key={one} value={one}>
                {VIEW_NAMES[one]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="findings">
            <Loaded query={findings}>
              {(items) =>
                items.length === 0 ? (
                  <Empty title="Not audited yet">
                    The first audit starts by itself; `Audit now` does not wait for it.
                  </Empty>
                ) : (
                  <FindingsTable findings={items} targetId={target.id} />
                )
              }
            </Loaded>
          </Tabs.Panel>
          <Tabs.Panel value="headers">
            <Headers targetId={target.id} />
          </Tabs.Panel>
          <Tabs.Panel value="tls">
            <Tls targetId={target.id} />
          </Tabs.Panel>
          <Tabs.Panel value="ports">
            <Ports targetId={target.id} />
          </Tabs.Panel>
        </Tabs>
      </section>
      <History id={target.id} />
    </>
  );
}

function Head({ target, report }: { target: TargetDetail; report: TargetReport | undefined }) {
  const queries = useQueryClient();
  const [path, navigate] = useLocation();
  const audit = useMutation({
    mutationFn: () => api.post<AuditItem>(`/targets/${encodeURIComponent(target.id)}/audit`),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['audits'] }),
  });
  return (
    <div>
      <Group justify="space-between" align="start">
        <Group gap="md">
          {target.kind !== 'heartbeat' && <Grade {...target} size="large" />}
          <div>
            <Title order={1}>{target.name}</Title>
            <Text size="sm" c="dimmed">
              {target.kind} · {target.environment}
              {target.service && (
                <>
                  {' · '}
                  <Anchor component={Link} href={`/services/${encodeURIComponent(target.service)}`} size="sm">
                    {target.service}
                  </Anchor>
                </>
              )}
              {target.lastAuditAt !== null && ` · coverage ${percent(target.coverage)}`}
              {target.kind !== 'heartbeat' && (
                <>
                  {' · audited '}
                  <Time at={target.lastAuditAt} />
                </>
              )}
              {target.monitored && (
                <>
                  {' · '}
                  <Anchor component={Link} href={`/monitors/${encodeURIComponent(target.id)}`} size="sm">
                    monitor
                  </Anchor>
                </>
              )}
            </Text>
            {target.cappedBy && (
              <Text size="sm" c="dimmed">
                held down by {target.cappedBy}
              </Text>
            )}
          </div>
        </Group>
        {target.kind !== 'heartbeat' && (
          <Button size="xs" variant="default" loading={audit.isPending} onClick={() => audit.mutate()}>
            Audit now
          </Button>
        )}
      </Group>
      {audit.isError && (
        <Text size="sm" c="red" role="alert" mt={4}>
          {audit.error.message}
        </Text>
      )}
      {report && (
        <Group gap="xs" mt="sm">
          {report.categories.filter(applies).map((category) => (
            <Button
              key={category.id}
              size="compact-sm"
              variant="subtle"
              color="gray"
              onClick={() => navigate(`${path}?category=${category.id}`, { replace: true })}
              rightSection={<Grade {...category} />}
            >
              {category.id}
            </Button>
          ))}
        </Group>
      )}
    </div>
  );
}

function History({ id }: { id: string }) {
  const history = useQuery({
    queryKey: ['history', id],
    queryFn: () => targetHistory(id),
  });
  const points = useMemo(() => history.data?.items ?? [], [history.data]);
  const times = useMemo(() => points.map((point) => Date.parse(point.at) / 1000), [points]);
  const values = useMemo(() => points.map((point) => point.score), [points]);
  return (
    <Panel title="Score over time">
      <Loaded query={history}>
        {() =>
          points.length < 2 ? (
            <Empty title={points.length === 0 ? 'No audit yet' : 'One audit so far'}>
              The line begins with the second.
            </Empty>
          ) : (
            <LineChart times={times} values={values} label="score" unit="" max={100} />
          )
        }
      </Loaded>
    </Panel>
  );
}
