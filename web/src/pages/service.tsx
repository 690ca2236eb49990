import { Anchor, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { api } from '../api/client.ts';
import type { CategoryScore, ReadinessItem, ServiceScorecard } from '../api/types.ts';
import { CATEGORIES } from '../api/words.ts';
import { applies, Grade, percent } from '../ui/grade.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { StatusMark } from '../ui/status.tsx';
import { Time } from '../ui/time.tsx';
import { Panel } from './overview.tsx';

/** One service: its targets by category, and the list that it has to meet before it is fit for production. */
export function ServicePage({ id }: { id: string }) {
  const query = useQuery({
    queryKey: ['service', id],
    queryFn: () => api.get<ServiceScorecard>(`/services/${encodeURIComponent(id)}/scorecard`),
  });
  return (
    <Loaded query={query}>
      {(service) => (
        <Stack gap="lg">
          <Group gap="md">
            <Grade {...service} size="large" />
            <div>
              <Title order={1}>{service.name}</Title>
              <Text size="sm" c="dimmed">
                {[
                  service.owner && `owned by ${service.owner}`,
                  service.tier !== null && `tier ${service.tier}`,
                  service.environment,
                ]
                  .filter(Boolean)
                  .join(' · ')}{' '}
                · coverage {percent(service.coverage)}
              </Text>
            </div>
          </Group>
          <Panel title="Targets">
            <Table.ScrollContainer minWidth={480}>
              <Table highlightOnHover>
                <Table.Tbody>
                  {service.targets.map((target) => (
                    <Table.Tr key={target.id}>
                      <Table.Td w={90}>
                        <Grade {...target} />
                      </Table.Td>
                      <Table.Td>
                        <Anchor component={Link} size="sm" href={`/targets/${encodeURIComponent(target.id)}`}>
                          {target.name}
                        </Anchor>
                      </Table.Td>
                      <Table.Td>{target.kind}</Table.Td>
                      <Table.Td>
                        <Text size="xs" c="dimmed">
                          audited <Time at={target.lastAuditAt} />
                        </Text>
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          </Panel>
          <Panel title="Categories">
            <Group>
              {CATEGORIES.map((category) => service.categories.find((own) => own.id === category))
                .filter((own): own is CategoryScore => own !== undefined && applies(own))
                .map((own) => (
                  <Group key={own.id} gap={6}>
                    <Text size="sm">{own.id}</Text>
                    <Grade {...own} />
                  </Group>
                ))}
            </Group>
          </Panel>
          <Panel title="Readiness">
            <Readiness items={service.readiness} />
          </Panel>
        </Stack>
      )}
    </Loaded>
  );
}

const MARK = { met: 'pass', 'not-met': 'fail', unknown: 'unknown' } as const;

function Readiness({ items }: { items: readonly ReadinessItem[] }) {
  if (items.length === 0) return <Empty title="No list yet" />;
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th w={24} aria-label="status" />
          <Table.Th>requirement</Table.Th>
          <Table.Th>proven by</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Table.Tr key={item.id}>
            <Table.Td>
              <StatusMark status={MARK[item.status]} />
            </Table.Td>
            <Table.Td>
              {item.requirement}
              <Text size="xs" c="dimmed">
                {item.why}
              </Text>
            </Table.Td>
            <Table.Td>
              <Text size="sm">{item.evidence}</Text>
              {item.by && (
                <Text size="xs" c="dimmed">
                  {item.by}
                  {item.until && ` until ${item.until}`}
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
