import { CHANNELS } from '../channels/index.ts';
import type { Alerting } from '../core/alerting.ts';
import { formatDuration } from '../core/duration.ts';
import { type Incident, type TimelineEntry, toPublicIncident } from '../core/incident.ts';
import type { Signal } from '../core/signal.ts';
import { newId } from '../store/id.ts';
import type { Repositories } from '../store/repositories/index.ts';
import type { Tx } from '../store/store.ts';
import { type Change, changesOf } from './machine.ts';
import { type Hold, type Plan, type PlannedMessage, plan } from './plan.ts';

/** What decides who is told, from the configuration. */
export interface AlertPolicy {
  /** `null` where nobody is to be told: incidents show, nothing is sent. */
  alerting: Alerting | null;
  /** Service to the services that it depends on. */
  dependsOn: ReadonlyMap<string, readonly string[]>;
}

/** What came of it. `lookAgainAt` is when `planNow` has to be called again without any event. */
export interface Applied {
  changes: Change[];
  hold: Hold[];
  /** How many messages were written to the outbox. */
  owed: number;
  lookAgainAt: number | null;
}

/**
 * Takes signals in: incidents, their timelines and the messages owed to channels, all in the caller's transaction. When
 * that commits, all of it has happened; when it does not, nothing has.
 */
export async function applySignals(
  db: Repositories,
  q: Tx,
  signals: readonly Signal[],
  policy: AlertPolicy,
  now: number,
): Promise<Applied> {
  const keys = new Set(signals.map((signal) => signal.key));
  if (keys.size === 0) return { changes: [], hold: [], owed: 0, lookAgainAt: null };
  const unresolved = await db.incidents.unresolved(q);
  const known = new Map(unresolved.filter((one) => keys.has(one.key)).map((one) => [one.key, one]));
  const changes = changesOf(known, signals, () => newId(now), now);
  if (changes.length === 0) return { changes, hold: [], owed: 0, lookAgainAt: null };
  return { ...(await settle(db, q, changes, unresolved, policy, now)), changes };
}

/** Looks whether time alone has made a message due: the wait of a group, the next step of an escalation, a reminder. */
export async function planNow(db: Repositories, q: Tx, policy: AlertPolicy, now: number): Promise<Applied> {
  return { ...(await settle(db, q, [], await db.incidents.unresolved(q), policy, now)), changes: [] };
}

/** A person takes the incident: escalation and reminders stop. Null where it is unknown, resolved or taken already. */
export async function acknowledge(
  db: Repositories,
  q: Tx,
  id: string,
  by: string,
  policy: AlertPolicy,
  now: number,
): Promise<Incident | null> {
  const found = await db.incidents.get(id, q);
  if (found?.state !== 'open') return null;
  const incident: Incident = { ...found, state: 'acknowledged', acknowledgedAt: now, updatedAt: now };
  await change(db, q, { incident, entry: { at: now, type: 'acknowledged', text: `by ${by}` } }, policy, now);
  return incident;
}

/** A person ends the incident. What opened it may open a new one, when it says so again. */
export async function resolveByHand(
  db: Repositories,
  q: Tx,
  id: string,
  by: string,
  policy: AlertPolicy,
  now: number,
): Promise<Incident | null> {
  const found = await db.incidents.get(id, q);
  if (!found || found.state === 'resolved') return null;
  const incident: Incident = { ...found, state: 'resolved', resolvedAt: now, updatedAt: now };
  await change(db, q, { incident, entry: { at: now, type: 'resolved', text: `by ${by}` } }, policy, now);
  return incident;
}

async function change(
  db: Repositories,
  q: Tx,
  done: Pick<Change, 'incident' | 'entry'>,
  policy: AlertPolicy,
  now: number,
): Promise<void> {
  await settle(db, q, [{ ...done, kind: 'update', tell: false }], await db.incidents.unresolved(q), policy, now);
}

/** So long after a deployment what breaks may have come from it. */
const SUSPECT_MS = 3_600_000;

/** For what has just opened: which version of its service had been deployed shortly before. */
async function deployedBefore(db: Repositories, changes: readonly Pick<Change, 'kind' | 'incident'>[], now: number) {
  const opened = changes.filter(({ kind, incident }) => kind === 'open' && incident.source !== 'deployment');
  const lines: { incidentId: string; entry: TimelineEntry }[] = [];
  for (const service of new Set(opened.map(({ incident }) => incident.labels.service))) {
    if (service === undefined) continue;
    const { items } = await db.deployments.page({ service, limit: 5 });
    for (const { incident } of opened) {
      const { environment, service: of } = incident.labels;
      if (of !== service) continue;
      const last = items.find(
        (one) => one.at <= incident.openedAt && one.environment === (environment ?? 'production'),
      );
      const beforeMs = last ? incident.openedAt - last.at : Number.POSITIVE_INFINITY;
      if (!last || beforeMs > SUSPECT_MS) continue;
      const text = `${service} ${last.version} was deployed ${formatDuration(beforeMs)} before`;
      lines.push({ incidentId: incident.id, entry: { at: now, type: 'note', text } });
    }
  }
  return lines;
}

