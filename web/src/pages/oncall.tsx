import { Anchor, Group, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { OnCallPersonView, OnCallScheduleView } from '../api/types.ts';
import { useQueryState } from '../app/query-state.ts';
import { Overrides } from '../ui/overrides.tsx';
import { RouteTest } from '../ui/route-test.tsx';
import { ShiftWeeks } from '../ui/shift-weeks.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { Time, useNow } from '../ui/time.tsx';
import { Panel } from './overview.tsx';

interface Calendar {
  items: OnCallScheduleView[];
  people: OnCallPersonView[];
}

const WEEKS = ['2', '4', '8', '12'];
const DAY = 86_400_000;

/** Midnight of the Monday of this week, on the clock of the reader. */
function monday(now: number): number {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  return day.getTime();
}

/** Who is on call, who will be, and who would be told. */
export function OnCall() {
  const now = useNow();
  const [asked, setWeeks] = useQueryState('weeks', '4');
  const weeks = WEEKS.includes(asked) ? Number(asked) : 4;
  const from = monday(now);
  const calendar = useQuery({
    queryKey: ['oncall', from, weeks],
    queryFn: () => api.get<Calendar>('/oncall', { at: new Date(from).toISOString(), days: weeks * 7 + 1 }),
  });
  const current = useQuery({
    queryKey: ['oncall', 'now'],
    refetchInterval: 60_000,
    queryFn: () => api.get<Calendar>('/oncall', { days: 14 }),
  });
  return (
    <Stack>
      <Title order={1}>On call</Title>
      <Panel title="On call now">
        <Loaded query={current}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="There is no schedule">Write `schedules:` under `alerting:` in seaworthy.yaml.</Empty>
            ) : (
              <Table>
                <Table.Tbody>
                  {items.map((one) => (
                    <Table.Tr key={one.id}>
                      <Table.Td>{one.id}</Table.Td>
                      <Table.Td fw={600} c={one.now.person === null ? 'red' : ''}>
                        {one.now.name ?? one.now.person ?? 'nobody'}
                      </Table.Td>
                      <Table.Td c="dimmed">
                        {one.now.until && (
                          <>
                            until <Time at={one.now.until} />
                          </>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            )
          }
        </Loaded>
      </Panel>
      <Loaded query={calendar}>
        {({ items, people }) => (
          <>
            {items.map((schedule) => (
              <Panel
                key={schedule.id}
                title={schedule.id}
                aside={
                  <Group gap="sm">
                    <Text size="xs" c="dimmed">
                      hand-offs in {schedule.timeZone}, shown in your own time
                    </Text>
                    {WEEKS.map((one) => (
                      <Anchor
                        key={one}
                        component="button"
                        size="sm"
                        fw={Number(one) === weeks ? 700 : 400}
                        aria-pressed={Number(one) === weeks}
                        onClick={() => setWeeks(one)}
                      >
                        {one} weeks
                      </Anchor>
                    ))}
                  </Group>
                }
              >
                <ShiftWeeks
                  shifts={schedule.shifts}
                  names={new Map(people.map((one) => [one.id, one.name]))}
                  weeks={Array.from({ length: weeks }, (_, week) => from + week * 7 * DAY)}
                  now={now}
                />
              </Panel>
            ))}
            {items.length > 0 && <Overrides schedules={items.map(({ id }) => id)} people={people} />}
          </>
        )}
      </Loaded>
      <RouteTest />
    </Stack>
  );
}
