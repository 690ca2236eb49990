import type { Alerting, Route } from '../core/alerting.ts';
import type { Incident } from '../core/incident.ts';
import type { Severity } from '../core/severity.ts';
import { type Block, type BlockRules, blockOf } from './blocked.ts';
import { labelsOf } from './match.ts';
import type { Takeover } from './oncall.ts';
import { routesOf } from './plan.ts';
import { layOut, recipientsOf } from './recipients.ts';

/** An incident that might open: what routes match on, and when (epoch ms). */
export interface RouteQuestion {
  severity: Severity;
  labels: Readonly<Record<string, string>>;
  at: number;
}

/** One step of a way. `afterMs` counts from the opening. `who` are those reached, `missing` why others are not. */
export interface WayStep {
  afterMs: number;
  at: number;
  who: string[];
  missing: string[];
}

/** What one route does about it. `route` counts from 1. */
export interface Way {
  route: number;
  escalation: string | null;
  channel: string | null;
  /** `null`: told once. */
  repeatMs: number | null;
  steps: WayStep[];
}

/** Who would be told while nobody acknowledges, and who not, and why. No way at all: no route matches. */
export interface RouteAnswer {
  /** Why nothing is said at first. */
  held: Block | null;
  ways: Way[];
}

/** Answers from the rules alone, as they would be followed; what is open already may inhibit it and is left out of account. */
export function routeTest(
  question: RouteQuestion,
  rules: BlockRules & { alerting: Alerting; takeovers: readonly Takeover[] },
): RouteAnswer {
  const { at } = question;
  const incident = incidentOf(question);
  const held = blockOf(rules, [incident], at)(incident) ?? null;
  const ways = routesOf(rules.alerting.routes, labelsOf(incident)).map((route) => wayOf(route, rules, at));
  return { held, ways };
}

function wayOf(
  route: Route,
  { alerting, takeovers }: { alerting: Alerting; takeovers: readonly Takeover[] },
  at: number,
): Way {
  const { escalation, channel, repeatMs, groupWaitMs } = route;
  const policy = alerting.escalations.find(({ id }) => id === escalation);
  const laid = policy
    ? layOut(policy)
    : channel === null
      ? []
      : [{ afterMs: 0, notify: [{ type: 'channel' as const, id: channel }] }];
  const steps = laid.map(({ afterMs, notify }): WayStep => {
    const after = groupWaitMs + afterMs;
    const { who, missing } = recipientsOf(notify, alerting, at + after, takeovers);
    return { afterMs: after, at: at + after, who, missing };
  });
  return { route: alerting.routes.indexOf(route) + 1, escalation, channel, repeatMs, steps };
}

function incidentOf({ severity, labels, at }: RouteQuestion): Incident {
  return {
    id: 'route-test',
    key: 'route-test',
    state: 'open',
    severity,
    title: 'route test',
    labels: { ...labels, severity },
    source: 'audit',
    causes: [],
    openedAt: at,
    updatedAt: at,
    acknowledgedAt: null,
    resolvedAt: null,
  };
}

/** The labels that an incident about a target carries. */
export function targetLabels(
  target: { id: string; service: string | null; environment: string; labels: Readonly<Record<string, string>> },
  category: string | undefined,
): Record<string, string> {
  return {
    ...target.labels,
    target: target.id,
    environment: target.environment,
    ...(target.service === null ? {} : { service: target.service }),
    ...(category === undefined ? {} : { category }),
  };
}
