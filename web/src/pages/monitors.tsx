import { Group, SegmentedControl, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useCallback } from 'react';
import { useMonitorPages } from '../api/monitors.ts';
import { useQueryState } from '../app/query-state.ts';
import { MonitorList } from '../ui/monitor-list.tsx';
import { Empty, Loaded } from '../ui/states.tsx';

/** Everything that is watched, what is down first. Search and filter are the service's work and stand in the address. */
export function Monitors() {
  const [search, setSearch] = useQueryState('q');
  const [state, setState] = useQueryState('state', 'all');
  const [asked] = useDebouncedValue(search, 200);
  const query = useMonitorPages(asked, state === 'all' ? '' : state);
  const { hasNextPage, isFetching, fetchNextPage } = query;
  const first = query.data?.pages[0];
  const newest = query.data?.pages.at(-1) ?? first;
  const monitors = query.data?.pages.flatMap((page) => page.items);
  const onMore = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const counts = first?.counts;
  const all = counts ? counts.up + counts.down + counts.unknown : 0;
  return (
    <Stack gap="sm">
      <Title order={1}>Monitors</Title>
      <Group gap="sm">
        <TextInput
          size="xs"
          type="search"
          w={240}
          aria-label="search monitors"
          placeholder="search  /"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <SegmentedControl
          size="xs"
          aria-label="state"
          value={state}
          onChange={setState}
          data={[
            { value: 'all', label: `all ${all}` },
            { value: 'down', label: `down ${counts?.down ?? 0}` },
            { value: 'unknown', label: `unknown ${counts?.unknown ?? 0}` },
            { value: 'up', label: `up ${counts?.up ?? 0}` },
          ]}
        />
      </Group>
      <Loaded query={{ ...query, data: monitors }}>
        {(loaded) =>
          loaded.length === 0 ? (
            <Empty title={search === '' && state === 'all' ? 'No monitors yet' : 'Nothing matches'}>
              Give a target in seaworthy.yaml a `monitor:` with an interval.
            </Empty>
          ) : (
            <MonitorList monitors={loaded} total={newest?.total ?? loaded.length} onMore={onMore} />
          )
        }
      </Loaded>
      {query.isError && query.data && (
        <Text size="sm" c="red" role="alert">
          {query.error.message}
        </Text>
      )}
    </Stack>
  );
}
