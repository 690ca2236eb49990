// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references are written like that
import type { Check } from '../core/check.ts';
import type { HostTarget } from '../core/target.ts';
import { addCalendarOverrides } from './calendar-overrides.ts';
import { readOverride } from './check-overrides.ts';
import { type Config, type ConfiguredTarget, emptyConfig, type Service } from './config.ts';
import { explainIssues } from './issues.ts';
import { ConfigError, type Path, type Problem } from './problem.ts';
import { referenceProblems } from './references.ts';
import { resolveAlerting } from './resolve-alerting.ts';
import { resolveTarget } from './resolve-target.ts';
import type { AlertingInput } from './schema/alerting.ts';
import { type FileInput, fileSchema } from './schema/index.ts';
import { inputSchema } from './schema-walk.ts';
import { literalSecrets, resolveReferences } from './secrets.ts';
import { readSources, type Source } from './source.ts';

export interface LoadOptions {
  /** The register: options are validated by the checks' own schemas. */
  checks: readonly Check[];
  env: Readonly<Record<string, string | undefined>>;
  /** `audit` leaves `alerting` unread, so that a run which tells nobody does not need the secrets of channels. */
  purpose?: 'serve' | 'audit';
  /** Epoch ms; calendars are read around it. */
  now?: number;
}

/**
 * Reads a file, or a folder of files, into a configuration.
 * @throws ConfigError with everything that is wrong, each with its place; AppError when there is nothing to read.
 */
export function loadConfig(path: string, options: LoadOptions): Config {
  const { sources, problems } = readSources(path);
  return resolveSources(sources, problems, options);
}

/** The same for sources that have been read. */
export function resolveSources(sources: readonly Source[], earlier: readonly Problem[], options: LoadOptions): Config {
  const withAlerting = options.purpose !== 'audit';
  const schema = inputSchema(fileSchema);
  const problems = [...earlier];
  const warnings: Problem[] = [];
  const read: { source: Source; input: FileInput }[] = [];

  for (const source of sources) {
    const at = (path: Path, message: string, on: 'key' | 'value' = 'value'): Problem => {
      return { file: source.name, ...source.locate(path, on), path, message };
    };
    const written = withAlerting ? source.data : withoutAlerting(source.data);
    for (const path of literalSecrets(schema, written)) {
      warnings.push(at(path, 'a secret stands in the file; write ${env:NAME} or ${file:PATH} instead'));
    }
    const missing: Path[] = [];
    const problem = (path: Path, message: string) => {
      missing.push(path);
      problems.push(at(path, message));
    };
    const values = new Set<string>();
    const resolved = (value: string) => values.add(value);
    const data = resolveReferences(written, { env: options.env, dir: source.dir, problem, resolved });
    const parsed = fileSchema.safeParse(data);
    if (parsed.success) {
      read.push({ source, input: parsed.data });
    } else {
      for (const { path, message, on } of explainIssues(parsed.error.issues, written, schema)) {
        // A reference that leads nowhere has been reported; what its text is not is no news.
        if (!missing.some((one) => one.join('\0') === path.join('\0')))
          problems.push(at(path, withoutValues(message, values), on));
      }
    }
  }
  const references = referenceProblems(sources, options.checks, withAlerting);
  problems.push(...references.problems);
  warnings.push(...references.warnings);

  const config = emptyConfig();
  config.files = sources.map((source) => source.path);
  config.services = read.flatMap(({ input }) => (input.services ?? []).map(resolveService));
  config.targets = resolveTargets(read, config.services, options.env, problems, warnings);
  if (problems.length > 0) throw new ConfigError(inOrder(problems));

  const inputs = read.map(({ input }) => input);
  config.checks = new Map(
    inputs.flatMap((input) => Object.entries(input.checks ?? {}).map(([id, one]) => [id, readOverride(one)] as const)),
  );
  config.waivers = inputs.flatMap((input) => input.waivers ?? []);
  const alerting = inputs.map((input) => input.alerting).filter((one): one is AlertingInput => one !== undefined);
  config.alerting = alerting.length === 0 ? null : resolveAlerting(alerting);
  if (config.alerting && withAlerting) {
    const named = read.flatMap(({ source, input }) => (input.alerting ? [{ source, alerting: input.alerting }] : []));
    const calendars = addCalendarOverrides(config.alerting, named, options.env, options.now ?? Date.now());
    warnings.push(...calendars.warnings);
    if (calendars.problems.length > 0) throw new ConfigError(inOrder(calendars.problems));
  }
  config.publish = {
    status: inputs.flatMap((input) => input.publish?.status ?? []),
    badges: inputs.flatMap((input) => input.publish?.badges ?? []),
    metrics: inputs.some((input) => input.publish?.metrics),
  };
  config.observer = { reach: inputs.flatMap((input) => input.observer?.reach ?? []) };
  const [first] = sources;
  if (withAlerting && config.alerting === null && first) {
    const message = 'there is no alerting: incidents show in the dashboard and nobody is told';
    warnings.push({ file: first.name, line: 1, col: 1, path: [], message });
  }
  if (config.targets.length === 0 && first) {
    const message = 'there are no targets: nothing is audited or watched';
    warnings.push({ file: first.name, line: 1, col: 1, path: [], message });
  }
  config.warnings = inOrder(warnings);
  return config;
}

