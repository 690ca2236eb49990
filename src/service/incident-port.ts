import type { IncidentPort } from '../api/ports.ts';
import { ProblemError } from '../api/problem.ts';
import { type PublicIncident, toPublicIncident } from '../core/incident.ts';
import { rfc3339, rfc3339OrNull, type ServiceCore } from './core.ts';

const SAME_KEY_MAX = 20;

export function incidentPort(core: ServiceCore): IncidentPort {
  const { db, store, alerts, events, now } = core;

  async function get(id: string): Promise<PublicIncident | null> {
    const incident = await db.incidents.get(id);
    return incident && toPublicIncident(incident, await db.incidents.timeline(id));
  }

  async function addNote(id: string, actor: string, text: string): Promise<void> {
    await store.write((q) =>
      db.incidents.addEvents(q, id, [{ at: now(), type: 'note', text: `${actor}: ${text}` }], actor),
    );
    events.publish('incident.changed', { incident: id });
  }

  async function change(id: string, actor: string, text: string | null, work: () => Promise<boolean>, refused: string) {
    const before = await db.incidents.get(id);
    if (!before) return null;
    if (!(await work())) {
      throw new ProblemError(409, `incident "${id}" is ${before.state}: ${refused}`);
    }
    if (text !== null) await addNote(id, actor, text);
    return get(id);
  }

  return {
    async page({ cursor, limit, state, target, service }) {
      const page = await db.incidents.page({
        cursor,
        limit,
        states: state,
        ...(target === undefined ? {} : { target }),
        ...(service === undefined ? {} : { service }),
      });
      const timelines = await db.incidents.timelines(page.items.map((one) => one.id));
      return {
        items: page.items.map((one) => toPublicIncident(one, timelines.get(one.id) ?? [])),
        nextCursor: page.nextCursor,
      };
    },
    get,
    async context(id) {
      const incident = await db.incidents.get(id);
      if (!incident) return null;
      const { labels, key } = incident;
      const service = core.config.current().services.find((one) => one.id === labels.service);
      const [holds, same] = await Promise.all([
        incident.state === 'resolved' ? [] : alerts.holds(),
        db.incidents.page({ key, limit: SAME_KEY_MAX + 1 }),
      ]);
      return {
        runbook: labels.runbook ?? service?.runbook ?? null,
        holds: holds
          .filter((hold) => hold.incidentId === id)
          .map(({ way, reason, until }) => ({ way, reason, until: rfc3339OrNull(until) })),
        sameKey: same.items
          .filter((one) => one.id !== id)
          .slice(0, SAME_KEY_MAX)
          .map(({ id, state, openedAt, resolvedAt }) => ({
            id,
            state,
            openedAt: rfc3339(openedAt),
            resolvedAt: rfc3339OrNull(resolvedAt),
          })),
      };
    },
    acknowledge: (id, actor, text) =>
      change(id, actor, text, () => alerts.acknowledge(id, actor), 'only an open one can be acknowledged'),
    resolve: (id, actor, text) => change(id, actor, text, () => alerts.resolve(id, actor), 'it is over already'),
    async note(id, actor, text) {
      if (!(await db.incidents.get(id))) return null;
      await addNote(id, actor, text);
      return get(id);
    },
  };
}
