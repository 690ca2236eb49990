import type { Alerting, Route } from '../core/alerting.ts';
import type { Incident } from '../core/incident.ts';
import type { Notification } from '../core/notification.ts';
import { type BlockRules, blockOf } from './blocked.ts';
import { digestThread, type Spent, withinBudget } from './budget.ts';
import { labelsOf, matches } from './match.ts';
import type { Takeover } from './oncall.ts';
import { type LaidStep, layOut, recipientsOf } from './recipients.ts';

/** One incident in one message that was written to the outbox. `at` is epoch ms. */
export interface Told {
  incidentId: string;
  channel: string;
  thread: string;
  type: Notification['type'];
  at: number;
}

export interface PlanInput extends Omit<BlockRules, 'alerting'> {
  /** All that are not resolved, and those resolved ones whose end may not have been told. */
  incidents: readonly Incident[];
  /** What was told of these incidents. */
  told: readonly Told[];
  /** When each thread last told of an incident, those that ended since included. */
  spoken?: ReadonlyMap<string, number>;
  /** Ids of those in which something new happened that those who heard of them have to hear. */
  news: ReadonlySet<string>;
  alerting: Alerting;
  /** What was written to the outbox of late, for the budgets; needed only where `alerting` has some. */
  spent?: readonly Spent[];
  /** Channels whose service keeps one alert per incident. */
  alone?: ReadonlySet<string>;
  /** Run-time overrides of the on-call schedules. */
  takeovers: readonly Takeover[];
  now: number;
}

export interface PlannedMessage {
  channel: string;
  thread: string;
  type: Notification['type'];
  reason: Notification['reason'];
  incidents: Incident[];
  /** Who that is and why, for the timeline. */
  text: string;
}

/** Somebody is not told now. `until` is when that may change by itself; `null` where only an event can change it. */
export interface Hold {
  incidentId: string;
  /** Which way out is held: `channel:hook`, `escalation:default`, or empty for all of them. */
  way: string;
  reason: string;
  until: number | null;
  /** True where a budget holds it: it comes with a digest. */
  budget?: true;
  /** True where the way leads to nobody: a mistake in the configuration or a gap in a schedule. */
  unreachable?: true;
}

export interface Plan {
  send: PlannedMessage[];
  hold: Hold[];
  /** The next instant at which the plan may change without an event; `null` where there is none. */
  lookAgainAt: number | null;
}

/** At most so many incidents in one message. */
const MESSAGE_MAX = 100;

/**
 * Decides who is told what now, from the incidents and from what was told before; nothing else is remembered, so a
 * restart decides the same. Whatever is not sent has a hold with its reason. A resolve is never held, and goes to every
 * channel and thread that was told of the incident, wherever the routes lead by now.
 */
export function plan(input: PlanInput): Plan {
  const { now, alerting } = input;
  const told = new Map<string, Told[]>();
  for (const one of input.told) {
    const log = told.get(one.incidentId);
    if (log) log.push(one);
    else told.set(one.incidentId, [one]);
  }
  const unresolved = input.incidents.filter((incident) => incident.state !== 'resolved');
  const book = bookOf();
  for (const incident of input.incidents) {
    const log = told.get(incident.id) ?? [];
    if (incident.state === 'resolved') tellRest(book, incident, log, 'incident.resolved', 'resolved');
    if (incident.state === 'acknowledged') tellRest(book, incident, log, 'incident.acknowledged', 'new');
  }
  const groups = new Map<string, { route: Route; way: string; members: Incident[] }>();
  const block = blockOf(input, unresolved, now);
  for (const incident of unresolved) {
    const labels = labelsOf(incident);
    const routes = routesOf(alerting.routes, labels);
    const blocked = block(incident);
    if (blocked) book.hold.push({ incidentId: incident.id, way: '', ...blocked });
    else if (routes.length === 0) {
      book.hold.push({ incidentId: incident.id, way: '', reason: 'no route matches', until: null });
    }
    if (!blocked && input.news.has(incident.id)) {
      for (const { channel, thread } of ways(told.get(incident.id) ?? [])) {
        book.add({ channel, thread, type: 'incident.updated', reason: 'new', text: 'was told of it' }, incident);
      }
    }
    for (const route of blocked ? [] : routes) {
      const way = route.escalation === null ? `channel:${route.channel}` : `escalation:${route.escalation}`;
      const thread = `${way}|${route.groupBy.map((label) => `${label}=${labels[label] ?? ''}`).join(',')}`;
      const group = groups.get(thread);
      if (group) group.members.push(incident);
      else groups.set(thread, { route, way, members: [incident] });
    }
  }
  const others = new Map<string, number>();
  for (const incident of unresolved) {
    for (const one of told.get(incident.id) ?? []) {
      if (FIRST_WORDS.has(one.type)) others.set(one.thread, Math.max(others.get(one.thread) ?? 0, one.at));
    }
  }
  for (const [thread, group] of groups) {
    // What flaps ends between two messages, so the interval counts from the message and not from who is still open.
    const lastOpen = others.get(thread);
    planGroup({
      ...group,
      thread,
      steps: stepsOf(group.route, alerting),
      lastAt: lastOpen === undefined ? undefined : Math.max(lastOpen, input.spoken?.get(thread) ?? 0),
      told,
      input,
      book,
    });
  }
  const kept = withinBudget(book.messages(), {
    budget: alerting.budget,
    people: alerting.people,
    spent: input.spent ?? [],
    told,
    unresolved,
    alone: input.alone ?? new Set(),
    now,
  });
  book.hold.push(...kept.hold);
  const untils = book.hold.flatMap((hold) => (hold.until === null ? [] : [hold.until]));
  const again = [...untils, ...book.again].filter((at) => at > now);
  return { send: kept.send, hold: book.hold, lookAgainAt: again.length > 0 ? Math.min(...again) : null };
}

