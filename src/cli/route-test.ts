import type { Config } from '../config/config.ts';
import { CATEGORIES, type Category } from '../core/category.ts';
import { formatDuration } from '../core/duration.ts';
import { AppError } from '../core/error.ts';
import { SEVERITIES, type Severity } from '../core/severity.ts';
import { didYouMean } from '../core/suggest.ts';
import { routeTest, targetLabels, type Way } from '../incidents/route-test.ts';
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
      await io.out(`${routeLines(config, options, options.at ?? io.now()).join('\n')}\n`);
    });
};

/** Who would be told of an incident that opens at `at` and that nobody acknowledges, and who not, and why. */
export function routeLines(config: Config, options: Omit<RouteTestOptions, 'config' | 'at'>, at: number): string[] {
  const labels = labelsFor(config, options);
  const { alerting } = config;
  const lines = [`${options.severity} on ${options.target} at ${showInstant(at)}`];
  if (!alerting) return [...lines, 'nobody is told: the configuration has no alerting'];
  const dependsOn = new Map(config.services.map((service) => [service.id, service.dependsOn]));
  // What people silenced or took over at run time is known to the service only; this answers from the file.
  const rules = { alerting, silences: [], maintenance: [], dependsOn, takeovers: [] };
  const { held, ways } = routeTest({ severity: options.severity, labels, at }, rules);
  if (held) {
    const until = held.until === null ? '' : ` until ${showInstant(held.until)}`;
    lines.push(`held: ${held.reason}${until}; after that:`);
  }
  if (ways.length === 0) lines.push('nobody is told: no route matches');
  return [...lines, ...ways.flatMap(wayLines)];
}

function wayLines({ route, escalation, repeatMs, steps }: Way): string[] {
  const again = repeatMs === null ? 'told once' : `repeated every ${formatDuration(repeatMs)}`;
  const by = escalation === null ? '' : `, escalation ${escalation}`;
  return [
    `route ${route}${by}, ${again}`,
    ...steps.flatMap(({ afterMs, who, missing }) =>
      [...who, ...missing.map((why) => `nobody: ${why}`)].map((text) => `  +${formatDuration(afterMs)}  ${text}`),
    ),
  ];
}

function labelsFor(config: Config, { target: id, category }: Omit<RouteTestOptions, 'config' | 'at'>) {
  const found = config.targets.find(({ target }) => target.id === id);
  if (found) return targetLabels(found.target, category);
  const ids = config.targets.map(({ target }) => target.id);
  throw new AppError('target-unknown', `the configuration has no target "${id}"${didYouMean(id, ids)}`);
}
