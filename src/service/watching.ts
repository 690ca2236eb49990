import type { MonitorPort } from '../api/ports.ts';
import type { Config } from '../config/config.ts';
import { startDelivery } from '../incidents/deliver.ts';
import { newId } from '../store/id.ts';
import type { ServiceCore } from './core.ts';

/** What runs beside the audits: delivery of messages, and the looks of monitors. */
export interface Watching {
  /** Takes up a new configuration. */
  adopt(config: Config): Promise<void>;
  /** Something was written to the outbox. */
  wakeDelivery(): void;
  ping: MonitorPort['ping'];
  /** Ends looks and deliveries that are under way and saves what was seen. */
  stop(): Promise<void>;
}

export function startWatching(core: ServiceCore, trouble: (thrown: unknown) => void): Watching {
  const { store, db, config, events, log, now } = core;
  const delivery = startDelivery({
    store,
    repositories: db,
    channels: () => config.current().alerting?.channels ?? [],
    now,
    onOutcome({ channel, outcome, reason, ms }) {
      const fields = { channel, outcome, reason, ms };
      if (outcome === 'sent') log.info(fields, 'message delivered');
      else log.warn(fields, 'message not delivered');
    },
    onTrouble: trouble,
  });

  return {
    async adopt() {},
    wakeDelivery: () => delivery.wake(),
    async ping({ id, kind, exitCode, body, remote }) {
      const known = config.current().targets.some((one) => one.heartbeat?.id === id);
      if (!known) return false;
      const at = now();
      await store.write((q) =>
        db.pings.add(q, { id: newId(at), monitorId: id, at, kind, exitCode, durationMs: null, body, remote }),
      );
      events.publish('monitor.changed', { monitor: id });
      return true;
    },
    stop: () => delivery.stop(),
  };
}
