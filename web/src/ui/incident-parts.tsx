import { Anchor, Table, Text, Timeline } from '@mantine/core';
import { Link } from 'wouter';
import type { Incident, IncidentContext } from '../api/types.ts';
import { Panel } from '../pages/overview.tsx';
import { Empty } from './states.tsx';
import { StatusMark } from './status.tsx';
import { Time } from './time.tsx';

type Entry = Incident['timeline'][number];

const DELIVERY = { delivered: 'pass', retried: 'unknown', 'gave-up': 'fail' } as const;
const isDelivery = (entry: Entry): entry is Entry & { type: keyof typeof DELIVERY } =>
  Object.hasOwn(DELIVERY, entry.type);
const OUTCOME = { delivered: 'told', retried: 'will try again', 'gave-up': 'gave up' } as const;

/** Every attempt to tell somebody: which channel, and what it answered. */
export function Told({ timeline }: { timeline: readonly Entry[] }) {
  const attempts = timeline.filter(isDelivery);
  return (
    <Panel title="Who was told">
      {attempts.length === 0 ? (
        <Empty title="Nobody yet" />
      ) : (
        <Table>
          <Table.Tbody>
            {attempts.map((entry) => (
              <Table.Tr key={`${entry.at}${entry.text}`}>
                <Table.Td w={130}>
                  <StatusMark status={DELIVERY[entry.type]} label="" /> {OUTCOME[entry.type]}
                </Table.Td>
                <Table.Td>{entry.text}</Table.Td>
                <Table.Td w={80} c="dimmed">
                  <Time at={entry.at} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}

/** Who is not told at this moment, and why. */
export function Holds({ holds }: { holds: IncidentContext['holds'] }) {
  if (holds.length === 0) return null;
  return (
    <Panel title="Held now">
      <Table>
        <Table.Tbody>
          {holds.map((hold) => (
            <Table.Tr key={`${hold.way}${hold.reason}`}>
              <Table.Td w={200}>{hold.way === '' ? 'everybody' : hold.way}</Table.Td>
              <Table.Td>{hold.reason}</Table.Td>
              <Table.Td w={110} c="dimmed">
                {hold.until === null ? '' : <Time at={hold.until} />}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

export function IncidentTimeline({ timeline }: { timeline: readonly Entry[] }) {
  return (
    <Timeline bulletSize={10} lineWidth={2}>
      {timeline.map((entry) => (
        <Timeline.Item
          key={`${entry.at}${entry.type}${entry.text}`}
          title={<Text size="sm">{entry.type === 'held' ? 'held: nobody told' : entry.type}</Text>}
        >
          <Text size="sm">{entry.text}</Text>
          <Text size="xs" c="dimmed">
            <Time at={entry.at} />
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

/** The same trouble at other times. */
export function SameKey({ incidents }: { incidents: IncidentContext['sameKey'] }) {
  if (incidents.length === 0) return null;
  return (
    <Panel title="The same before and after">
      <Table>
        <Table.Tbody>
          {incidents.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td>
                <Anchor component={Link} size="sm" href={`/incidents/${one.id}`}>
                  opened <Time at={one.openedAt} />
                </Anchor>
              </Table.Td>
              <Table.Td>{one.state}</Table.Td>
              <Table.Td c="dimmed">
                {one.resolvedAt && (
                  <>
                    ended <Time at={one.resolvedAt} />
                  </>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
