import { randomUUID } from 'node:crypto';
import type { OpenChannel, ToSend, Verdict } from '../channels/channel.ts';
import { CHANNELS } from '../channels/index.ts';
import type { ChannelConfig } from '../core/alerting.ts';
import { AppError } from '../core/error.ts';
import type { TimelineEntry } from '../core/incident.ts';
import type { OutboxMessage } from '../core/notification.ts';
import type { Repositories } from '../store/repositories/index.ts';
import type { Store } from '../store/store.ts';
import { backOffMs, type RetryRule, STANDARD_RETRY } from './back-off.ts';
import { type SendFn, sendAny } from './deliver-any.ts';

export interface DeliveryParts {
  store: Store;
  repositories: Repositories;
  /** The channels as they are configured now; asked at every attempt, so that a reload takes effect. */
  channels(): readonly ChannelConfig[];
  now(): number;
  /** 0 to 1, for jitter. */
  random?: () => number;
  send?: SendFn;
  /** Where people reach the dashboard, for links; without a slash at the end. */
  dashboard?: string;
  retry?: RetryRule;
  /** Told of every attempt that came to an end, for metrics and logs. */
  onOutcome?(outcome: { channel: string; outcome: Verdict['outcome']; reason: string; ms: number }): void;
  /** Told of trouble of our own (the store); the loop goes on. */
  onTrouble?(thrown: unknown): void;
  concurrency?: number;
  perChannel?: number;
  leaseMs?: number;
}

export interface Delivery {
  /** Something was written to the outbox: look now. */
  wake(): void;
  /** Resolves when nothing is due and nothing is on its way. For shutdown and tests. */
  idle(): Promise<void>;
  /** When it last asked the outbox without trouble, epoch ms. */
  lookedAt(): number;
  /** Takes no further message and waits for those on their way. */
  stop(): Promise<void>;
}

/** A message is given back to others after this; a send (15 s at most) must have ended before. */
const LEASE_MS = 20_000;
/** Longest sleep: another process may have written to the outbox. */
const POLL_MS = 5_000;

/** Channels ready to send. A kind that is not registered is a mistake of the configuration. */
export function openChannel({ id, kind, settings }: ChannelConfig): OpenChannel {
  const channel = CHANNELS.get(kind);
  if (!channel) {
    throw new AppError('channel-kind', `channel "${id}": there is no kind "${kind}"`, {
      hint: `use one of ${[...CHANNELS.keys()].join(', ')}`,
    });
  }
  return channel.open(id, settings);
}

/**
 * Sends what the outbox owes. A message is leased, sent, and only then marked, so that a crash at any point sends it
 * again under the same id and never loses it. A channel that hangs keeps its own places busy and nobody else's.
 */
