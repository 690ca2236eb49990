import { CATEGORIES } from '../core/category.ts';
import type { Check } from '../core/check.ts';
import type { CheckSettings } from '../core/evaluate.ts';
import type { Severity } from '../core/severity.ts';
import { didYouMean } from '../core/suggest.ts';
import { explainIssues, type Finding } from './issues.ts';
import type { Path } from './problem.ts';
import type { CheckOverrideInput } from './schema/checks.ts';
import { inputSchema } from './schema-walk.ts';

/** What one place of the configuration says about one check (or `category.*`); what it leaves open stays open. */
export interface CheckOverride {
  enabled?: boolean;
  severity?: Severity;
  options?: Record<string, unknown>;
}
export type CheckOverrides = ReadonlyMap<string, CheckOverride>;

/** `on` and `off`, severity, and the rest: the options. */
export function readOverride(input: CheckOverrideInput): CheckOverride {
  if (typeof input !== 'object') return { enabled: input === true || input === 'on' };
  const { enabled, severity, ...options } = input;
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(severity === undefined ? {} : { severity }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}

/** Unknown checks, and options that their check does not take. `data` is the `checks` map as written. */
export function checkOverrideProblems(data: unknown, checks: readonly Check[], at: Path): Finding[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.entries(data).flatMap(([id, given]): Finding[] => {
    const path = [...at, id];
    const options = optionsOf(given);
    if (id.endsWith('.*')) {
      if (!CATEGORIES.some((category) => `${category}.*` === id)) {
        const known = CATEGORIES.map((category) => `${category}.*`);
        return [{ path, on: 'key', message: `unknown category "${id}"${didYouMean(id, known)}` }];
      }
      return Object.keys(options).map((key) => ({
        path: [...path, key],
        on: 'key',
        message: `unknown key "${key}"; a whole category takes only enabled and severity`,
      }));
    }
    const check = checks.find((one) => one.id === id);
    if (!check) {
      const known = checks.map((one) => one.id);
      return [
        {
          path,
          on: 'key',
          message: `unknown check "${id}"${didYouMean(id, known) || '; `seaworthy checks` lists them'}`,
        },
      ];
    }
    const parsed = check.options.safeParse(options);
    if (parsed.success) return [];
    // The schema is that of the options alone, so its paths are explained against them and moved to their place.
    return explainIssues(parsed.error.issues, options, inputSchema(check.options)).map((finding) => ({
      ...finding,
      path: [...path, ...finding.path],
    }));
  });
}

function optionsOf(given: unknown): Record<string, unknown> {
  if (typeof given !== 'object' || given === null) return {};
  return Object.fromEntries(Object.entries(given).filter(([key]) => key !== 'enabled' && key !== 'severity'));
}

/** Settings of a check from overrides, general ones first: later ones win, options are merged key by key. */
export function settingsFrom(check: Check, layers: readonly CheckOverrides[]): CheckSettings {
  let enabled = true;
  let severity: Severity | undefined;
  let options: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const override of [layer.get(`${check.category}.*`), layer.get(check.id)]) {
      enabled = override?.enabled ?? enabled;
      severity = override?.severity ?? severity;
      options = { ...options, ...override?.options };
    }
  }
  return { enabled, ...(severity === undefined ? {} : { severity }), options: check.options.parse(options) };
}
