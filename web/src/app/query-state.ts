import { useCallback } from 'react';
import { useLocation, useSearch } from 'wouter';

/** A filter that lives in the address bar, so that what is on the screen can be shared as a link. */
export function useQueryState(name: string, initial = ''): [string, (value: string) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const value = new URLSearchParams(search).get(name) ?? initial;
  const set = useCallback(
    (next: string) => {
      const params = new URLSearchParams(search);
      if (next === initial) params.delete(name);
      else params.set(name, next);
      const text = params.toString();
      navigate(text ? `${path}?${text}` : path, { replace: true });
    },
    [search, path, navigate, name, initial],
  );
  return [value, set];
}
