import { Anchor, Stack, Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import type { AuditItem, Page } from '../api/types.ts';
import { Grade } from '../ui/grade.tsx';
import { MoreButton } from '../ui/more-button.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';

export function Audits() {
  const query = useInfiniteQuery({
    queryKey: ['audits'],
    initialPageParam: '',
    queryFn: ({ pageParam }) => api.get<Page<AuditItem>>('/audits', { cursor: pageParam, limit: 50 }),
    getNextPageParam: (last) => last.nextCursor,
  });
  const all = query.data?.pages.flatMap((page) => page.items);
  return (
    <Stack>
      <Title order={1}>Audits</Title>
      <Loaded query={{ ...query, data: all }}>
        {(audits) =>
          audits.length === 0 ? (
            <Empty title="No audits yet">The first begins when the service starts.</Empty>
          ) : (
            <Table highlightOnHover>
              <Table.Tbody>
                {audits.map((audit) => (
                  <Table.Tr key={audit.id}>
                    <Table.Td w={90}>{audit.status === 'done' ? <Grade {...audit} /> : audit.status}</Table.Td>
                    <Table.Td>
                      <Anchor component={Link} size="sm" href={`/targets/${encodeURIComponent(audit.target)}`}>
                        {audit.target}
                      </Anchor>
                      <Text size="xs" c="dimmed">
                        {audit.error ??
                          `${audit.counts.pass ?? 0} passed, ${audit.counts.fail ?? 0} failed, ${audit.counts.unknown ?? 0} unknown`}
                      </Text>
                    </Table.Td>
                    <Table.Td w={90}>{audit.trigger}</Table.Td>
                    <Table.Td w={110}>
                      <Text size="xs" c="dimmed">
                        <Time at={audit.finishedAt ?? audit.startedAt} />
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
