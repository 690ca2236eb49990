import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { FindingChange, Page } from '../api/types.ts';
import { Time } from './time.tsx';

/** How one finding came to be what it is, newest first. Silent while there is nothing to say. */
export function FindingHistory({ targetId, fingerprint }: { targetId: string; fingerprint: string }) {
  const query = useQuery({
    queryKey: ['history', targetId, fingerprint],
    queryFn: () =>
      api.get<Page<FindingChange>>(`/targets/${encodeURIComponent(targetId)}/findings/${fingerprint}/history`),
  });
  const changes = query.data?.items ?? [];
  if (changes.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" mt={6}>
      {changes.slice(0, 8).map((change, index) => (
        <span key={`${change.at}${change.to}`}>
          {index > 0 && ' · '}
          {change.from ?? 'new'} → {change.to} <Time at={change.at} />
        </span>
      ))}
    </Text>
  );
}
