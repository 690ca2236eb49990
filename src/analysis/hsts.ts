/** What a Strict-Transport-Security line says; `maxAge` in seconds. */
export type Hsts =
  | { ok: true; maxAge: number; includeSubDomains: boolean; preload: boolean }
  | { ok: false; problem: string };

const DIRECTIVE =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]*=[ \t]*(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)|"((?:[^"\\]|\\.)*)"))?$/;

/** Reads one line by the grammar of RFC 6797 6.1: names without case, no directive twice, quoted values allowed. */
export function parseHsts(line: string): Hsts {
  if (line.length > 4_096) return { ok: false, problem: 'is longer than 4 KiB' };
  const directives = new Map<string, string | null>();
  for (const part of splitOutsideQuotes(line)) {
    const text = part.trim();
    if (text === '') continue;
    const match = DIRECTIVE.exec(text);
    if (!match) return { ok: false, problem: `has "${text.slice(0, 80)}", which is no directive` };
    const name = (match[1] ?? '').toLowerCase();
    if (directives.has(name)) return { ok: false, problem: `has ${name} twice` };
    directives.set(name, match[2] ?? match[3]?.replace(/\\(.)/g, '$1') ?? null);
  }
  const age = directives.get('max-age');
  if (age === undefined) return { ok: false, problem: 'has no max-age' };
  if (age === null || !/^\d+$/.test(age))
    return { ok: false, problem: `has max-age "${age ?? ''}", which is no number` };
  if (valued(directives, 'includesubdomains')) return { ok: false, problem: 'gives includeSubDomains a value' };
  return {
    ok: true,
    maxAge: Math.min(Number(age), Number.MAX_SAFE_INTEGER),
    includeSubDomains: directives.has('includesubdomains'),
    preload: directives.has('preload'),
  };
}

const YEAR_S = 31_536_000;

/** The line to send instead of `line`: a year at least, subdomains included, and no less than was promised. */
export function hstsValue(line: string | undefined): string {
  const sent = line === undefined ? null : parseHsts(line);
  const maxAge = sent?.ok ? Math.max(sent.maxAge, YEAR_S) : YEAR_S;
  return `max-age=${maxAge}; includeSubDomains${sent?.ok && sent.preload ? '; preload' : ''}`;
}

function valued(directives: ReadonlyMap<string, string | null>, name: string): boolean {
  return typeof directives.get(name) === 'string';
}

function splitOutsideQuotes(line: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < line.length; index += 1) {
    if (line[index] === '\\' && quoted) index += 1;
    else if (line[index] === '"') quoted = !quoted;
    else if (line[index] === ';' && !quoted) {
      parts.push(line.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, line.slice(start)];
}
