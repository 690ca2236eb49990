import { Alert, Button, Center, Loader, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Nothing here yet, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Stack gap={4} py="xl" align="center" ta="center">
      <Text fw={600}>{title}</Text>
      {children && (
        <Text size="sm" c="dimmed" maw={520}>
          {children}
        </Text>
      )}
    </Stack>
  );
}

/** The part of a query that `Loaded` looks at. */
interface Asked<T> {
  data: T | undefined;
  isError: boolean;
  error: Error | null;
  refetch(): unknown;
}

/** One of: still asking, could not be had (with a way to try again), or what was asked for. */
export function Loaded<T>({ query, children }: { query: Asked<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) {
    return (
      <Alert color="red" variant="light" title="This could not be loaded" role="alert">
        <Text size="sm" mb="xs">
          {query.error?.message}
        </Text>
        <Button size="compact-sm" variant="light" color="red" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </Alert>
    );
  }
  return (
    <Center py="xl">
      <Loader size="sm" aria-label="loading" />
    </Center>
  );
}
