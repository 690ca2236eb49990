import type { MonitorPort } from '../api/ports.ts';
import type { Config } from '../config/config.ts';
import type { Applied } from '../incidents/apply.ts';
import { startDelivery } from '../incidents/deliver.ts';
import { startMonitors } from '../monitor/monitors.ts';
import { selfCheck } from '../monitor/self-check.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { ServiceCore } from './core.ts';

/** What runs beside the audits: the looks of monitors, heartbeats, and the delivery of messages. */
export interface Watching {
  /** Takes up a new configuration: what stayed the same keeps its rhythm and its state. */
  adopt(config: Config): Promise<void>;
  /** Something was written to the outbox. */
  wakeDelivery(): void;
  /** When delivery last asked the outbox without trouble, epoch ms. */
  deliveryLookedAt(): number;
  ping: MonitorPort['ping'];
  /** Breaks off looks, ends deliveries that are under way, and saves what was seen. */
  stop(): Promise<void>;
}

const monitorsOf = (config: Config) => config.targets.flatMap(({ monitor }) => monitor ?? []);
const heartbeatsOf = (config: Config) => config.targets.flatMap(({ heartbeat }) => heartbeat ?? []);

export async function startWatching(
  core: ServiceCore,
  parts: { metrics: Metrics; onTrouble(thrown: unknown): void; dashboard?: string | undefined },
): Promise<Watching> {
  const { store, db, config, alerts, events, log, now } = core;
  const { metrics, onTrouble } = parts;
  const delivery = startDelivery({
    store,
    repositories: db,
    channels: () => config.current().alerting?.channels ?? [],
    now,
    ...(parts.dashboard === undefined ? {} : { dashboard: parts.dashboard }),
    onOutcome({ channel, outcome, reason, ms }) {
      metrics.deliveries.inc({ outcome });
      const fields = { channel, outcome, reason, ms };
      if (outcome === 'sent') log.info(fields, 'message delivered');
      else log.warn(fields, 'message not delivered');
    },
    onTrouble,
  });
  // Transactions of the monitors follow each other; what they changed is told when they have committed.
  let applied: Applied[] = [];
  const known = new Map<string, string>();
  const monitors = await startMonitors({
    store,
    repositories: db,
    monitors: monitorsOf(config.current()),
    heartbeats: heartbeatsOf(config.current()),
    now,
    selfCheck: () => selfCheck(config.current().observer.reach),
    async applySignals(q, signals) {
      applied.push(await alerts.apply(q, signals, now()));
    },
    onSignals() {
      for (const one of applied.splice(0)) alerts.settled(one);
    },
    onBeat(spec, beat, state) {
      metrics.beats.inc({ state: beat.state });
      metrics.beatLatenessSeconds.observe(Math.max(0, beat.startedAt - beat.scheduledAt) / 1_000);
      if (known.get(spec.id) === state.state) return;
      known.set(spec.id, state.state);
      // Whoever hears of it asks the store, so it has to be there first.
      void monitors.flush().then(() => events.publish('monitor.changed', { monitor: spec.id, state: state.state }));
    },
    onTrouble(thrown) {
      // What a transaction that was undone had applied did not happen; what is due is worked out anew.
      applied = [];
      onTrouble(thrown);
      void alerts.look();
    },
  });

  return {
    adopt: (next) => monitors.reload(monitorsOf(next), heartbeatsOf(next)),
    wakeDelivery: () => delivery.wake(),
    deliveryLookedAt: () => delivery.lookedAt(),
    async ping(reported) {
      const taken = await monitors.ping(reported);
      if (taken) events.publish('monitor.changed', { monitor: reported.id });
      return taken;
    },
    async stop() {
      await monitors.stop();
      await delivery.stop();
    },
  };
}
