import type { Alerting } from '../core/alerting.ts';
import type { Incident } from '../core/incident.ts';
import { type BlockRules, blockOf } from './blocked.ts';
import { labelsOf } from './match.ts';
import type { Takeover } from './oncall.ts';
import { routesOf, type Told } from './plan.ts';
import { layOut, recipientsOf } from './recipients.ts';

/** A step of an escalation that was due and left no message in the outbox. `dueAt` is epoch ms. */
export interface MissingStep {
  incidentId: string;
  escalation: string;
  /** From 1. */
  step: number;
  channel: string;
  dueAt: number;
}

/** A step that is so late has not run; less is the time that a plan takes. */
const GRACE_MS = 60_000;

/**
 * Compares what the escalations promise with what the outbox holds, on its own and not by asking the planner: for every open
 * incident each step that was due has to have left a message to each channel that it reaches. Left out are
 * incidents that are held now or were a moment ago; a budget may delay a step until the next digest.
 */
export function missingSteps(input: {
  incidents: readonly Incident[];
  told: readonly Told[];
  rules: BlockRules & { alerting: Alerting };
  takeovers: readonly Takeover[];
  now: number;
}): MissingStep[] {
  const { rules, takeovers, now } = input;
  const { alerting } = rules;
  const grace = GRACE_MS + (alerting.budget?.digestEveryMs ?? 0);
  const unresolved = input.incidents.filter((incident) => incident.state !== 'resolved');
  const blocks = [blockOf(rules, unresolved, now), blockOf(rules, unresolved, now - grace)];
  const told = new Map<string, Told[]>();
  for (const one of input.told) told.set(one.incidentId, [...(told.get(one.incidentId) ?? []), one]);
  const missing: MissingStep[] = [];
  for (const incident of unresolved) {
    if (incident.state !== 'open' || blocks.some((block) => block(incident))) continue;
    const log = told.get(incident.id) ?? [];
    for (const route of routesOf(alerting.routes, labelsOf(incident))) {
      const escalation = alerting.escalations.find((one) => one.id === route.escalation);
      if (!escalation) continue;
      const laid = layOut(escalation);
      const first = log.find((one) => one.thread.startsWith(`escalation:${escalation.id}|`));
      const began = Math.max(
        0,
        laid.findIndex((step) => recipientsOf(step.notify, alerting, first?.at ?? now, takeovers).channels.length > 0),
      );
      // Nothing was said yet: it may wait for the others of its group, and for the wait of the first step.
      const patience = Math.max(route.groupWaitMs, route.groupIntervalMs);
      const startedAt =
        first?.at ?? Math.max(incident.openedAt, incident.updatedAt) + patience + (laid[0]?.afterMs ?? 0);
      for (const step of laid.slice(began)) {
        const dueAt = startedAt + step.afterMs - (laid[began]?.afterMs ?? 0);
        if (dueAt + grace > now) break;
        const after = first ? dueAt : 0;
        for (const channel of recipientsOf(step.notify, alerting, dueAt, takeovers).channels) {
          if (log.some((one) => one.channel === channel && one.at >= after)) continue;
          missing.push({ incidentId: incident.id, escalation: escalation.id, step: step.step, channel, dueAt });
        }
      }
    }
  }
  return missing;
}
