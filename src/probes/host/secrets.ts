import { AbsentError } from '../../core/collected.ts';
import type { HostSecretsFacts } from '../../core/facts/host-secrets.ts';
import { fingerprintInHalves } from '../../secrets/redact.ts';
import { readParts } from './parts.ts';
import { secretsScript } from './secrets-script.ts';
import type { HostSection } from './section.ts';

const KINDS = ['private-key', 'encrypted-key', 'store', 'settings', 'credentials'] as const;

interface Entry {
  head: string;
  names: string[];
  leaks: string[];
}

/**
 * Where the host keeps credentials. Everything is judged there: names of settings, counts and the first half of keyed hashes
 * are all that is sent. `key` is that of the fingerprints.
 */
export function secretsSection(key = ''): HostSection<'host.secrets'> {
  const { prefix, finish } = fingerprintInHalves(key);
  return {
    key: 'host.secrets',
    script: secretsScript(prefix),
    timeoutS: 60,
    maxBytes: 512 * 1024,
    sudo: 'if-available',
    parse({ stdout, truncated }) {
      const parts = readParts(stdout);
      if (truncated || !parts.has('end')) throw new AbsentError('unreadable', 'the search for credentials did not end');
      const entries = (part: string) => readEntries(parts.get(part).lines, finish);
      const marks = (letter: string) => {
        const lines = ['units', 'processes'].flatMap((part) => parts.get(part).lines);
        return [...new Set(lines.flatMap((line) => new RegExp(`^${letter} ([a-z-]{1,40})$`).exec(line)?.[1] ?? []))];
      };
      return {
        readable: entries('readable').flatMap(readFile),
        units: [...entries('units'), ...entries('compose')].flatMap(({ head, ...held }) =>
          head.startsWith('/') ? [{ path: head, ...held }] : [],
        ),
        processes: distinct(entries('processes')),
        containers: entries('containers').map(({ head, ...held }) => ({ name: head, ...held })),
        histories: parts.get('histories').lines.flatMap((line) => {
          const [, count, path] = /^f (\d{1,7}) (\/.*)$/.exec(line) ?? [];
          return path === undefined ? [] : [{ path, count: Number(count) }];
        }),
        managers: marks('m'),
        dynamic: marks('d'),
        complete: parts.get('rights').lines.includes('all'),
      };
    },
  };
}

/** `f HEAD`, then `n NAME [HALF]` or `h HALF` for what it holds. Anything else is not ours. */
function readEntries(lines: readonly string[], finish: (innerHex: string) => string): Entry[] {
  const entries: Entry[] = [];
  for (const line of lines) {
    const head = /^f (.{1,4000})$/.exec(line)?.[1];
    if (head !== undefined) entries.push({ head, names: [], leaks: [] });
    const [, name, half] = /^(?:n ([A-Za-z_][A-Za-z0-9_.-]{0,63})|h)(?: ([0-9a-f]{64}))?$/.exec(line) ?? [];
    const entry = entries.at(-1);
    if (name !== undefined) entry?.names.push(name);
    if (half !== undefined) entry?.leaks.push(finish(half));
  }
  return entries;
}

function readFile({ head, ...held }: Entry): HostSecretsFacts['readable'] {
  const [, word, mode = '', owner = '', path = ''] = /^([a-z-]+) ([0-7]{1,5}) (\S+) (\/.*)$/.exec(head) ?? [];
  const kind = KINDS.find((one) => one === word);
  return kind ? [{ path, kind, mode: Number.parseInt(mode, 8), owner, ...held }] : [];
}

/** Workers of one program are told once. */
function distinct(entries: readonly Entry[]): HostSecretsFacts['processes'] {
  const found = new Map<string, HostSecretsFacts['processes'][number]>();
  for (const { head, names, leaks } of entries) {
    const [, user, command] = /^(\S+) (\S+)$/.exec(head) ?? [];
    if (user === undefined || command === undefined) continue;
    const known = found.get(`${user} ${command}`);
    const all = known ? [...known.names, ...names] : names;
    const marks = known ? [...known.leaks, ...leaks] : leaks;
    found.set(`${user} ${command}`, { user, command, names: [...new Set(all)], leaks: [...new Set(marks)] });
  }
  return [...found.values()];
}
