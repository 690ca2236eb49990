import { Badge, Button, Group, NativeSelect, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client.ts';
import type { Maintenance, Silence } from '../api/types.ts';
import { inLocal, toInstant } from '../ui/local-time.ts';
import { useMay } from '../ui/may.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { Panel } from './overview.tsx';

const LABELS = ['target', 'service', 'environment', 'category', 'check', 'severity'];

/** What nobody is told of at the moment, and what was announced. */
export function Quiet() {
  return (
    <Stack>
      <Title order={1}>Silences and maintenance</Title>
      <Windows kind="silences" title="Silences" words="comment" none="Nothing is silenced" />
      <Windows kind="maintenance" title="Maintenance" words="title" none="No work is announced" />
    </Stack>
  );
}

interface WindowsProps {
  kind: 'silences' | 'maintenance';
  title: string;
  /** The field that says why. */
  words: 'comment' | 'title';
  none: string;
}

/** The windows of one kind, how to end one, and how to add one. */
function Windows({ kind, title, words, none }: WindowsProps) {
  const queries = useQueryClient();
  const mayChange = useMay();
  const list = useQuery({ queryKey: [kind], queryFn: () => api.all<Silence | Maintenance>(`/${kind}`) });
  const change = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => queries.invalidateQueries({ queryKey: [kind] }),
  });
  return (
    <Panel title={title}>
      <Stack gap="sm">
        <Loaded query={list}>
          {(items) =>
            items.length === 0 ? (
              <Empty title={none} />
            ) : (
              <Table>
                <Table.Tbody>
                  {items.map((one) => (
                    <Table.Tr key={one.id}>
                      <Table.Td>
                        {'comment' in one ? one.comment : one.title}{' '}
                        {one.active && (
                          <Badge size="xs" variant="light">
                            now
                          </Badge>
                        )}
                        <Text size="xs" c="dimmed">
                          {one.matchers.map(({ label, values }) => `${label} = ${values.join(' or ')}`).join(', ')} · by{' '}
                          {one.createdBy}
                        </Text>
                      </Table.Td>
                      <Table.Td w={160} c="dimmed">
                        <Time at={one.startsAt} /> – <Time at={one.endsAt} />
                      </Table.Td>
                      <Table.Td w={70}>
                        {mayChange && (
                          <Button
                            size="compact-xs"
                            variant="default"
                            aria-label={`end ${'comment' in one ? one.comment : one.title}`}
                            onClick={() => change.mutate(() => api.delete(`/${kind}/${one.id}`))}
                          >
                            End
                          </Button>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )
          }
        </Loaded>
        {mayChange && (
          <AddWindow
            words={words}
            busy={change.isPending}
            onAdd={(body) => change.mutate(() => api.post(`/${kind}`, body))}
          />
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

function AddWindow({ words, busy, onAdd }: { words: string; busy: boolean; onAdd(body: unknown): void }) {
  const [label, setLabel] = useState('target');
  const [values, setValues] = useState('');
  const [why, setWhy] = useState('');
  const [from, setFrom] = useState(() => inLocal(Date.now()));
  const [to, setTo] = useState(() => inLocal(Date.now() + 3_600_000));
  const add = (event: FormEvent) => {
    event.preventDefault();
    const list = values.split(',').flatMap((one) => one.trim() || []);
    onAdd({ matchers: [{ label, values: list }], [words]: why, startsAt: toInstant(from), endsAt: toInstant(to) });
  };
  return (
    <form onSubmit={add}>
      <Group gap="xs" align="end">
        <NativeSelect
          size="xs"
          label="Label"
          data={LABELS}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label="is one of"
          placeholder="shop-web, shop-api"
          required
          value={values}
          onChange={(event) => setValues(event.currentTarget.value)}
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
        <TextInput size="xs" label="Why" required value={why} onChange={(event) => setWhy(event.currentTarget.value)} />
        <Button size="xs" type="submit" loading={busy}>
          Add
        </Button>
      </Group>
    </form>
  );
}
