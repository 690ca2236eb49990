import type { Config } from '../config/config.ts';
import type { Alerting, Route } from '../core/alerting.ts';
import { CATEGORIES, type Category } from '../core/category.ts';
import { formatDuration } from '../core/duration.ts';
import { AppError } from '../core/error.ts';
import type { Incident } from '../core/incident.ts';
import { SEVERITIES, type Severity } from '../core/severity.ts';
import { didYouMean } from '../core/suggest.ts';
import { blockOf } from '../incidents/blocked.ts';
import { labelsOf } from '../incidents/match.ts';
import { routesOf } from '../incidents/plan.ts';
import { layOut, recipientsOf } from '../incidents/recipients.ts';
import { instant, showInstant } from './at-option.ts';
import { CONFIG_OPTION, findConfig } from './find-config.ts';
import { oneOf } from './option-values.ts';
import type { Define } from './verbs.ts';

interface RouteTestOptions {
  config?: string;
  target: string;
  severity: Severity;
  category?: Category;
  at?: number;
}

export const define: Define = (command, io) => {
  command
    .option(...CONFIG_OPTION)
    .requiredOption('--target <id>', 'the target that something happens to')
    .requiredOption('--severity <severity>', 'how bad it is', (text) => oneOf(text, SEVERITIES))
    .option('--category <category>', 'what it is about', (text) => oneOf(text, CATEGORIES))
    .option('--at <time>', 'then instead of now, such as 2026-12-24T09:00Z', instant)
    .action(async (options: RouteTestOptions) => {
      const config = findConfig(options.config, io, { purpose: 'serve', quiet: true });
      await io.out(`${routeTest(config, options, options.at ?? io.now()).join('\n')}\n`);
    });
};

/** Who would be told of an incident that opens at `at` and that nobody acknowledges, and who not, and why. */
export function routeTest(config: Config, options: Omit<RouteTestOptions, 'config' | 'at'>, at: number): string[] {
  const incident = incidentOf(config, options, at);
  const { alerting } = config;
  const lines = [`${options.severity} on ${options.target} at ${showInstant(at)}`];
  if (!alerting) return [...lines, 'nobody is told: the configuration has no alerting'];
  const dependsOn = new Map(config.services.map((service) => [service.id, service.dependsOn]));
  // What people silenced at run time is known to the service only; this answers from the file.
  const blocked = blockOf({ alerting, silences: [], maintenance: [], dependsOn }, [incident], at)(incident);
  if (blocked) {
    const until = blocked.until === null ? '' : ` until ${showInstant(blocked.until)}`;
    lines.push(`held: ${blocked.reason}${until}; after that:`);
  }
  const routes = routesOf(alerting.routes, labelsOf(incident));
  if (routes.length === 0) lines.push('nobody is told: no route matches');
  for (const route of routes) lines.push(...wayOf(route, alerting, at));
  return lines;
}

function wayOf(route: Route, alerting: Alerting, at: number): string[] {
  const number = alerting.routes.indexOf(route) + 1;
  const start = at + route.groupWaitMs;
  const again = route.repeatMs === null ? 'told once' : `repeated every ${formatDuration(route.repeatMs)}`;
  const line = (afterMs: number, text: string) => `  +${formatDuration(route.groupWaitMs + afterMs)}  ${text}`;
  if (route.escalation === null) return [`route ${number}, ${again}`, line(0, route.channel ?? 'nobody')];
  const escalation = alerting.escalations.find(({ id }) => id === route.escalation);
  const steps = escalation ? layOut(escalation) : [];
  return [
    `route ${number}, escalation ${route.escalation}, ${again}`,
    ...steps.flatMap(({ afterMs, notify }) => {
      const { who, missing } = recipientsOf(notify, alerting, start + afterMs, []);
      return [...who.map((one) => line(afterMs, one)), ...missing.map((why) => line(afterMs, `nobody: ${why}`))];
    }),
  ];
}

function incidentOf(config: Config, options: Omit<RouteTestOptions, 'config' | 'at'>, at: number): Incident {
  const found = config.targets.find(({ target }) => target.id === options.target);
  if (!found) {
    const ids = config.targets.map(({ target }) => target.id);
    throw new AppError(
      'target-unknown',
      `the configuration has no target "${options.target}"${didYouMean(options.target, ids)}`,
    );
  }
  const { target } = found;
  return {
    id: 'route-test',
    key: 'route-test',
    state: 'open',
    severity: options.severity,
    title: 'route test',
    labels: {
      ...target.labels,
      target: target.id,
      environment: target.environment,
      ...(target.service === null ? {} : { service: target.service }),
      ...(options.category === undefined ? {} : { category: options.category }),
      severity: options.severity,
    },
    source: 'audit',
    causes: [],
    openedAt: at,
    updatedAt: at,
    acknowledgedAt: null,
    resolvedAt: null,
  };
}
