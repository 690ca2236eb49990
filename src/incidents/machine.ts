import type { Incident, TimelineEntry } from '../core/incident.ts';
import { compareSeverity } from '../core/severity.ts';
import type { Signal } from '../core/signal.ts';

/** What a signal makes of the incidents: the row as it has to be stored, the line for its timeline, whether people are told. */
export interface Change {
  kind: 'open' | 'update' | 'resolve';
  incident: Incident;
  entry: TimelineEntry;
  /** False where the incident only says more of the same; such a change is stored and nobody is told. */
  tell: boolean;
}

/**
 * Folds signals, in their order, over the unresolved incidents by key. At most one unresolved incident per key comes out;
 * a resolved one is never reopened, the next `open` on its key is a new incident. A signal that changes nothing gives
 * nothing, so repeating signals (a replayed audit, a foreign sender that repeats itself) is free.
 */
export function changesOf(
  unresolved: ReadonlyMap<string, Incident>,
  signals: readonly Signal[],
  newId: () => string,
  now: number,
): Change[] {
  const current = new Map(unresolved);
  const changes: Change[] = [];
  for (const signal of signals) {
    const known = current.get(signal.key);
    const change = known ? onKnown(known, signal, now) : onUnknown(signal, newId, now);
    if (!change) continue;
    changes.push(change);
    if (change.kind === 'resolve') current.delete(signal.key);
    else current.set(signal.key, change.incident);
  }
  return changes;
}

function onUnknown(signal: Signal, newId: () => string, now: number): Change | undefined {
  if (signal.kind === 'close') return undefined;
  const incident: Incident = {
    id: newId(),
    key: signal.key,
    state: 'open',
    severity: signal.severity,
    title: signal.title,
    labels: { ...signal.labels },
    source: signal.source,
    causes: [...(signal.causes ?? [])],
    openedAt: signal.at,
    updatedAt: now,
    acknowledgedAt: null,
    resolvedAt: null,
  };
  return { kind: 'open', incident, entry: { at: signal.at, type: 'opened', text: textOf(signal) }, tell: true };
}

function onKnown(known: Incident, signal: Signal, now: number): Change | undefined {
  if (signal.kind === 'close') {
    // A clock that steps back must not let an incident end before it began.
    const at = Math.max(signal.at, known.openedAt);
    const incident: Incident = { ...known, state: 'resolved', resolvedAt: at, updatedAt: now };
    return { kind: 'resolve', incident, entry: { at, type: 'resolved', text: textOf(signal) }, tell: true };
  }
  const worse = compareSeverity(signal.severity, known.severity) < 0;
  const causes = signal.causes ?? known.causes;
  const same =
    signal.severity === known.severity &&
    signal.title === known.title &&
    sameList(causes, known.causes) &&
    sameLabels(signal.labels, known.labels);
  if (same && !signal.news) return undefined;
  const incident: Incident = {
    ...known,
    severity: signal.severity,
    title: signal.title,
    labels: { ...signal.labels },
    causes: [...causes],
    updatedAt: now,
  };
  const entry: TimelineEntry = { at: signal.at, type: 'updated', text: textOf(signal) };
  return { kind: 'update', incident, entry, tell: worse || signal.news === true };
}

const textOf = (signal: Signal): string => signal.text ?? signal.title;

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}

function sameLabels(a: Record<string, string>, b: Record<string, string>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
