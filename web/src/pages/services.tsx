import { Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { FleetScorecard } from '../api/types.ts';
import { FleetGrid } from '../ui/fleet-grid.tsx';
import { Loaded } from '../ui/states.tsx';

export function Services() {
  const fleet = useQuery({ queryKey: ['scorecard'], queryFn: () => api.get<FleetScorecard>('/scorecard') });
  return (
    <Stack>
      <Title order={1}>Services</Title>
      <Loaded query={fleet}>{(data) => <FleetGrid fleet={data} />}</Loaded>
    </Stack>
  );
}
