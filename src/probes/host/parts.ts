/**
 * Shell functions for sections that look at several things. `part NAME` starts a part; `run NAME CMD ARG...` runs one
 * command as root where possible and closes the part with its exit code, or says that the command is not there.
 */
export const PARTS = `
part() { printf '\\n@@ %s\\n' "$1"; }
run() {
  part "$1"; shift
  if command -v "$1" >/dev/null 2>&1; then as_root "$@"; printf '\\n@rc %s\\n' "$?"; else printf '\\n@rc missing\\n'; fi
}
`;

/** One part: its lines without empty ones, and how its command ended (`null` where `part` alone was used or it was cut). */
export interface Part {
  lines: string[];
  exitCode: number | 'missing' | null;
}

const NO_PART: Part = { lines: [], exitCode: null };

/** The parts of a section's output by name. The first of a name counts. */
export function readParts(stdout: string): { get(name: string): Part; has(name: string): boolean } {
  const parts = new Map<string, Part>();
  let current: Part = { lines: [], exitCode: null };
  for (const line of stdout.split('\n')) {
    const opening = /^@@ (\S+)$/.exec(line);
    if (opening?.[1]) {
      current = { lines: [], exitCode: null };
      if (!parts.has(opening[1])) parts.set(opening[1], current);
      continue;
    }
    const ended = /^@rc (missing|\d+)$/.exec(line);
    if (ended) current.exitCode = ended[1] === 'missing' ? 'missing' : Number(ended[1]);
    else if (line !== '') current.lines.push(line);
  }
  return { get: (name) => parts.get(name) ?? NO_PART, has: (name) => parts.has(name) };
}
