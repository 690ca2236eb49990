import type { Severity } from '../core/severity.ts';
import { archiveParts, type Room } from './archives.ts';
import { readContent } from './decode.ts';
import { documentParts } from './documents.ts';
import type { Scanner, ScanState } from './engine.ts';
import { createFingerprinter, redact } from './redact.ts';

const MAX_DEPTH = 3;
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 5_000;
const CONTROL = /\p{Cc}/gu;

/** One secret in one content, redacted where it was found: it may cross threads and be kept. */
export interface Found {
  rule: string;
  title: string;
  severity: Severity;
  fingerprint: string;
  redacted: string;
  doubtful: boolean;
  /** Where in the content, if that has parts: `!entry`, `!cell 2`. */
  within?: string;
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

  function examineOne(bytes: Buffer, previous: ScanState | null) {
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
  }

  /** What lies in the parts of a content, at most `MAX_DEPTH` deep. */
  function parts(bytes: Buffer, depth: number, room: Room): Found[] {
    const archive = archiveParts(bytes, room);
    if (archive !== null && depth >= MAX_DEPTH) room.missed.add('not fully scanned: archives within archives');
    const inner: Found[] = [];
    for (const part of depth >= MAX_DEPTH ? [] : (archive ?? documentParts(bytes))) {
      const name = part.name === '' ? '' : `!${part.name.replaceAll(CONTROL, '?')}`;
      const { found, missed } = examineOne(part.bytes, null);
      for (const reason of missed) room.missed.add(reason);
      const deeper = parts(part.bytes, depth + 1, room);
      for (const one of merged(found, deeper)) inner.push({ ...one, within: name + (one.within ?? '') });
    }
    return inner;
  }

  return (bytes, previous = null) => {
    const whole = examineOne(bytes, previous);
    const room: Room = { bytes: MAX_UNPACKED_BYTES, entries: MAX_ENTRIES, missed: new Set() };
    const found = merged(whole.found, parts(bytes, 0, room));
    return { ...whole, found, missed: [...whole.missed, ...room.missed] };
  };
}

/** What is in a part of a document stands in the document too: it is told once, where people see it. */
function merged(outer: readonly Found[], inner: readonly Found[]): Found[] {
  if (inner.length === 0) return [...outer];
  const known = new Set(inner.map(({ fingerprint }) => fingerprint));
  return [...outer.filter(({ fingerprint }) => !known.has(fingerprint)), ...inner];
}

function lineFeeds(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(10, start); at !== -1 && at < end; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
