import { Anchor, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import type { CheckItem } from '../api/types.ts';
import { CATEGORIES } from '../api/words.ts';
import { useQueryState } from '../app/query-state.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { SeverityMark, StatusMark } from '../ui/status.tsx';
import { Panel } from './overview.tsx';

export function Checks() {
  const [search, setSearch] = useQueryState('q');
  const query = useQuery({ queryKey: ['checks'], queryFn: () => api.all<CheckItem>('/checks') });
  return (
    <Stack>
      <Title order={1}>Checks</Title>
      <TextInput
        size="xs"
        type="search"
        w={240}
        aria-label="search checks"
        placeholder="search  /"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Loaded query={query}>
        {(items) => {
          const shown = items.filter((check) =>
            `${check.id} ${check.title}`.toLowerCase().includes(search.toLowerCase()),
          );
          if (shown.length === 0) return <Empty title="Nothing matches" />;
          return CATEGORIES.filter((category) => shown.some((check) => check.category === category)).map((category) => (
            <Panel key={category} title={category}>
              <Table highlightOnHover>
                <Table.Tbody>
                  {shown
                    .filter((check) => check.category === category)
                    .map((check) => (
                      <Table.Tr key={check.id}>
                        <Table.Td w={96}>
                          <SeverityMark severity={check.severity} />
                        </Table.Td>
                        <Table.Td>
                          <Anchor component={Link} href={`/checks/${check.id}`} size="sm" ff="monospace">
                            {check.id}
                          </Anchor>
                          <Text size="sm">{check.title}</Text>
                        </Table.Td>
                      </Table.Tr>
                    ))}
                </Table.Tbody>
              </Table>
            </Panel>
          ));
        }}
      </Loaded>
    </Stack>
  );
}

/** What one check holds, why, what to do, and the examples that it is tested with. */
export function CheckPage({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ['checks', id],
    queryFn: () => api.get<CheckItem>(`/checks/${encodeURIComponent(id)}`),
  });
  return (
    <Loaded query={query}>
      {(check) => (
        <Stack maw={760}>
          <div>
            <Text ff="monospace" c="dimmed" size="sm">
              {check.id}
            </Text>
            <Title order={1}>{check.title}</Title>
            <Group gap="md" mt={4}>
              <SeverityMark severity={check.severity} />
              <Text size="sm" c="dimmed">
                since {check.since}, from {check.needs.join(', ')}
              </Text>
            </Group>
          </div>
          <Panel title="Why it matters">
            <Text size="sm">{check.rationale}</Text>
          </Panel>
          <Panel title="What to do">
            <Text size="sm">{check.remediation}</Text>
          </Panel>
          <Panel title="Examples">
            {check.examples.map((example) => (
              <Group key={example.name} gap="xs" wrap="nowrap">
                <StatusMark status={example.status} />
                <Text size="sm">{example.name}</Text>
              </Group>
            ))}
          </Panel>
          <Panel title="Sources">
            {check.references.map((reference) =>
              /^https:\/\//.test(reference) ? (
                <Anchor key={reference} href={reference} size="sm" target="_blank" rel="noreferrer" display="block">
                  {reference}
                </Anchor>
              ) : (
                <Text key={reference} size="sm">
                  {reference}
                </Text>
              ),
            )}
          </Panel>
        </Stack>
      )}
    </Loaded>
  );
}
