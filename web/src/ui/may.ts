import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.ts';
import type { Me } from '../api/types.ts';

/** Whether whoever is logged in may change things: operators and administrators. */
export function useMay(): boolean {
  const me = useQuery({ queryKey: ['me'], queryFn: () => api.get<Me>('/me') });
  return me.data?.role === 'operator' || me.data?.role === 'admin';
}
