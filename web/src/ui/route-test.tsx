import { Button, Group, NativeSelect, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/client.ts';
import type { RouteAnswerView, TargetItem } from '../api/types.ts';
import { CATEGORIES, SEVERITIES } from '../api/words.ts';
import { Panel } from '../pages/overview.tsx';
import { inLocal, toInstant } from './local-time.ts';
import { useMay } from './may.ts';
import { StatusMark } from './status.tsx';

const instant = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', hour12: false });
const said = (at: string) => instant.format(Date.parse(at));

/** Asks who would be told of an incident at an instant, who not, and why. Tells nobody. */
export function RouteTest() {
  const mayAsk = useMay();
  const targets = useQuery({ queryKey: ['targets', 'all'], queryFn: () => api.all<TargetItem>('/targets') });
  const [target, setTarget] = useState('');
  const [severity, setSeverity] = useState('high');
  const [category, setCategory] = useState('');
  const [at, setAt] = useState(() => inLocal(Date.now()));
  const chosen = target || (targets.data?.[0]?.id ?? '');
  const test = useMutation({
    mutationFn: () =>
      api.post<RouteAnswerView>('/route-test', {
        target: chosen,
        severity,
        at: toInstant(at),
        ...(category === '' ? {} : { category }),
      }),
  });
  if (!mayAsk) return null;
  const ask = (event: FormEvent) => {
    event.preventDefault();
    test.mutate();
  };
  return (
    <Panel title="Who would be told">
      <Stack gap="sm">
        <form onSubmit={ask}>
          <Group gap="xs" align="end">
            <NativeSelect
              size="xs"
              label="Target"
              data={(targets.data ?? []).map(({ id }) => id)}
              value={chosen}
              onChange={(event) => setTarget(event.currentTarget.value)}
            />
            <NativeSelect
              size="xs"
              label="Severity"
              data={[...SEVERITIES]}
              value={severity}
              onChange={(event) => setSeverity(event.currentTarget.value)}
            />
            <NativeSelect
              size="xs"
              label="Category"
              data={[{ value: '', label: 'any' }, ...CATEGORIES]}
              value={category}
              onChange={(event) => setCategory(event.currentTarget.value)}
            />
            <TextInput
              size="xs"
              type="datetime-local"
              label="At"
              value={at}
              onChange={(event) => setAt(event.currentTarget.value)}
            />
            <Button size="xs" type="submit" variant="default" loading={test.isPending}>
              Ask
            </Button>
          </Group>
        </form>
        {test.isError && (
          <Text size="sm" c="red" role="alert">
            {test.error.message}
          </Text>
        )}
        {test.data && <Answer answer={test.data} />}
      </Stack>
    </Panel>
  );
}

function Answer({ answer }: { answer: RouteAnswerView }) {
  const { held, nobody, ways } = answer;
  return (
    <Stack gap="xs" role="status">
      {nobody !== null && (
        <Text size="sm">
          <StatusMark status="fail" label="" /> Nobody is told: {nobody}.
        </Text>
      )}
      {held && (
        <Text size="sm">
          <StatusMark status="unknown" label="" /> Held at first: {held.reason}
          {held.until && ` (until ${said(held.until)})`}.
        </Text>
      )}
      {ways.map((way) => (
        <div key={way.route}>
          <Text size="sm" fw={600}>
            Route {way.route} to {way.escalation ?? way.channel}
          </Text>
          <Table>
            <Table.Tbody>
              {way.steps.map((step) => (
                <Table.Tr key={step.afterMs}>
                  <Table.Td w={170} c="dimmed">
                    {said(step.at)}
                  </Table.Td>
                  <Table.Td>
                    {step.who.map((who) => (
                      <Text key={who} size="sm">
                        <StatusMark status="pass" label="told" /> {who}
                      </Text>
                    ))}
                    {step.missing.map((why) => (
                      <Text key={why} size="sm">
                        <StatusMark status="fail" label="not told" /> {why}
                      </Text>
                    ))}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      ))}
    </Stack>
  );
}