/** Stores the changes, plans over everything that is open or has just ended, and writes what is owed. */
async function settle(
  db: Repositories,
  q: Tx,
  changes: readonly Change[],
  unresolved: readonly Incident[],
  policy: AlertPolicy,
  now: number,
): Promise<Omit<Applied, 'changes'>> {
  const current = new Map(unresolved.map((incident) => [incident.id, incident]));
  // An incident that opened and ended within one batch was never told of and needs no message.
  for (const { incident } of changes) current.set(incident.id, incident);
  await db.incidents.save(q, ...new Map(changes.map((one) => [one.incident.id, one.incident])).values());
  const lines = changes.map(({ incident, entry }) => ({ incidentId: incident.id, entry }));
  await db.incidents.addLines(q, [...lines, ...(await deployedBefore(db, changes, now))]);
  if (!policy.alerting) return { hold: [], owed: 0, lookAgainAt: null };
  const incidents = [...current.values()];
  const news = changes.filter((one) => one.kind === 'update' && one.tell).map((one) => one.incident.id);
  const decided = await decide(db, q, policy.alerting, policy.dependsOn, { incidents, news: new Set(news), now });
  await write(db, q, decided, policy.alerting, now);
  return { hold: decided.hold, owed: decided.send.length, lookAgainAt: decided.lookAgainAt };
}

/** Who is not told now, and why, of everything that is open. Changes nothing. */
export async function holdsNow(db: Repositories, policy: AlertPolicy, now: number): Promise<Hold[]> {
  if (!policy.alerting) return [];
  const incidents = await db.incidents.unresolved();
  const { hold } = await decide(db, undefined, policy.alerting, policy.dependsOn, { incidents, news: new Set(), now });
  return hold;
}

async function decide(
  db: Repositories,
  q: Tx | undefined,
  alerting: Alerting,
  dependsOn: AlertPolicy['dependsOn'],
  { incidents, news, now }: { incidents: readonly Incident[]; news: ReadonlySet<string>; now: number },
): Promise<Plan> {
  const ids = incidents.map((incident) => incident.id);
  const longest = Math.max(0, ...alerting.routes.map((route) => route.groupIntervalMs));
  const { perPerson, perChannel, digestEveryMs = 0 } = alerting.budget ?? {};
  const longestBudget = Math.max(perPerson?.perMs ?? 0, perChannel?.perMs ?? 0, digestEveryMs);
  // A takeover that has ended still says who was told while it held.
  const earliest = Math.min(now, ...incidents.map((incident) => incident.openedAt));
  return plan({
    incidents,
    told: await db.outbox.toldAbout(ids, q),
    spent: longestBudget === 0 ? [] : await db.outbox.writtenSince(now - longestBudget, q),
    alone: aloneOf(alerting),
    spoken: await db.outbox.spokenSince(now - longest, q),
    news,
    alerting,
    silences: (await db.silences.list(now)).map((one) => timedMatch(one, one.comment)),
    maintenance: (await db.maintenance.list(now)).map((one) => timedMatch(one, one.title)),
    dependsOn,
    takeovers: await db.overrides.list(earliest),
    now,
  });
}

/** A row of the store in the planner's form. */
export function timedMatch(
  row: {
    id: string;
    matchers: { label: string; values: string[] }[];
    startsAt: number;
    endsAt: number;
    createdBy: string;
  },
  comment: string,
) {
  const match = Object.fromEntries(row.matchers.map(({ label, values }) => [label, values]));
  return { id: row.id, match, startsAt: row.startsAt, endsAt: row.endsAt, by: row.createdBy, comment };
}

/** Channels to which each incident leaves alone. */
const aloneOf = ({ channels }: Alerting): Set<string> =>
  new Set(channels.filter(({ kind }) => CHANNELS.get(kind)?.perIncident).map(({ id }) => id));

async function write(db: Repositories, q: Tx, decided: Plan, alerting: Alerting, now: number): Promise<void> {
  // A hold that ends by itself within minutes is no news; one that nobody ends has to be seen.
  const held = decided.hold.filter((hold) => hold.until === null || hold.way === '' || hold.unreachable || hold.budget);
  const ids = new Set([...decided.send.flatMap(({ incidents }) => incidents.map((one) => one.id))]);
  for (const hold of held) ids.add(hold.incidentId);
  const timelines = await db.incidents.timelines([...ids], q);
  const add = async (id: string, entry: TimelineEntry): Promise<void> => {
    timelines.get(id)?.push(entry);
    await db.incidents.addEvents(q, id, [entry]);
  };
  for (const hold of held) {
    const text = [hold.way, hold.reason].filter(Boolean).join(': ');
    const last = timelines.get(hold.incidentId)?.findLast((entry) => entry.type === 'held');
    if (last?.text !== text) await add(hold.incidentId, { at: now, type: 'held', text });
  }
  for (const message of decided.send) {
    if (message.type === 'incident.escalated') {
      for (const { id } of message.incidents) await add(id, { at: now, type: 'escalated', text: message.text });
    }
  }
  const alone = aloneOf(alerting);
  for (const message of decided.send) {
    const parts = alone.has(message.channel)
      ? message.incidents.map((incident) => ({ ...message, incidents: [incident] }))
      : [message];
    for (const part of parts) await db.outbox.enqueue(q, toOutbox(part, timelines, now));
  }
}

function toOutbox(message: PlannedMessage, timelines: ReadonlyMap<string, TimelineEntry[]>, now: number) {
  return {
    id: newId(now),
    channel: message.channel,
    thread: message.thread,
    incidentIds: message.incidents.map((incident) => incident.id),
    notification: {
      type: message.type,
      incidents: message.incidents.map((one) =>
        toPublicIncident(one, (timelines.get(one.id) ?? []).slice(message.type === 'digest' ? -5 : -50)),
      ),
      reason: message.reason,
    },
    createdAt: now,
    dueAt: now,
  };
}
