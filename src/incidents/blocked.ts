import type { Alerting, Inhibition } from '../core/alerting.ts';
import type { Incident } from '../core/incident.ts';
import { labelsOf, matches } from './match.ts';
import { covering, maintenanceEnd, type TimedMatch } from './windows.ts';

/** Why nothing new is said about an incident, and until when where that is known. Never applies to a resolve. */
export interface Block {
  reason: string;
  until: number | null;
}

export interface BlockRules {
  alerting: Pick<Alerting, 'inhibit' | 'maintenance'>;
  silences: readonly TimedMatch[];
  /** Announced at run time; the windows that repeat stand in `alerting`. */
  maintenance: readonly TimedMatch[];
  /** Service to the services that it depends on. */
  dependsOn: ReadonlyMap<string, readonly string[]>;
}

/** Prepares the reasons once for all unresolved incidents, so that a storm of them costs one pass per rule. */
export function blockOf(
  rules: BlockRules,
  unresolved: readonly Incident[],
  now: number,
): (incident: Incident) => Block | undefined {
  const windows = rules.alerting.maintenance.flatMap((window) => {
    const until = maintenanceEnd(window, now);
    return until === null ? [] : [{ match: window.match, until }];
  });
  const inhibitors = rules.alerting.inhibit.map((rule) => ({ rule, sources: sourcesOf(rule, unresolved) }));
  const troubled = new Map<string, Incident>();
  for (const incident of unresolved) {
    const { service } = incident.labels;
    // Only what says "it does not answer" explains the trouble of those who depend on it.
    const outage = incident.source === 'monitor' || incident.source === 'heartbeat' || incident.source === 'external';
    if (service !== undefined && outage && !troubled.has(service)) troubled.set(service, incident);
  }
  return (incident) => {
    const labels = labelsOf(incident);
    const silence = covering(rules.silences, labels, now);
    if (silence) return { reason: `silenced by ${silence.by}: ${silence.comment}`, until: silence.endsAt };
    const announced = covering(rules.maintenance, labels, now);
    if (announced) return { reason: `maintenance: ${announced.comment}`, until: announced.endsAt };
    const window = windows.find((one) => matches(one.match, labels));
    if (window) return { reason: 'maintenance window', until: window.until };
    for (const { rule, sources } of inhibitors) {
      const by = matches(rule.mute, labels) ? sources.get(equalKey(rule, labels) ?? '') : undefined;
      if (by && by.id !== incident.id) return { reason: `inhibited by "${by.title}"`, until: null };
    }
    return parentTrouble(incident, rules.dependsOn, troubled);
  };
}

/**
 * Unresolved incidents that `when` names, by the values of the `equal` labels. One that `mute` names too is left out:
 * two that mute each other would both go unheard.
 */
function sourcesOf(rule: Inhibition, unresolved: readonly Incident[]): Map<string, Incident> {
  const sources = new Map<string, Incident>();
  for (const incident of unresolved) {
    const labels = labelsOf(incident);
    if (!matches(rule.when, labels) || matches(rule.mute, labels)) continue;
    const key = equalKey(rule, labels);
    if (key !== undefined && !sources.has(key)) sources.set(key, incident);
  }
  return sources;
}

/** `undefined` where a label that has to agree is missing: that agrees with nothing. */
function equalKey(rule: Inhibition, labels: Readonly<Record<string, string>>): string | undefined {
  const values = rule.equal.map((label) => labels[label]);
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}

/** One hop suffices: while the parent has an incident the child is held, and the parent's own parent holds the parent. */
function parentTrouble(
  incident: Incident,
  dependsOn: ReadonlyMap<string, readonly string[]>,
  troubled: ReadonlyMap<string, Incident>,
): Block | undefined {
  const { service } = incident.labels;
  if (service === undefined || incident.source === 'audit') return undefined;
  for (const parent of dependsOn.get(service) ?? []) {
    const cause = troubled.get(parent);
    // In a circle of services nobody would be told; there the dependency explains nothing.
    if (cause && cause.id !== incident.id && !reachesService(parent, service, dependsOn)) {
      return { reason: `${service} depends on ${parent}, which is in trouble: "${cause.title}"`, until: null };
    }
  }
  return undefined;
}

function reachesService(from: string, to: string, dependsOn: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const rest = [from];
  for (let one = rest.pop(); one !== undefined; one = rest.pop()) {
    if (one === to) return true;
    if (seen.has(one)) continue;
    seen.add(one);
    rest.push(...(dependsOn.get(one) ?? []));
  }
  return false;
}
