import type { Allowance, Budget, Person } from '../core/alerting.ts';
import type { Incident } from '../core/incident.ts';
import { compareSeverity } from '../core/severity.ts';
import type { Hold, PlannedMessage, Told } from './plan.ts';

/** A message that was written to the outbox, whatever it told of. `at` is epoch ms. */
export type Spent = Pick<Told, 'channel' | 'type' | 'at'>;

export interface BudgetInput {
  budget: Budget | undefined;
  people: readonly Person[];
  /** What was written since the longest period of the budget began. */
  spent: readonly Spent[];
  /** What was told of the unresolved incidents. */
  told: ReadonlyMap<string, readonly Told[]>;
  unresolved: readonly Incident[];
  /** Channels whose service keeps one alert per incident: to them a digest says nothing, so they have no budget. */
  alone: ReadonlySet<string>;
  now: number;
}

/** At most so many incidents in one digest. */
const DIGEST_MAX = 1_000;

/** The thread of the digests of a channel; the ends of what they told of follow in it. */
export const digestThread = (channel: string): string => `digest|${channel}`;

/**
 * Lets through what the budgets of channels and people allow, the worst first. The rest is held with its reason and told
 * in one digest per channel, when the oldest of it is `digestEveryMs` old, and that long after the digest before. Ends,
 * acknowledgements and news of what was told already are never held. The first critical incident of a service jumps
 * the queue; so that flapping cannot use this for ever, at most as many again as the budget allows.
 */
export function withinBudget(
  messages: readonly PlannedMessage[],
  input: BudgetInput,
): { send: PlannedMessage[]; hold: Hold[] } {
  const { budget } = input;
  if (!budget) return { send: [...messages], hold: [] };
  const bound = (message: PlannedMessage): boolean => isBound(message) && !input.alone.has(message.channel);
  const send = messages.filter((message) => !bound(message));
  const account = accountOf(budget, input);
  for (const message of send) account.spend(message.channel);
  const jumps = jumpersOf(input);
  const over = new Map<string, { reason: string; messages: PlannedMessage[] }>();
  for (const message of worstFirst(messages.filter(bound))) {
    const used = account.usedUp(message.channel, 1);
    if (!used || (jumps(message) && !account.usedUp(message.channel, 2))) {
      account.spend(message.channel);
      send.push(message);
      continue;
    }
    const held = over.get(message.channel) ?? { reason: used, messages: [] };
    held.messages.push(message);
    over.set(message.channel, held);
  }
  const hold: Hold[] = [];
  for (const [channel, { reason, messages: held }] of over) {
    const incidents = [...new Map(held.flatMap((one) => one.incidents).map((one) => [one.id, one])).values()];
    const dueAt = account.digestAt(channel, Math.min(...incidents.map((one) => one.openedAt)));
    if (dueAt > input.now) {
      const why = `${reason}; it comes with the next digest`;
      for (const { id } of incidents)
        hold.push({ incidentId: id, way: `channel:${channel}`, reason: why, until: dueAt, budget: true });
      continue;
    }
    for (let from = 0; from < incidents.length; from += DIGEST_MAX) {
      const part = incidents.slice(from, from + DIGEST_MAX);
      const text = `digest to ${channel}: ${reason}`;
      send.push({ channel, thread: digestThread(channel), type: 'digest', reason: 'new', incidents: part, text });
    }
  }
  return { send, hold };
}

/** First words, further steps and reminders. News of an incident is said at once: nobody would remember that it is owed. */
function isBound({ type, reason }: PlannedMessage): boolean {
  return type === 'incident.opened' || type === 'incident.escalated' || reason === 'repeat';
}

const worst = ({ incidents }: PlannedMessage) =>
  incidents.map(({ severity }) => severity).reduce((a, b) => (compareSeverity(a, b) <= 0 ? a : b), 'info');

const worstFirst = (messages: readonly PlannedMessage[]): PlannedMessage[] =>
  [...messages].sort((a, b) => compareSeverity(worst(a), worst(b)));

function accountOf(budget: Budget, { people, spent, now }: BudgetInput) {
  const byChannel = new Map<string, number[]>();
  const digests = new Map<string, number>();
  const note = (channel: string, at: number): void => {
    const times = byChannel.get(channel);
    if (times) times.push(at);
    else byChannel.set(channel, [at]);
  };
  for (const { channel, type, at } of spent) {
    // Ends and acknowledgements cost nothing: they make it quieter.
    if (type === 'incident.resolved' || type === 'incident.acknowledged') continue;
    note(channel, at);
    if (type === 'digest') digests.set(channel, Math.max(at, digests.get(channel) ?? 0));
  }
  /** How many at each instant of the period. */
  const instants = (channel: string, { perMs }: Allowance): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const at of byChannel.get(channel) ?? []) if (at > now - perMs) counts.set(at, (counts.get(at) ?? 0) + 1);
    return counts;
  };
  /** What reaches a person by two channels at one instant is one interruption; a second channel costs nothing then. */
  const personIsFull = (person: Person, channel: string, allowance: Allowance, fold: number): boolean => {
    const most = new Map<number, number>();
    for (const each of person.channels) {
      for (const [at, count] of instants(each, allowance)) most.set(at, Math.max(count, most.get(at) ?? 0));
    }
    if ((instants(channel, allowance).get(now) ?? 0) < (most.get(now) ?? 0)) return false;
    return [...most.values()].reduce((sum, count) => sum + count, 0) >= allowance.messages * fold;
  };
  return {
    spend: (channel: string): void => note(channel, now),
    /** When the digest of a channel may go that tells of what has waited since `oldest`. */
    digestAt: (channel: string, oldest: number): number =>
      Math.max(oldest, digests.get(channel) ?? 0) + budget.digestEveryMs,
    /** Why nothing more may go to a channel, with the budget taken so many times over. */
    usedUp(channel: string, fold: number): string | undefined {
      const { perChannel, perPerson } = budget;
      if (perChannel) {
        const count = [...instants(channel, perChannel).values()].reduce((sum, one) => sum + one, 0);
        if (count >= perChannel.messages * fold)
          return `the budget of channel ${channel} (${said(perChannel)}) is used up`;
      }
      const owners = people.filter((person) => person.channels.includes(channel));
      if (!perPerson || owners.length === 0) return undefined;
      // A channel that several people share is open while one of them has something left.
      if (!owners.every((person) => personIsFull(person, channel, perPerson, fold))) return undefined;
      return `the budget of ${owners.map(({ name }) => name).join(' and ')} (${said(perPerson)}) is used up`;
    },
  };
}

const said = ({ messages, perMs }: Allowance): string => `${messages} in ${perMs / 60_000} min`;

/** Whether a message is the first word to its channel about a service in trouble, and critical. */
function jumpersOf({ unresolved, told }: BudgetInput): (message: PlannedMessage) => boolean {
  const service = ({ labels, key }: Incident): string => labels.service ?? labels.target ?? key;
  const heard = new Set<string>();
  for (const incident of unresolved) {
    for (const { channel } of told.get(incident.id) ?? []) heard.add(`${channel} ${service(incident)}`);
  }
  return ({ channel, type, incidents }) => {
    if (type !== 'incident.opened') return false;
    const first = incidents.filter((one) => one.severity === 'critical' && !heard.has(`${channel} ${service(one)}`));
    for (const one of first) heard.add(`${channel} ${service(one)}`);
    return first.length > 0;
  };
}
