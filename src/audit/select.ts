import { CATEGORIES } from '../core/category.ts';
import type { Check } from '../core/check.ts';
import { AppError } from '../core/error.ts';
import type { FactKey } from '../core/facts/index.ts';
import type { TargetKind } from '../core/target.ts';
import type { Probe } from '../probes/probe.ts';

/** Categories or check ids, as `--only` and `--skip` give them. */
export interface Selection {
  only?: readonly string[];
  skip?: readonly string[];
}

/** The checks that a selection leaves. A word that names no category and no check is an error, not an empty audit. */
export function selectChecks(checks: readonly Check[], selection: Selection): Check[] {
  for (const word of [...(selection.only ?? []), ...(selection.skip ?? [])]) {
    const known = CATEGORIES.some((category) => category === word) || checks.some((check) => check.id === word);
    if (known) continue;
    const near = checks.find((check) => check.id.endsWith(`.${word.split('.').at(-1)}`))?.id;
    throw new AppError('unknown-check', `"${word}" is neither a category nor a check`, {
      hint: `${near ? `did you mean ${near}? ` : ''}\`seaworthy checks\` lists them all`,
    });
  }
  const named = (words: readonly string[] | undefined, check: Check) =>
    words?.some((word) => word === check.id || word === check.category) ?? false;
  return checks.filter(
    (check) => (selection.only === undefined || named(selection.only, check)) && !named(selection.skip, check),
  );
}

/** The probe that collects a fact for a kind of target: the first in the map that can. */
export function probeFor(key: FactKey, kind: TargetKind, probes: readonly Probe[]): Probe | undefined {
  return probes.find((probe) => probe.on.includes(kind) && probe.keys.includes(key));
}

/** The checks that can be asked of a kind of target: those all of whose facts some probe collects there. */
export function checksFor(kind: TargetKind, checks: readonly Check[], probes: readonly Probe[]): Check[] {
  return checks.filter(
    (check) =>
      (check.on === undefined || check.on.includes(kind)) &&
      check.needs.every((key) => probeFor(key, kind, probes) !== undefined),
  );
}

/** Which probes must run for these checks, each with the keys that somebody asked for. */
export function probesFor(
  kind: TargetKind,
  checks: readonly Check[],
  probes: readonly Probe[],
): Map<Probe, Set<FactKey>> {
  const plan = new Map<Probe, Set<FactKey>>();
  for (const key of checks.flatMap((check) => [...check.needs, ...check.wants])) {
    const probe = probeFor(key, kind, probes);
    if (!probe) continue;
    const keys = plan.get(probe);
    if (keys) keys.add(key);
    else plan.set(probe, new Set([key]));
  }
  return plan;
}
