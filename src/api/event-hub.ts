/** What changed, for those who watch. `id` counts up and is what a browser sends back as Last-Event-ID. */
export interface ServiceEvent {
  id: string;
  type: 'audit.started' | 'audit.finished' | 'incident.changed' | 'monitor.changed' | 'config.reloaded' | 'missed';
  /** Ids only; whoever wants more asks the API. */
  data: Record<string, string | number | null>;
}

const KEPT = 500;
/** A client that does not read is dropped and comes back by itself; it must not cost memory. */
const MAX_WAITING = 200;

export interface Subscription {
  /** The next event, or `null` when `timeoutMs` passed without one or the subscription has ended. */
  next(timeoutMs: number): Promise<ServiceEvent | null>;
  readonly ended: boolean;
  close(): void;
}

export interface EventHub {
  publish(type: ServiceEvent['type'], data: ServiceEvent['data']): void;
  /** Events after `lastId` where they are still kept; `missed` first where they are not. */
  subscribe(lastId: string | null): Subscription;
  readonly clients: number;
  close(): void;
}

interface Client {
  waiting: ServiceEvent[];
  wake: (() => void) | null;
  ended: boolean;
}

/** `epoch` tells ids of this process from those of the one before, so that a restart counts as a gap. */
export function createEventHub(epoch: string): EventHub {
  const kept: ServiceEvent[] = [];
  const clients = new Set<Client>();
  let count = 0;

  const end = (client: Client) => {
    client.ended = true;
    clients.delete(client);
    client.wake?.();
  };

  function missedSince(lastId: string | null): ServiceEvent[] {
    if (lastId === null) return [];
    const at = kept.findIndex((event) => event.id === lastId);
    if (at >= 0) return kept.slice(at + 1);
    if (lastId === `${epoch}-${count}`) return [];
    return [{ id: `${epoch}-${count}`, type: 'missed', data: {} }];
  }

  return {
    publish(type, data) {
      count += 1;
      const event: ServiceEvent = { id: `${epoch}-${count}`, type, data };
      kept.push(event);
      if (kept.length > KEPT) kept.shift();
      for (const client of clients) {
        client.waiting.push(event);
        if (client.waiting.length > MAX_WAITING) end(client);
        else client.wake?.();
      }
    },
    subscribe(lastId) {
      const client: Client = { waiting: missedSince(lastId), wake: null, ended: false };
      clients.add(client);
      return {
        async next(timeoutMs) {
          if (client.waiting.length === 0 && !client.ended) {
            let timer: NodeJS.Timeout | undefined;
            await new Promise<void>((resolve) => {
              client.wake = resolve;
              timer = setTimeout(resolve, timeoutMs);
            });
            clearTimeout(timer);
            client.wake = null;
          }
          return client.ended ? null : (client.waiting.shift() ?? null);
        },
        get ended() {
          return client.ended;
        },
        close: () => end(client),
      };
    },
    get clients() {
      return clients.size;
    },
    close() {
      for (const client of [...clients]) end(client);
    },
  };
}
