import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { api } from './client.ts';
import type { MonitorPage } from './types.ts';

const PAGE_ROWS = 500;

/** All monitors that match, page by page as far as somebody has scrolled. */
export function useMonitorPages(q: string, state: string) {
  return useInfiniteQuery({
    queryKey: ['monitors', 'pages', q, state],
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      api.get<MonitorPage>('/monitors', { q, state, cursor: pageParam, limit: PAGE_ROWS }, signal),
    getNextPageParam: (last) => last.nextCursor,
  });
}
