import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

export type LiveState = 'connecting' | 'live' | 'lost';

/** Events of the service and what becomes stale with each: the first word of the query keys. */
const STALE: Record<string, readonly string[]> = {
  'audit.finished': [
    'scorecard',
    'targets',
    'target',
    'findings',
    'history',
    'audits',
    'service',
    'changes',
    'picture',
  ],
  'audit.started': ['audits', 'target'],
  'incident.changed': ['incidents', 'incident'],
  'monitor.changed': ['monitors', 'monitor', 'uptime'],
  missed: [
    'scorecard',
    'targets',
    'target',
    'findings',
    'history',
    'audits',
    'service',
    'changes',
    'picture',
    'incidents',
    'incident',
    'monitors',
  ],
  'config.reloaded': ['oncall', 'scorecard', 'targets', 'checks', 'monitors'],
};

const TOGETHER_MS = 500;

/** Keeps what is on the screen fresh: the browser's EventSource reconnects by itself, and everything is asked again after a gap. */
export function useLiveUpdates(enabled: boolean): LiveState {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  useEffect(() => {
    if (!enabled) return;
    const waiting = new Map<string, ReturnType<typeof setTimeout>>();
    // Thousands of monitors may change in one second; what they make stale is asked for once.
    const soon = (key: string) => {
      if (waiting.has(key)) return;
      // A request under way is left alone: events that come faster than the retries would hide its error for ever.
      const ask = () => {
        waiting.delete(key);
        void queries.invalidateQueries({ queryKey: [key] }, { cancelRefetch: false });
      };
      waiting.set(key, setTimeout(ask, TOGETHER_MS));
    };
    const source = new EventSource('/api/v1/events');
    let wasLost = false;
    source.onopen = () => {
      setState('live');
      if (wasLost) void queries.invalidateQueries();
      wasLost = false;
    };
    source.onerror = () => {
      wasLost = true;
      setState('lost');
    };
    for (const [event, keys] of Object.entries(STALE)) {
      source.addEventListener(event, () => {
        for (const key of keys) soon(key);
      });
    }
    return () => {
      source.close();
      for (const timer of waiting.values()) clearTimeout(timer);
    };
  }, [enabled, queries]);
  return state;
}
