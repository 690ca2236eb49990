import type { Matcher } from '../core/alerting.ts';
import type { Incident } from '../core/incident.ts';

/** What matchers see of an incident: the labels of its signals, and what it is now. */
export function labelsOf(incident: Incident): Record<string, string> {
  return { ...incident.labels, severity: incident.severity, source: incident.source };
}

/** True when every label named has one of its values. `*` at the end of a value stands for anything, but not for a missing label. */
export function matches(matcher: Matcher, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(matcher).every(([label, values]) => {
    const given = labels[label];
    return given !== undefined && values.some((value) => matchesValue(value, given));
  });
}

function matchesValue(wanted: string, given: string): boolean {
  return wanted.endsWith('*') ? given.startsWith(wanted.slice(0, -1)) : wanted === given;
}
