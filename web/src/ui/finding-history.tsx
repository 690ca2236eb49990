import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { targetHistory } from '../api/history.ts';
import { Time } from './time.tsx';

/** How one finding came to be what it is, newest first. Silent while there is nothing to say. */
export function FindingHistory({ targetId, fingerprint }: { targetId: string; fingerprint: string }) {
  // The same question as that of the chart of the page, so it is asked once.
  const query = useQuery({ queryKey: ['history', targetId], queryFn: () => targetHistory(targetId) });
  const changes = (query.data?.changes ?? []).filter((change) => change.fingerprint === fingerprint);
  if (changes.length === 0) return null;
  return (
    <Text size="xs" c="dimmed" mt={6}>
      {changes.slice(0, 8).map((change, index) => (
        <span key={`${change.auditId}${change.to}`}>
          {index > 0 && ' · '}
          {change.from ?? 'new'} → {change.to} <Time at={change.at} />
        </span>
      ))}
    </Text>
  );
}
