import { Anchor, Button, Group, SegmentedControl, Stack, Table, Text, Textarea, Timeline, Title } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import type { Incident, Page } from '../api/types.ts';
import { useQueryState } from '../app/query-state.ts';
import { MoreButton } from '../ui/more-button.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { SeverityMark } from '../ui/status.tsx';
import { Time } from '../ui/time.tsx';
import { Panel } from './overview.tsx';

/** What the switch shows, as the API calls it. */
const STATES = { unresolved: 'open,acknowledged', resolved: 'resolved', all: undefined } as const;

export function Incidents() {
  const [state, setState] = useQueryState('state', 'unresolved');
  const query = useInfiniteQuery({
    queryKey: ['incidents', state],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      api.get<Page<Incident>>('/incidents', {
        state: STATES[state as keyof typeof STATES],
        cursor: pageParam,
        limit: 50,
      }),
    getNextPageParam: (last) => last.nextCursor,
  });
  const all = query.data?.pages.flatMap((page) => page.items);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1}>Incidents</Title>
        <SegmentedControl
          size="xs"
          aria-label="state"
          value={state}
          onChange={setState}
          data={['unresolved', 'resolved', 'all']}
        />
      </Group>
      <Loaded query={{ ...query, data: all }}>
        {(incidents) =>
          incidents.length === 0 ? (
            <Empty title={state === 'unresolved' ? 'Nothing is open' : 'No incidents'}>
              A check that starts to fail, or a monitor that goes down, opens one.
            </Empty>
          ) : (
            <Table highlightOnHover>
              <Table.Tbody>
                {incidents.map((incident) => (
                  <Table.Tr key={incident.id}>
                    <Table.Td w={96}>
                      <SeverityMark severity={incident.severity} />
                    </Table.Td>
                    <Table.Td>
                      <Anchor component={Link} size="sm" href={`/incidents/${incident.id}`}>
                        {incident.title}
                      </Anchor>
                      <Text size="xs" c="dimmed">
                        {incident.target ?? incident.service ?? incident.key}
                        <Text span inherit hiddenFrom="sm">
                          {' · '}
                          {incident.state} <Time at={incident.resolvedAt ?? incident.openedAt} />
                        </Text>
                      </Text>
                    </Table.Td>
                    <Table.Td w={120} visibleFrom="sm">
                      {incident.state}
                    </Table.Td>
                    <Table.Td w={110} visibleFrom="sm">
                      <Text size="xs" c="dimmed">
                        <Time at={incident.resolvedAt ?? incident.openedAt} />
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Loaded>
      <MoreButton query={query} />
    </Stack>
  );
}

/** One incident: what happened when, who was told, and what one can do about it. */
export function IncidentPage({ id }: { id: string }) {
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const query = useQuery({ queryKey: ['incident', id], queryFn: () => api.get<Incident>(`/incidents/${id}`) });
  const act = useMutation({
    mutationFn: ({ verb, body }: { verb: 'ack' | 'resolve' | 'notes'; body?: unknown }) =>
      api.post<Incident>(`/incidents/${id}/${verb}`, body),
    onSuccess: async () => {
      setNote('');
      await queries.invalidateQueries({ queryKey: ['incident', id] });
      await queries.invalidateQueries({ queryKey: ['incidents'] });
    },
  });
  return (
    <Loaded query={query}>
      {(incident) => (
        <Stack maw={820}>
          <div>
            <Title order={1}>{incident.title}</Title>
            <Group gap="md">
              <SeverityMark severity={incident.severity} />
              <Text size="sm">{incident.state}</Text>
              <Text size="sm" c="dimmed">
                opened <Time at={incident.openedAt} />
                {incident.resolvedAt && (
                  <>
                    , resolved <Time at={incident.resolvedAt} />
                  </>
                )}
              </Text>
              {incident.target && (
                <Anchor component={Link} size="sm" href={`/targets/${encodeURIComponent(incident.target)}`}>
                  {incident.target}
                </Anchor>
              )}
            </Group>
          </div>
          {incident.state !== 'resolved' && (
            <Group gap="xs">
              {incident.state === 'open' && (
                <Button size="xs" onClick={() => act.mutate({ verb: 'ack' })} loading={act.isPending}>
                  Acknowledge
                </Button>
              )}
              <Button
                size="xs"
                variant="default"
                onClick={() => act.mutate({ verb: 'resolve' })}
                loading={act.isPending}
              >
                Resolve
              </Button>
            </Group>
          )}
          {act.isError && (
            <Text size="sm" c="red" role="alert">
              {act.error.message}
            </Text>
          )}
          <Panel title="Timeline">
            <Timeline bulletSize={10} lineWidth={2}>
              {incident.timeline.map((entry) => (
                <Timeline.Item
                  key={`${entry.at}${entry.type}${entry.text}`}
                  title={<Text size="sm">{entry.type}</Text>}
                >
                  <Text size="sm">{entry.text}</Text>
                  <Text size="xs" c="dimmed">
                    <Time at={entry.at} />
                  </Text>
                </Timeline.Item>
              ))}
            </Timeline>
          </Panel>
          <Group align="end">
            <Textarea
              flex={1}
              size="xs"
              label="Note"
              autosize
              minRows={2}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <Button
              size="xs"
              variant="default"
              disabled={note.trim() === ''}
              onClick={() => act.mutate({ verb: 'notes', body: { text: note } })}
            >
              Add note
            </Button>
          </Group>
        </Stack>
      )}
    </Loaded>
  );
}
