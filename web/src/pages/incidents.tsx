import { Anchor, Group, SegmentedControl, Stack, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import type { Incident, Page } from '../api/types.ts';
import { useQueryState } from '../app/query-state.ts';
import { MoreButton } from '../ui/more-button.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { SeverityMark } from '../ui/status.tsx';
import { Time } from '../ui/time.tsx';

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
