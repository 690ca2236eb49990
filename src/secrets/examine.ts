import type { Severity } from '../core/severity.ts';
import { readContent } from './decode.ts';
import type { Scanner, ScanState } from './engine.ts';
import { createFingerprinter, redact } from './redact.ts';

/** One secret in one content, redacted where it was found: it may cross threads and be kept. */
export interface Found {
  rule: string;
  title: string;
  severity: Severity;
  fingerprint: string;
  redacted: string;
  doubtful: boolean;
  /** From 1; none in binary content. */
  line?: number;
  /** Where it ends, if that is another line. */
  lastLine?: number;
  /** Why a comment beside it says that it may stay. */
  ignored?: string;
}

/** What one content holds. */
export interface Examined {
  bytes: number;
  binary: boolean;
  found: Found[];
  /** What was not scanned, or not to its end, and why. */
  missed: string[];
}

/**
 * Looks into one content, quicker where what was seen in a similar one is handed in. Made once per thread: fingerprints of
 * guessable secrets are slow to make and are kept.
 */
export type Examine = (bytes: Buffer, previous?: ScanState | null) => Examined & { state: ScanState | null };

export function createExamine(scanner: Scanner, key?: string): Examine {
  const fingerprint = createFingerprinter(key);
  return (bytes, previous = null) => {
    const content = readContent(bytes);
    if (content.kind === 'lfs') {
      const missed = ['a Git LFS pointer: the content lies elsewhere'];
      return { bytes: bytes.length, binary: false, found: [], missed, state: null };
    }
    const binary = content.kind === 'binary';
    const { matches, incomplete, state } = scanner.scan(content.bytes, { formatsOnly: binary, previous });
    const found = matches.map((match): Found => {
      const { id, title, severity } = match.rule;
      const one: Found = {
        ...{ rule: id, title, severity, doubtful: match.doubtful },
        ...{ fingerprint: fingerprint(match.secret), redacted: redact(match.secret, match.rule) },
      };
      if (!binary) one.line = match.line;
      const further = binary ? 0 : lineFeeds(content.bytes, match.start, match.end);
      if (further > 0) one.lastLine = match.line + further;
      if (match.ignored) one.ignored = match.ignored.reason;
      return one;
    });
    const missed = incomplete === null ? [] : [`not fully scanned: ${incomplete}`];
    return { bytes: bytes.length, binary, found, missed, state };
  };
}

function lineFeeds(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(10, start); at !== -1 && at < end; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
