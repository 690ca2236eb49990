import type { Leak, LeakHistoryFacts, LeaksFacts, StagedLeaksFacts } from './leaks.ts';
import type { ServedFacts } from './served.ts';

const nothing = {
  scanned: { files: 120, bytes: 900_000, binary: 4 },
  unscanned: [],
  unscannedCount: 0,
  leaks: [],
  accepted: [],
  ignoreProblems: [],
};

/** A work tree without leaks. */
export function exampleLeaks(more: Partial<LeaksFacts> = {}): LeaksFacts {
  return { ...nothing, git: true, excluded: [], ...more };
}

/** Staged files without leaks. */
export function exampleStaged(more: Partial<StagedLeaksFacts> = {}): StagedLeaksFacts {
  return { ...nothing, scanned: { files: 2, bytes: 4_000, binary: 0 }, staged: 2, ...more };
}

/** A history without leaks. */
export function exampleLeakHistory(more: Partial<LeakHistoryFacts> = {}): LeakHistoryFacts {
  return { ...nothing, commits: 40, shallow: false, ...more };
}

/** A page and a script without leaks. */
export function exampleServed(more: Partial<ServedFacts> = {}): ServedFacts {
  return {
    origin: 'https://shop.example',
    requests: 3,
    read: { pages: 1, scripts: 1, maps: 0, sources: 0, bytes: 90_000 },
    maps: [],
    foreign: [],
    unread: [],
    leaks: [],
    ...more,
  };
}

/** A GitHub token in `src/config.ts`, line 3. */
export function exampleLeak(more: Partial<Leak> = {}): Leak {
  return {
    rule: 'github-pat',
    title: 'GitHub personal access token',
    severity: 'critical',
    fingerprint: '5f0c1e2d3b4a59687766554a',
    redacted: 'ghp_...x9Zk (40 characters)',
    doubtful: false,
    count: 1,
    places: [{ file: 'src/config.ts', line: 3 }],
    ...more,
  };
}