/** A schema may quote what it refuses; what a reference stood for is not shown. */
function withoutValues(message: string, values: ReadonlySet<string>): string {
  let text = message;
  for (const value of values) text = text.replaceAll(value, '(the value of the reference)');
  return text;
}

function withoutAlerting(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([key]) => key !== 'alerting'));
}

function resolveService(input: NonNullable<FileInput['services']>[number]): Service {
  return {
    id: input.id,
    name: input.name ?? input.id,
    owner: input.owner ?? null,
    tier: input.tier ?? null,
    environment: input.environment ?? 'production',
    runbook: input.runbook ?? null,
    dependsOn: input.dependsOn ?? [],
    description: input.description ?? null,
    ...(input.slo === undefined ? {} : { slo: input.slo }),
  };
}

function resolveTargets(
  read: readonly { source: Source; input: FileInput }[],
  services: readonly Service[],
  env: LoadOptions['env'],
  problems: Problem[],
  warnings: Problem[],
): ConfiguredTarget[] {
  const hosts = new Map<string, HostTarget>();
  const resolved: (ConfiguredTarget & { order: number })[] = [];
  const all = read.flatMap(({ source, input }) =>
    (input.targets ?? []).map((target, index) => ({ source, target, index })),
  );
  const numbered = all.map((one, order) => ({ ...one, order }));
  // Hosts first: backups may lie on one that is written further down.
  const isHost = (one: (typeof numbered)[number]) => Number('host' in one.target);
  for (const { source, target, index, order } of numbered.sort((a, b) => isHost(b) - isHost(a))) {
    const place = (key: string, message: string): Problem => {
      const path = ['targets', index, ...key.split('.')];
      return { file: source.name, ...source.locate(path), path, message };
    };
    const one = resolveTarget(target, {
      dir: source.dir,
      env,
      services,
      hosts,
      error: (key, message) => problems.push(place(key, message)),
      warn: (key, message) => warnings.push(place(key, message)),
    });
    if (one) resolved.push({ ...one, order });
    if (one?.target.kind === 'host') hosts.set(one.target.id, one.target);
  }
  return resolved.sort((a, b) => a.order - b.order).map(({ order: _, ...one }) => one);
}

function inOrder(problems: readonly Problem[]): Problem[] {
  const text = (problem: Problem) => `${problem.path.join('\0')}\0${problem.message}`;
  const seen = new Set<string>();
  return problems
    .filter((problem) => !seen.has(text(problem) + problem.file) && seen.add(text(problem) + problem.file))
    .sort((a, b) => (a.file === b.file ? a.line - b.line || a.col - b.col : a.file < b.file ? -1 : 1));
}