/** The routes that an incident takes: the first that matches, and those after it while `continue` says so. */
export function routesOf(routes: readonly Route[], labels: Readonly<Record<string, string>>): Route[] {
  const found: Route[] = [];
  for (const route of routes) {
    if (!matches(route.match, labels)) continue;
    found.push(route);
    if (!route.continue) break;
  }
  return found;
}

const FIRST_WORDS: ReadonlySet<Notification['type']> = new Set(['incident.opened', 'incident.escalated', 'digest']);

function stepsOf(route: Route, alerting: Alerting): LaidStep[] {
  if (route.channel !== null) {
    return [{ step: 1, cycle: 0, afterMs: 0, notify: [{ type: 'channel', id: route.channel }] }];
  }
  const escalation = alerting.escalations.find((one) => one.id === route.escalation);
  return escalation ? layOut(escalation) : [];
}

interface Group {
  route: Route;
  way: string;
  thread: string;
  members: Incident[];
  steps: LaidStep[];
  /** When this thread last told of an incident; undefined where none that it told of is unresolved. */
  lastAt: number | undefined;
  told: ReadonlyMap<string, Told[]>;
  input: PlanInput;
  book: Book;
}

function planGroup(group: Group): void {
  const fresh: Incident[] = [];
  const { alerting, takeovers } = group.input;
  for (const incident of group.members) {
    const all = group.told.get(incident.id) ?? [];
    // A digest to a channel that this way leads to said it as well.
    const leadsTo = (one: Told): boolean =>
      group.steps.some((step) => recipientsOf(step.notify, alerting, one.at, takeovers).channels.includes(one.channel));
    const log = all.filter((one) => one.thread === group.thread || (one.type === 'digest' && leadsTo(one)));
    if (log.some((one) => FIRST_WORDS.has(one.type))) planNext(group, incident, log);
    else if (incident.state === 'acknowledged') hold(group, incident, 'somebody acknowledged it before', null);
    else fresh.push(incident);
  }
  if (fresh.length > 0) planFirst(group, fresh);
}

/** Incidents of which this thread has said nothing yet: they wait for each other, then leave in one message. */
function planFirst(group: Group, fresh: readonly Incident[]): void {
  const { now, alerting, takeovers } = group.input;
  const wait = group.steps[0]?.afterMs ?? 0;
  const oldest = Math.min(...fresh.map((incident) => Math.min(incident.openedAt, incident.updatedAt)));
  const dueAt =
    group.lastAt === undefined ? oldest + group.route.groupWaitMs + wait : group.lastAt + group.route.groupIntervalMs;
  if (now < dueAt) {
    for (const incident of fresh) hold(group, incident, 'waits for others of its group', dueAt);
    return;
  }
  const missing: string[] = [];
  for (const step of group.steps) {
    const to = recipientsOf(step.notify, alerting, now, takeovers);
    missing.push(...to.missing);
    if (to.channels.length === 0) continue; // a step that reaches nobody is passed over at once
    const why = missing.length > 0 ? `; not reached: ${missing.join(', ')}` : '';
    const reason = group.lastAt === undefined ? 'first' : 'new';
    for (const incident of fresh) {
      for (const channel of to.channels) {
        const text = `${group.way}: ${to.who.join(', ')}${why}`;
        group.book.add({ channel, thread: group.thread, type: 'incident.opened', reason, text }, incident);
      }
    }
    return;
  }
  const reason = `${group.way} reaches nobody: ${missing.join(', ') || 'it has no steps'}`;
  for (const { id } of fresh) {
    group.book.hold.push({ incidentId: id, way: group.way, reason, until: now + 60_000, unreachable: true });
  }
}