export function startDelivery(parts: DeliveryParts): Delivery {
  const { store, repositories, now } = parts;
  const random = parts.random ?? Math.random;
  const send = parts.send ?? sendAny;
  const retry = parts.retry ?? STANDARD_RETRY;
  const concurrency = parts.concurrency ?? 32;
  const perChannel = parts.perChannel ?? 8;
  const owner = randomUUID();
  const busy = new Map<string, number>();
  const flying = new Set<Promise<void>>();
  let stopped = false;
  let lookedAt = now();
  let woken = false;
  let wakeUp: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  let idlers: (() => void)[] = [];

  const wake = (): void => {
    woken = true;
    wakeUp?.();
  };

  async function deliver(message: OutboxMessage): Promise<void> {
    const started = now();
    const verdict = await attempt(message);
    const at = now();
    const left = message.createdAt + retry.giveUpAfterMs - at;
    const final: Verdict =
      verdict.outcome === 'retry' && left <= 0
        ? { outcome: 'give-up', reason: `${verdict.reason}; tried ${message.attempts} times` }
        : verdict;
    parts.onOutcome?.({
      channel: message.channel,
      outcome: final.outcome,
      reason: final.outcome === 'sent' ? final.note : final.reason,
      ms: at - started,
    });
    await store.write(async (q) => {
      const { outbox, incidents } = repositories;
      let held: boolean;
      if (final.outcome === 'sent') {
        held = await outbox.markSent(q, message.id, owner, at);
        if (final.receipt !== undefined) {
          await repositories.receipts.keep(q, message.channel, message.incidentIds, final.receipt, at);
        }
      } else if (final.outcome === 'give-up') held = await outbox.giveUp(q, message.id, owner, at, final.reason);
      else {
        const dueAt = at + Math.max(final.afterMs ?? 0, backOffMs(retry, message.attempts, random()));
        held = await outbox.retryAt(q, message.id, owner, dueAt, final.reason);
      }
      const entry = held ? entryOf(message, final, at) : undefined;
      if (!entry) return;
      for (const id of message.incidentIds) await incidents.addEvents(q, id, [entry]);
    });
  }

  async function attempt(message: OutboxMessage): Promise<Verdict> {
    const config = parts.channels().find((one) => one.id === message.channel);
    if (!config) return { outcome: 'give-up', reason: `there is no channel "${message.channel}" any more` };
    try {
      const channel = openChannel(config);
      const receipts = await repositories.receipts.of(message.channel, message.incidentIds);
      const { id, notification } = message;
      const toSend: ToSend = {
        id,
        notification,
        now: now(),
        receipts,
        ...(parts.dashboard === undefined ? {} : { dashboard: parts.dashboard }),
      };
      return channel.judge(await send(channel.render(toSend)), now(), toSend);
    } catch {
      // The settings fit no more, or rendering failed: the text could hold a secret, so it is not kept.
      return { outcome: 'give-up', reason: `channel "${message.channel}" cannot be used as it is configured` };
    }
  }

  async function leaseMore(): Promise<number> {
    const limit = concurrency - flying.size;
    if (limit <= 0) return 0;
    const except = [...busy].filter(([, count]) => count >= perChannel).map(([channel]) => channel);
    const at = now();
    // One lease takes at most what one channel may have, so that no channel takes all places at once.
    const request = { now: at, limit: Math.min(limit, perChannel), owner, leaseMs: parts.leaseMs ?? LEASE_MS, except };
    if (((await repositories.outbox.nextDueAt()) ?? Number.POSITIVE_INFINITY) > at) return 0;
    const messages = await store.write((q) => repositories.outbox.lease(q, request));
    for (const message of messages) {
      busy.set(message.channel, (busy.get(message.channel) ?? 0) + 1);
      const flight: Promise<void> = deliver(message)
        .catch((thrown: unknown) => parts.onTrouble?.(thrown)) // its lease runs out and it is sent again
        .finally(() => {
          const count = (busy.get(message.channel) ?? 1) - 1;
          if (count > 0) busy.set(message.channel, count);
          else busy.delete(message.channel);
          flying.delete(flight);
          wake();
        });
      flying.add(flight);
    }
    return messages.length;
  }

  async function sleep(): Promise<void> {
    const next = await repositories.outbox.nextDueAt().catch(() => null);
    if (woken || stopped) return;
    const wait = next === null ? POLL_MS : Math.min(POLL_MS, Math.max(next - now(), flying.size > 0 ? 50 : 5));
    await new Promise<void>((resolve) => {
      wakeUp = resolve;
      timer = setTimeout(resolve, wait);
    });
    clearTimeout(timer);
    wakeUp = undefined;
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      woken = false;
      try {
        const leased = await leaseMore();
        lookedAt = now();
        if (leased > 0) continue;
        if (flying.size === 0 && !woken) await tellIdlers();
      } catch (thrown) {
        parts.onTrouble?.(thrown);
      }
      if (!woken && !stopped) await sleep();
    }
  }

  async function tellIdlers(): Promise<void> {
    if (idlers.length === 0) return;
    const next = await repositories.outbox.nextDueAt();
    if (next !== null && next <= now()) return;
    for (const tell of idlers.splice(0)) tell();
  }

  const running = loop();
  return {
    wake,
    lookedAt: () => lookedAt,
    idle: () =>
      new Promise((resolve) => {
        idlers.push(resolve);
        wake();
      }),
    async stop() {
      stopped = true;
      wake();
      await running;
      await Promise.all(flying);
      for (const tell of idlers) tell();
      idlers = [];
    },
  };
}

/** The line in the timeline: the delivery, the first failure, and the end of trying. */
function entryOf(message: OutboxMessage, verdict: Verdict, at: number): TimelineEntry | undefined {
  const what = `${message.notification.type.replace('incident.', '')} by ${message.channel}`;
  if (verdict.outcome === 'sent') return { at, type: 'delivered', text: `${what}: ${verdict.note}` };
  if (verdict.outcome === 'give-up') return { at, type: 'gave-up', text: `${what}: ${verdict.reason}` };
  return message.attempts === 1 ? { at, type: 'retried', text: `${what}: ${verdict.reason}` } : undefined;
}
