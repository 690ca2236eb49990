import { Anchor, Table, Text } from '@mantine/core';
import { Link } from 'wouter';
import type { CategoryScore, FleetScorecard, ServiceScore } from '../api/types.ts';
import { CATEGORIES } from '../api/words.ts';
import classes from './fleet-grid.module.css';
import { applies, Grade } from './grade.tsx';
import { Empty } from './states.tsx';

/** Services (and the targets without one) by categories. A cell leads to the findings behind it. */
export function FleetGrid({ fleet }: { fleet: FleetScorecard }) {
  const used = CATEGORIES.filter((id) =>
    fleet.services.some((one) => one.categories.some((own) => own.id === id && applies(own))),
  );
  if (fleet.services.length === 0) {
    return (
      <Empty title="No targets yet">
        Name what runs in seaworthy.yaml, or let `seaworthy init` write a first one, and save it: the service reads it
        again by itself.
      </Empty>
    );
  }
  return (
    <Table.ScrollContainer minWidth={200 + 86 * used.length}>
      <Table highlightOnHover withRowBorders>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>service</Table.Th>
            <Table.Th>all</Table.Th>
            {used.map((id) => (
              <Table.Th key={id}>{id}</Table.Th>
            ))}
            <Table.Th>why</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {fleet.services.map((service) => (
            <Table.Tr key={service.id ?? ''}>
              <Table.Th scope="row" fw={500}>
                <Anchor
                  component={Link}
                  size="sm"
                  href={service.id === null ? '/targets' : `/services/${encodeURIComponent(service.id)}`}
                >
                  {service.name}
                </Anchor>
                <Text size="xs" c="dimmed">
                  {[
                    service.owner,
                    service.tier === null ? null : `tier ${service.tier}`,
                    `${service.targets.length} ${service.targets.length === 1 ? 'target' : 'targets'}`,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </Text>
              </Table.Th>
              <Table.Td>
                <Grade {...service} />
              </Table.Td>
              {used.map((id) => (
                <Table.Td key={id}>
                  <Cell service={service} score={service.categories.find((own) => own.id === id)} />
                </Table.Td>
              ))}
              <Table.Td>
                <Text size="xs" c="dimmed">
                  {why(service)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Cell({ service, score }: { service: ServiceScore; score: CategoryScore | undefined }) {
  if (!score || !applies(score)) return <Text span c="dimmed" aria-label="no checks" />;
  const only = service.targets.length === 1 ? service.targets[0] : undefined;
  const base = only ? `/targets/${encodeURIComponent(only.id)}` : `/services/${encodeURIComponent(service.id ?? '')}`;
  return (
    <Link className={classes.cell} href={service.id === null && !only ? `/targets` : `${base}?category=${score.id}`}>
      <Grade {...score} />
    </Link>
  );
}

function why(service: ServiceScore): string {
  const counts = (['critical', 'high', 'medium'] as const)
    .filter((severity) => service.failing[severity])
    .map((severity) => `${service.failing[severity]} ${severity}`);
  if (service.cappedBy) return `held down by ${service.cappedBy}`;
  return counts.length > 0
    ? counts.join(', ')
    : service.grade === null
      ? 'too little could be looked at'
      : 'nothing above low fails';
}
