import type { Clock } from '../audit/scheduler.ts';
import { reasonOf } from '../core/error.ts';
import type { Signal } from '../core/signal.ts';
import { timedMatch } from '../incidents/apply.ts';
import { sendHttp } from '../incidents/deliver-http.ts';
import { type MissingStep, missingSteps } from '../incidents/missing-steps.ts';
import type { ServiceCore } from './core.ts';

/** How often escalations are looked through. */
const LOOK_MS = 60_000;
/** Delivery asks the outbox every few seconds; one that has not for so long hangs. */
const SILENT_MS = 60_000;
/** Silences that ended a while ago still explain why a step came late. */
const LOOK_BACK_MS = 3_600_000;
const KEY = 'self:escalations';

export interface Watchdog {
  /** Looks now; answers which steps are missing. */
  look(): Promise<MissingStep[]>;
  /** Why we are not healthy; empty where we are. */
  troubles(): Promise<string[]>;
  stop(): void;
}

/**
 * Watches the part that wakes people. Every minute it proves that each step of an escalation left its message; one that did not
 * is a log line, a figure and an incident, and the plan is made anew. While store, clock and delivery work it tells the
 * dead man's switch of the configuration, so that our silence is heard somewhere else.
 */
export function startWatchdog(
  core: Pick<ServiceCore, 'store' | 'db' | 'alerts' | 'log' | 'now'> & {
    config: Pick<ServiceCore['config'], 'current'>;
  },
  parts: {
    clock: Clock;
    metrics: {
      missingSteps: { set(count: number): void };
      deadManPings: { inc(labels: { result: string }): void };
    };
    /** When delivery last asked the outbox without trouble, epoch ms. */
    deliveryLookedAt(): number;
    onTrouble(thrown: unknown): void;
  },
): Watchdog {
  const { store, db, config, alerts, log, now } = core;
  const { clock, metrics } = parts;
  const startedAt = now();
  let lookedAt = startedAt;
  let stopped = false;
  let cancelLook = clock.after(LOOK_MS, tick);
  let cancelPing = clock.after(0, ping);

  async function look(): Promise<MissingStep[]> {
    const { alerting, services } = config.current();
    const at = now();
    if (!alerting) {
      lookedAt = at;
      return [];
    }
    const incidents = await db.incidents.unresolved();
    const since = at - LOOK_BACK_MS;
    const missing = missingSteps({
      incidents,
      told: await db.outbox.toldAbout(incidents.map(({ id }) => id)),
      rules: {
        alerting,
        silences: (await db.silences.list(since)).map((one) => timedMatch(one, one.comment)),
        maintenance: (await db.maintenance.list(since)).map((one) => timedMatch(one, one.title)),
        dependsOn: new Map(services.map((one) => [one.id, one.dependsOn])),
      },
      takeovers: await db.overrides.list(Math.min(since, ...incidents.map(({ openedAt }) => openedAt))),
      now: at,
    });
    metrics.missingSteps.set(missing.length);
    const open = incidents.find(({ key }) => key === KEY);
    const [first] = missing.filter(({ incidentId }) => incidentId !== open?.id);
    if (first) {
      log.error({ missing: missing.length, ...first }, 'a step of an escalation did not run');
      await say(
        'open',
        `${missing.length} steps of escalations did not run, the first: step ${first.step} of ${first.escalation}`,
      );
      await alerts.look();
    } else if (open) await say('close', 'all steps of escalations ran');
    lookedAt = at;
    return missing;
  }

  async function say(kind: Signal['kind'], text: string): Promise<void> {
    const at = now();
    const title = 'Escalations do not run as they should';
    const labels = { service: 'seaworthy' };
    const signal: Signal = { key: KEY, kind, at, severity: 'critical', title, text, labels, source: 'self' };
    alerts.settled(await store.write((q) => alerts.apply(q, [signal], at)));
  }

  async function troubles(): Promise<string[]> {
    const at = now();
    const found: string[] = [];
    if (store.readOnly) found.push('the store can be read only');
    // A transaction that begins and ends: the write lock can be had and the disk answers.
    await store.write((q) => db.outbox.toldOf('', q)).catch(() => found.push('the store takes no transaction'));
    if (at - parts.deliveryLookedAt() > SILENT_MS) found.push('delivery does not look at the outbox');
    if (at - lookedAt > 3 * LOOK_MS) found.push('escalations are not looked through');
    return found;
  }

  async function sayAlive(url: string): Promise<void> {
    const found = await troubles();
    if (found.length > 0) {
      metrics.deadManPings.inc({ result: 'withheld' });
      log.error({ troubles: found }, 'not healthy: the dead man is not told that we live');
      return;
    }
    const answer = await sendHttp({ method: 'POST', url, headers: {}, body: '' });
    const ok = 'status' in answer && answer.status >= 200 && answer.status < 300;
    metrics.deadManPings.inc({ result: ok ? 'sent' : 'failed' });
    const reason = 'status' in answer ? `answered ${answer.status}` : answer.error;
    if (!ok) log.warn({ reason }, 'the dead man did not hear us');
  }

  function tick(): void {
    look()
      .catch(parts.onTrouble)
      .finally(() => {
        if (!stopped) cancelLook = clock.after(LOOK_MS, tick);
      });
  }

  function ping(): void {
    const { deadMan } = config.current().alerting ?? {};
    (deadMan ? sayAlive(deadMan.url) : Promise.resolve())
      .catch((thrown: unknown) => log.warn({ reason: reasonOf(thrown) }, 'the dead man was not told'))
      .finally(() => {
        if (!stopped) cancelPing = clock.after(deadMan?.everyMs ?? LOOK_MS, ping);
      });
  }

  return {
    look,
    troubles,
    stop() {
      stopped = true;
      cancelLook();
      cancelPing();
    },
  };
}
