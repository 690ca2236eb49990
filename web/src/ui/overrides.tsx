import { Button, Group, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client.ts';
import type { OnCallOverrideView, OnCallPersonView } from '../api/types.ts';
import { Panel } from '../pages/overview.tsx';
import { inLocal, toInstant } from './local-time.ts';
import { useMay } from './may.ts';
import { Time } from './time.tsx';

/** Who takes over from whom and until when, and a form to add one. */
export function Overrides({
  schedules,
  people,
}: {
  schedules: readonly string[];
  people: readonly OnCallPersonView[];
}) {
  const queries = useQueryClient();
  const mayChange = useMay();
  const [schedule, setSchedule] = useState(schedules[0] ?? '');
  const [person, setPerson] = useState(people[0]?.id ?? '');
  const [from, setFrom] = useState(() => inLocal(Date.now()));
  const [to, setTo] = useState(() => inLocal(Date.now() + 86_400_000));
  const list = useQuery({
    queryKey: ['oncall', 'overrides'],
    queryFn: () => api.all<OnCallOverrideView>('/oncall/overrides'),
  });
  const change = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['oncall'] }),
  });
  const add = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(() =>
      api.post('/oncall/overrides', { schedule, person, startsAt: toInstant(from), endsAt: toInstant(to) }),
    );
  };
  const nameOf = (id: string) => people.find((one) => one.id === id)?.name ?? id;
  return (
    <Panel title="Overrides">
      <Stack gap="sm">
        {list.data && list.data.length === 0 && (
          <Text size="sm" c="dimmed">
            Nobody stands in for anybody.
          </Text>
        )}
        {list.data && list.data.length > 0 && (
          <Table>
            <Table.Tbody>
              {list.data.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td>{one.schedule}</Table.Td>
                  <Table.Td>{nameOf(one.person)}</Table.Td>
                  <Table.Td c="dimmed">
                    <Time at={one.startsAt} /> – <Time at={one.endsAt} />
                  </Table.Td>
                  <Table.Td w={90}>
                    {mayChange && (
                      <Button
                        size="compact-xs"
                        variant="default"
                        aria-label={`end the override of ${nameOf(one.person)}`}
                        onClick={() => change.mutate(() => api.delete(`/oncall/overrides/${one.id}`))}
                      >
                        End
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        {mayChange && (
          <form onSubmit={add}>
            <Group gap="xs" align="end">
              <NativeSelect
                size="xs"
                label="Schedule"
                data={[...schedules]}
                value={schedule}
                onChange={(event) => setSchedule(event.currentTarget.value)}
              />
              <NativeSelect
                size="xs"
                label="Person"
                data={people.map(({ id, name }) => ({ value: id, label: name }))}
                value={person}
                onChange={(event) => setPerson(event.currentTarget.value)}
              />
              <TextInput
                size="xs"
                type="datetime-local"
                label="From"
                value={from}
                onChange={(event) => setFrom(event.currentTarget.value)}
              />
              <TextInput
                size="xs"
                type="datetime-local"
                label="Until"
                value={to}
                onChange={(event) => setTo(event.currentTarget.value)}
              />
              <Button size="xs" type="submit" loading={change.isPending}>
                Take over
              </Button>
            </Group>
          </form>
        )}
        {change.isError && (
          <Text size="sm" c="red" role="alert">
            {change.error.message}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}
