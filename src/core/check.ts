import { z } from 'zod';
import type { Category } from './category.ts';
import type { FactKey, FactMap } from './facts/index.ts';
import type { Outcomes } from './outcome.ts';
import type { Severity } from './severity.ts';
import type { Target, TargetKind } from './target.ts';

/** What everybody may know of a check without running it. All derived pages, rules and schemas come from here. */
export interface CheckMeta {
  /** `category.noun`, public and stable. */
  id: `${Category}.${string}`;
  /** States the good state: "HTTP Strict Transport Security is on". */
  title: string;
  category: Category;
  /** Severity of its worst finding; an outcome may say less. `info` is reported and never scored. */
  severity: Severity;
  /** Version of Seaworthy that had it first. */
  since: string;
  /** Why it matters, in one or two sentences. */
  rationale: string;
  /** What to do, with the line to paste where there is one. */
  remediation: string;
  /** URLs or document sections that a reader can check the rule against. */
  references: readonly [string, ...string[]];
  /** Limits the check to these kinds of target where its facts exist for more. */
  on?: readonly TargetKind[];
}

/** Everything besides the facts that a verdict may depend on. `now` is epoch ms. */
export interface CheckContext<O> {
  now: number;
  options: O;
  target: Target;
}

/** The facts of `N` are there (else the check is not called); those of `W` may be missing. */
export type FactsOf<N extends FactKey, W extends FactKey> = { [K in N]: FactMap[K] } & { [K in W]?: FactMap[K] };

interface ExampleBase<N extends FactKey, W extends FactKey, O> {
  /** What this example shows, as a sentence; it names the unit test and stands in the documentation. */
  name: string;
  facts: FactsOf<N, W>;
  options?: O;
  /** Epoch ms; 2026-11-01T00:00:00Z where not given. */
  now?: number;
  target?: Partial<Target>;
  /** Expected subjects of the outcomes that decide the status, where they matter. */
  subjects?: readonly string[];
  /** Expected worst severity among the failures, where it differs from the check's. */
  severity?: Severity;
}
export type Example<N extends FactKey, W extends FactKey, O, S extends string = string> = ExampleBase<N, W, O> & {
  status: S;
};

/** At least one example that passes and one that fails: a check without them does not compile. */
export type Examples<N extends FactKey, W extends FactKey, O> = readonly [
  Example<N, W, O, 'pass'>,
  Example<N, W, O, 'fail'>,
  ...Example<N, W, O, 'pass' | 'fail' | 'unknown' | 'not-applicable'>[],
];

/** A check as it is written down. */
export interface CheckParts<N extends FactKey, W extends FactKey, S extends z.ZodType> extends CheckMeta {
  /** Facts without which there is no verdict. A missing one makes the check `unknown` (or `not-applicable`) with its reason. */
  needs: readonly N[];
  /** Facts that refine the verdict and may be missing. */
  wants?: readonly W[];
  /** Schema of the options in `seaworthy.yaml`; every option has a default, so that `{}` is valid. */
  options?: S;
  evaluate(facts: FactsOf<N, W>, context: CheckContext<z.output<S>>): Outcomes;
  examples: Examples<N, W, z.input<S>>;
}

/** A check as the register and the runner see it; the type parameters of its facts are checked where it is defined. */
export interface Check extends CheckMeta {
  needs: readonly FactKey[];
  wants: readonly FactKey[];
  options: z.ZodType;
  evaluate(facts: Partial<FactMap>, context: CheckContext<unknown>): Outcomes;
  examples: readonly Example<never, FactKey, unknown, 'pass' | 'fail' | 'unknown' | 'not-applicable'>[];
}

/** Options of a check that has none. */
export const noOptions = z.strictObject({});

/** Defines a check. A fact that it reads without declaring it, or a missing example, is a compile error. */
export function defineCheck<
  const N extends FactKey,
  const W extends FactKey = never,
  S extends z.ZodType = typeof noOptions,
>(check: CheckParts<N, W, S>): Check {
  return { wants: [], options: noOptions, ...check } as unknown as Check;
}
