import { api } from './client.ts';
import type { FindingChange, HistoryPoint } from './types.ts';

/** Scores over time, oldest first, and what changed in the last thirty days, newest first. */
export interface TargetHistory {
  items: HistoryPoint[];
  changes: FindingChange[];
}

export function targetHistory(targetId: string): Promise<TargetHistory> {
  return api.get(`/targets/${encodeURIComponent(targetId)}/history`, { limit: 500 });
}
