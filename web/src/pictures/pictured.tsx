import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Pictured } from '../../../src/api/pictures.ts';
import { ApiError, api } from '../api/client.ts';
import { Empty, Loaded } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import classes from './pictures.module.css';

/** One reading of the newest audit's facts, or why there is none. */
export function Picture<T>({
  targetId,
  kind,
  children,
}: {
  targetId: string;
  kind: 'headers' | 'tls' | 'exposure';
  children: (picture: T) => ReactNode;
}) {
  const query = useQuery({
    queryKey: ['picture', targetId, kind],
    queryFn: async (): Promise<Pictured<T> | null> => {
      try {
        return await api.get<Pictured<T>>(`/targets/${encodeURIComponent(targetId)}/${kind}`);
      } catch (error) {
        // Not audited yet.
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
  });
  return (
    <Loaded query={query}>
      {(answer) =>
        answer === null ? (
          <Empty title="Not audited yet">The first audit starts by itself; `Audit now` does not wait for it.</Empty>
        ) : answer.picture === null ? (
          <Empty title="Nothing to show">{answer.absence}</Empty>
        ) : (
          <>
            {children(answer.picture)}
            <p className={classes.foot}>
              as seen <Time at={answer.at} />
            </p>
          </>
        )
      }
    </Loaded>
  );
}
