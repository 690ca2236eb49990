import { z } from 'zod';
import { severitySchema } from '../severity.ts';

/** Where a leak was seen. `commit` is there for what was found in history, with the author's date (epoch ms). */
export const leakPlace = z.object({
  file: z.string(),
  /** From 1; none in binary content. */
  line: z.number().int().optional(),
  commit: z.string().optional(),
  at: z.number().optional(),
  /** Why a comment beside it says that it may stay. */
  ignored: z.string().optional(),
});
export type LeakPlace = z.infer<typeof leakPlace>;

/** One secret, wherever it was seen. It holds nothing from which the secret could be made again. */
export const leak = z.object({
  /** Id of the rule in `src/secrets/rules`. */
  rule: z.string(),
  /** What it is: "GitHub personal access token". */
  title: z.string(),
  /** Of a real one of its kind at a tip. */
  severity: severitySchema,
  /** Keyed hash of the secret, the same at all places. */
  fingerprint: z.string(),
  /** What may be shown of it. */
  redacted: z.string(),
  /** It looks like an example, or its checksum is wrong. */
  doubtful: z.boolean(),
  /** How often it was seen; `places` is bounded. */
  count: z.number().int(),
  places: z.array(leakPlace).min(1),
});
export type Leak = z.infer<typeof leak>;

/** A line of `.seaworthyignore`: a leak that somebody has accepted until a day, that day included. */
export const acceptedLeak = z.object({
  fingerprint: z.string(),
  owner: z.string(),
  until: z.string(),
  reason: z.string(),
});

const looked = {
  /** What was read. `bytes` counts content as it lies there, before any decoding. */
  scanned: z.object({ files: z.number().int(), bytes: z.number(), binary: z.number().int() }),
  /** What was not, or not to its end, and why. Bounded; `unscannedCount` is the whole number. */
  unscanned: z.array(z.object({ file: z.string(), reason: z.string() })),
  unscannedCount: z.number().int(),
  leaks: z.array(leak),
  accepted: z.array(acceptedLeak),
  /** Lines of `.seaworthyignore` that do not count. */
  ignoreProblems: z.array(z.object({ line: z.number().int(), problem: z.string() })),
};

/** Secrets in the files of a directory: those that git tracks or would add, or, without git, all but the excluded. */
export const leaksFacts = z.object({
  ...looked,
  git: z.boolean(),
  /** Directories that were left out, with what is in them left uncounted: installed packages, and git's own. */
  excluded: z.array(z.string()),
  /** What a `.gitleaks.toml` at the root came to: rules carried over, and in words what was not. */
  imported: z.object({ rules: z.number().int(), notes: z.array(z.string()), error: z.string().optional() }).optional(),
});
export type LeaksFacts = z.infer<typeof leaksFacts>;

/** Secrets in what the next commit would add: lines that are staged and not in the newest commit. */
export const stagedLeaksFacts = z.object({
  ...looked,
  /** Files whose content or mode is staged, deleted ones left out. */
  staged: z.number().int(),
});
export type StagedLeaksFacts = z.infer<typeof stagedLeaksFacts>;

/** Secrets in everything that a git repository still holds. */
export const leakHistoryFacts = z.object({
  ...looked,
  /** Commits that some ref or reflog reaches. */
  commits: z.number().int(),
  /** History was cut off where it was cloned. */
  shallow: z.boolean(),
  leaks: z.array(
    leak.extend({
      /** It is in the newest state of some branch. */
      atTip: z.boolean(),
      /** Some commit that a ref or reflog reaches has it. */
      reachable: z.boolean(),
    }),
  ),
});
export type LeakHistoryFacts = z.infer<typeof leakHistoryFacts>;
