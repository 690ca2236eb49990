import type { IncidentPort } from '../api/ports.ts';
import { ProblemError } from '../api/problem.ts';
import { type PublicIncident, toPublicIncident } from '../core/incident.ts';
import type { ServiceCore } from './core.ts';

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
