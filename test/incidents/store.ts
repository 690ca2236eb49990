import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Alerting, Route } from '../../src/core/alerting.ts';
import type { AlertPolicy } from '../../src/incidents/apply.ts';
import { openStore } from '../../src/store/open.ts';
import { repositories } from '../../src/store/repositories/index.ts';
import { NOON } from './support.ts';

/** A fresh SQLite store in a directory of its own. */
export async function freshStore() {
  const directory = await mkdtemp(join(tmpdir(), 'seaworthy-incidents-'));
  const store = await openStore({ url: `sqlite:${join(directory, 'seaworthy.db')}`, now: NOON });
  return {
    store,
    db: repositories(store),
    async close(): Promise<void> {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Everything goes to these channels at once. */
export function policyTo(channels: readonly { id: string; url: string; secret?: string }[]): AlertPolicy {
  const alerting: Alerting = {
    channels: channels.map(({ id, url, secret }) => ({
      id,
      kind: 'webhook',
      settings: { url, ...(secret === undefined ? {} : { secret }) },
    })),
    people: [],
    schedules: [],
    escalations: [],
    routes: channels.map(
      ({ id }): Route => ({
        match: {},
        escalation: null,
        channel: id,
        groupBy: ['target'],
        groupWaitMs: 0,
        groupIntervalMs: 0,
        repeatMs: null,
        continue: true,
      }),
    ),
    inhibit: [],
    maintenance: [],
  };
  return { alerting, dependsOn: new Map() };
}
