import type { EventHub } from '../api/event-hub.ts';
import type { Scheduler } from '../audit/scheduler.ts';
import type { Check } from '../core/check.ts';
import type { Logger } from '../ops/log.ts';
import type { Repositories } from '../store/repositories/index.ts';
import type { Store } from '../store/store.ts';
import type { Alerts } from './alerts.ts';
import type { RunningConfig } from './running-config.ts';

/** What the parts of a running service share. */
export interface ServiceCore {
  version: string;
  /** Epoch ms. */
  now(): number;
  checks: readonly Check[];
  store: Store;
  db: Repositories;
  config: RunningConfig;
  scheduler: Scheduler;
  alerts: Alerts;
  events: EventHub;
  log: Logger;
}

export const rfc3339 = (ms: number): string => new Date(ms).toISOString();
export const rfc3339OrNull = (ms: number | null | undefined): string | null => (ms == null ? null : rfc3339(ms));
