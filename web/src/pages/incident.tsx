import { Anchor, Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import type { Incident, IncidentContext } from '../api/types.ts';
import { Holds, IncidentTimeline, SameKey, Told } from '../ui/incident-parts.tsx';
import { Loaded } from '../ui/states.tsx';
import { SeverityMark } from '../ui/status.tsx';
import { Time } from '../ui/time.tsx';
import { Panel } from './overview.tsx';

/** One incident: what happened when, who was told, and what one can do about it. */
export function IncidentPage({ id }: { id: string }) {
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const query = useQuery({
    queryKey: ['incident', id],
    refetchInterval: 10_000,
    queryFn: () => api.get<Incident>(`/incidents/${id}`),
  });
  const context = useQuery({
    queryKey: ['incident', id, 'context'],
    refetchInterval: 30_000,
    queryFn: () => api.get<IncidentContext>(`/incidents/${id}/context`),
  });
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
              {context.data?.runbook && (
                <Anchor size="sm" href={context.data.runbook} target="_blank" rel="noreferrer noopener">
                  runbook
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
          <Told timeline={incident.timeline} />
          {incident.state !== 'resolved' && <Holds holds={context.data?.holds ?? []} />}
          <Panel title="Timeline">
            <IncidentTimeline timeline={incident.timeline} />
          </Panel>
          <SameKey incidents={context.data?.sameKey ?? []} />
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
