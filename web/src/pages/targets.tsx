import { Anchor, Group, Select, Table, Text, TextInput, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import type { Page, TargetItem } from '../api/types.ts';
import { useQueryState } from '../app/query-state.ts';
import { Grade } from '../ui/grade.tsx';
import { MoreButton } from '../ui/more-button.tsx';
import { SortHeader, sorted } from '../ui/sort-header.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

const KINDS = ['endpoint', 'host', 'repository', 'backup', 'heartbeat'];

export function Targets() {
  const [search, setSearch] = useQueryState('q');
  const [kind, setKind] = useQueryState('kind');
  const [sort, setSort] = useQueryState('sort', 'score');
  const query = useInfiniteQuery({
    queryKey: ['targets'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => api.get<Page<TargetItem>>('/targets', { cursor: pageParam, limit: 200 }),
    getNextPageParam: (last) => last.nextCursor,
  });
  const all = query.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <Title order={1} mb="sm">
        Targets
      </Title>
      <Group gap="xs" mb="xs">
        <TextInput
          size="xs"
          type="search"
          w={240}
          aria-label="search targets"
          placeholder="search  /"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Select
          size="xs"
          w={150}
          aria-label="kind"
          placeholder="every kind"
          clearable
          data={KINDS}
          value={kind || null}
          onChange={(value) => setKind(value ?? '')}
        />
      </Group>
      <Loaded query={{ ...query, data: all }}>
        {(targets) => {
          const wanted = search.toLowerCase();
          const shown = targets
            .filter((target) => kind === '' || target.kind === kind)
            .filter((target) =>
              `${target.id} ${target.name} ${target.service ?? ''} ${target.environment}`
                .toLowerCase()
                .includes(wanted),
            );
          if (shown.length === 0) return <Empty title={targets.length === 0 ? 'No targets yet' : 'Nothing matches'} />;
          return (
            <Table.ScrollContainer minWidth={560}>
              <Table highlightOnHover>
                <Table.Thead>
                  <Table.Tr>
                    <SortHeader name="name" sort={sort} onSort={setSort} />
                    <SortHeader name="score" sort={sort} onSort={setSort} />
                    <SortHeader name="kind" sort={sort} onSort={setSort} />
                    <SortHeader name="service" sort={sort} onSort={setSort} />
                    <SortHeader name="environment" sort={sort} onSort={setSort} />
                    <SortHeader name="lastAuditAt" label="last audit" sort={sort} onSort={setSort} />
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {sorted(shown, sort).map((target) => (
                    <Table.Tr key={target.id}>
                      <Table.Td>
                        <Anchor component={Link} href={`/targets/${encodeURIComponent(target.id)}`} size="sm">
                          {target.name}
                        </Anchor>
                      </Table.Td>
                      <Table.Td>
                        <Grade {...target} />
                      </Table.Td>
                      <Table.Td>{target.kind}</Table.Td>
                      <Table.Td>{target.service}</Table.Td>
                      <Table.Td>{target.environment}</Table.Td>
                      <Table.Td>
                        <Text size="xs" c="dimmed">
                          <Time at={target.lastAuditAt} />
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
      <MoreButton query={query} />
    </>
  );
}
