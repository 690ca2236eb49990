import type { Severity } from './severity.ts';

/** Who is told what, as the configuration says it: resolved, with durations in ms and every reference known to exist. */
export interface Alerting {
  channels: ChannelConfig[];
  people: Person[];
  schedules: OnCallSchedule[];
  escalations: Escalation[];
  /** First match wins unless `continue`. */
  routes: Route[];
  inhibit: Inhibition[];
  maintenance: Maintenance[];
  /** Absent: nobody is ever told too much. */
  budget?: Budget;
  /** Told for as long as we are healthy; whoever listens there hears our silence. */
  deadMan?: DeadMan;
}

/** So many messages in any stretch of `perMs`. */
export interface Allowance {
  messages: number;
  perMs: number;
}

/** What goes beyond is told in one digest every `digestEveryMs`. `null`: no limit. */
export interface Budget {
  perPerson: Allowance | null;
  perChannel: Allowance | null;
  digestEveryMs: number;
}

/** `url` may hold a secret: never log or store it. */
export interface DeadMan {
  url: string;
  everyMs: number;
}

/** `settings` has been parsed by the schema of its kind. It may hold secrets: never log or store it. */
export interface ChannelConfig {
  id: string;
  kind: string;
  settings: Record<string, unknown>;
}

export interface Person {
  id: string;
  name: string;
  timeZone: string | null;
  /** Ids of channels, all of them used. */
  channels: string[];
}

/** Wall-clock days and times are in the schedule's own zone. */
export interface OnCallSchedule {
  id: string;
  timeZone: string;
  /** Later layers stand above earlier ones. */
  layers: OnCallLayer[];
  overrides: OnCallOverride[];
}

export interface OnCallLayer {
  people: string[];
  rotate: 'daily' | 'weekly' | { everyMs: number };
  /** When the shift changes: `weekday` 1 (Monday) to 7, absent for a daily rotation. */
  handoff: { weekday: number | null; hour: number; minute: number };
  /** First day of the first person, `YYYY-MM-DD`. */
  from: string;
  /** Only between these times of day (`end` may lie before `start`: over midnight), on these weekdays. */
  restrict: { start: string; end: string; weekdays: number[] | null } | null;
}

/** `from` and `to` are local date-times without offset (`2026-12-24T09:00`), in the schedule's zone. */
export interface OnCallOverride {
  person: string;
  from: string;
  to: string;
}

export type NotifyTarget = { type: 'schedule' | 'person' | 'channel'; id: string };

export interface Escalation {
  id: string;
  /** `afterMs` counts from the step before. */
  steps: { afterMs: number; notify: NotifyTarget[] }[];
  /** How many times the whole is run again while nobody acknowledges. */
  repeat: number;
}

/** Label to accepted values; every label named must match. `*` at the end of a value stands for anything. */
export type Matcher = Record<string, string[]>;

export interface Route {
  match: Matcher;
  /** Exactly one of the two. */
  escalation: string | null;
  channel: string | null;
  groupBy: string[];
  groupWaitMs: number;
  groupIntervalMs: number;
  /** `null`: told once, never again. */
  repeatMs: number | null;
  continue: boolean;
}

/** While something that `when` matches is open, what `mute` matches and agrees in the `equal` labels is held. */
export interface Inhibition {
  when: Matcher;
  mute: Matcher;
  equal: string[];
}

/** A planned time in which nothing that matches is sent. */
export interface Maintenance {
  match: Matcher;
  timeZone: string;
  when:
    | { type: 'weekly'; weekdays: number[]; start: string; end: string }
    | { type: 'once'; from: string; to: string }
    | { type: 'cron'; cron: string; durationMs: number };
}

/** The least severity that opens an incident where nothing else is said. */
export const INCIDENT_SEVERITY: Severity = 'high';