/** What follows after the first word: further steps, then reminders. An acknowledgement ends both. */
function planNext(group: Group, incident: Incident, log: readonly Told[]): void {
  if (incident.state === 'acknowledged') return;
  const { now, alerting, takeovers } = group.input;
  const startedAt = Math.min(...log.map((one) => one.at));
  const began = group.steps.findIndex(
    (step) => recipientsOf(step.notify, alerting, startedAt, takeovers).channels.length > 0,
  );
  const offset = group.steps[began]?.afterMs ?? 0;
  const sending = new Set<string>();
  // The first step too: a budget may have let only some of its channels hear of it.
  for (const [index, step] of group.steps.slice(Math.max(0, began)).entries()) {
    const dueAt = startedAt + step.afterMs - offset;
    if (now < dueAt) {
      hold(group, incident, `step ${step.step} comes later`, dueAt);
      return;
    }
    const to = recipientsOf(step.notify, alerting, dueAt, takeovers);
    // After a pause of ours several steps may be due at once; a channel hears of them in one message.
    const owed = to.channels.filter(
      (channel) => !sending.has(channel) && !log.some((one) => one.channel === channel && one.at >= dueAt),
    );
    const again = step.cycle > 0 ? `, run ${step.cycle + 1}` : '';
    for (const channel of owed) {
      sending.add(channel);
      const text = `${group.way} step ${step.step}${again}: ${to.who.join(', ')}`;
      const word =
        index === 0
          ? ({ type: 'incident.opened', reason: 'first' } as const)
          : ({ type: 'incident.escalated', reason: 'escalated' } as const);
      group.book.add({ channel, thread: group.thread, ...word, text }, incident);
    }
  }
  if (sending.size > 0) return;
  remind(group, incident, log);
}

function remind(group: Group, incident: Incident, log: readonly Told[]): void {
  const { repeatMs } = group.route;
  if (repeatMs === null) return;
  const { now } = group.input;
  const dueAt = Math.max(...log.map((one) => one.at)) + repeatMs;
  if (now < dueAt) {
    group.book.again.push(dueAt);
    return;
  }
  for (const channel of new Set(log.map((one) => one.channel))) {
    const text = `${group.way}: still open`;
    group.book.add({ channel, thread: group.thread, type: 'incident.updated', reason: 'repeat', text }, incident);
  }
}

function hold(group: Group, incident: Incident, reason: string, until: number | null): void {
  group.book.hold.push({ incidentId: incident.id, way: group.way, reason, until });
}

/** Where an incident was told of; the digest of a channel counts only where nothing else was said there. */
function ways(log: readonly Told[]): Told[] {
  const elsewhere = new Set(log.flatMap((one) => (one.thread === digestThread(one.channel) ? [] : [one.channel])));
  return log.filter((one) => one.thread !== digestThread(one.channel) || !elsewhere.has(one.channel));
}

/** Tells every channel and thread that heard of the incident, and has not heard this yet. */
function tellRest(
  book: Book,
  incident: Incident,
  log: readonly Told[],
  type: 'incident.resolved' | 'incident.acknowledged',
  reason: 'resolved' | 'new',
): void {
  const heard = new Set(log.filter((one) => one.type === type).map((one) => `${one.channel} ${one.thread}`));
  for (const { channel, thread } of ways(log)) {
    const key = `${channel} ${thread}`;
    if (heard.has(key)) continue;
    heard.add(key);
    book.add({ channel, thread, type, reason, text: 'was told of it' }, incident);
  }
}

interface Book {
  hold: Hold[];
  again: number[];
  add(message: Omit<PlannedMessage, 'incidents'>, incident: Incident): void;
  messages(): PlannedMessage[];
}

/** Collects; what is the same but for the incident becomes one message. */
function bookOf(): Book {
  const messages = new Map<string, PlannedMessage[]>();
  const added = new Set<string>();
  return {
    hold: [],
    again: [],
    add(message, incident) {
      const key = JSON.stringify([message.channel, message.thread, message.type, message.reason]);
      if (added.has(`${key} ${incident.id}`)) return;
      added.add(`${key} ${incident.id}`);
      const parts = messages.get(key) ?? [];
      const last = parts.at(-1);
      if (last && last.incidents.length < MESSAGE_MAX) last.incidents.push(incident);
      else parts.push({ ...message, incidents: [incident] });
      messages.set(key, parts);
    },
    messages: () => [...messages.values()].flat(),
  };
}
