import { AbsentError } from '../../core/collected.ts';
import type { HostListenFacts, IpFamily } from '../../core/facts/host-listen.ts';
import { PARTS, readParts } from './parts.ts';
import { type Programs, readPrograms } from './programs.ts';
import type { HostSection } from './section.ts';

/**
 * Listening sockets: `ss`, with process names as root, else the kernel's own tables. As root also the executables behind
 * them and their packages; a file of the same name that is another one (in a container) is not looked up.
 */
export const listenSection: HostSection<'host.listen'> = {
  key: 'host.listen',
  script: `${PARTS}
if command -v ss >/dev/null 2>&1; then
  part ss; out=$(as_root ss -Htulnp); rc=$?; printf '%s\\n\\n@rc %s\\n' "$out" "$rc"
  set --
  for p in $(printf '%s\\n' "$out" | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u | head -n 64); do set -- "$@" "/proc/$p/exe"; done
  if [ $# -gt 0 ]; then
    exes=$(as_root ls -l "$@" 2>/dev/null)
    part exes; printf '%s\\n' "$exes"
    part running; as_root ls -liL "$@" 2>/dev/null
    part files
    printf '%s\\n' "$exes" | sed -n 's/^.*exe .. //p' | sort -u | while read -r f; do
      [ -f "$f" ] || continue
      ls -i "$f"
      owner=
      if command -v dpkg >/dev/null 2>&1; then
        owner=$(dpkg -S "$f" 2>/dev/null | head -n 1)
        [ -n "$owner" ] || owner=$(dpkg -S "\${f#/usr}" 2>/dev/null | head -n 1)
        owner=\${owner%%:*}
      elif command -v rpm >/dev/null 2>&1; then owner=$(rpm -qf --qf '%{NAME}' "$f" 2>/dev/null) || owner=
      elif command -v apk >/dev/null 2>&1; then owner=$(apk info -W "$f" 2>/dev/null | sed -n 's/.* is owned by //p')
      else continue; fi
      printf '@owner %s\\n' "\${owner:--}"
    done
  fi
else
  for f in tcp tcp6 udp udp6; do part "proc:$f"; cat /proc/net/$f 2>/dev/null; done
fi
part bindv6only; cat /proc/sys/net/ipv6/bindv6only 2>/dev/null
:
`,
  timeoutS: 15,
  maxBytes: 1024 * 1024,
  sudo: 'if-available',
  parse({ stdout, truncated, root }) {
    if (truncated) throw new AbsentError('unreadable', 'the list of listening sockets is longer than 1 MiB');
    const parts = readParts(stdout);
    const ss = parts.get('ss');
    if (ss.exitCode === 0) {
      const programs = readPrograms(parts);
      return { sockets: merge(ss.lines.flatMap((line) => readSs(line, programs))), processesVisible: root };
    }
    const dual = parts.get('bindv6only').lines[0] !== '1';
    const tables = (['tcp', 'tcp6', 'udp', 'udp6'] as const).map((name) => ({
      name,
      lines: parts.get(`proc:${name}`).lines,
    }));
    if (tables.every(({ lines }) => lines.length === 0))
      throw new AbsentError('missing-tool', 'neither ss nor /proc/net/tcp could be read');
    return {
      sockets: merge(tables.flatMap(({ name, lines }) => lines.flatMap((line) => readProc(line, name, dual)))),
      processesVisible: false,
    };
  },
};

type Socket = HostListenFacts['sockets'][number];

/** `tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=1,fd=3))`; `*` = IPv6 that takes IPv4 as well, `[::]` = IPv6 alone. */
export function readSs(line: string, programs: Programs = new Map()): Socket[] {
  const [protocol, state, , , local = '', , ...rest] = line.trim().split(/\s+/);
  if ((protocol !== 'tcp' && protocol !== 'udp') || (state !== 'LISTEN' && state !== 'UNCONN')) return [];
  const match = /^(\[[^\]]+\]|[^:[\]]+|\*)(?:%([^:\]]+))?:(\d+)$/.exec(local);
  if (!match?.[1]) return [];
  const [bare = '', zone] = match[1].replace(/^\[|\]$/g, '').split('%');
  const users = [...rest.join(' ').matchAll(/\("((?:[^"\\]|\\.)*)",pid=(\d+)/g)];
  const program = users.flatMap(([, , pid]) => programs.get(Number(pid)) ?? [])[0];
  return [
    {
      protocol,
      address: bare === '*' ? '::' : bare,
      port: Number(match[3]),
      families: bare === '*' ? [4, 6] : bare.includes(':') ? familiesOf6(bare) : [4],
      device: match[2] ?? zone ?? null,
      processes: [...new Set(users.map(([, name]) => name ?? ''))],
      ...(program ? { program } : {}),
    },
  ];
}

function familiesOf6(address: string): IpFamily[] {
  return /^::ffff:/i.test(address) ? [4] : [6];
}

/** A row of /proc/net/tcp: `0: 0100007F:0016 00000000:0000 0A ...`; addresses are words in the host's byte order (little endian assumed). */
export function readProc(line: string, table: 'tcp' | 'tcp6' | 'udp' | 'udp6', dual: boolean): Socket[] {
  const match = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2})/.exec(line);
  const protocol = table.startsWith('tcp') ? 'tcp' : 'udp';
  // 0A = listening; 07 = an unconnected UDP socket.
  if (!match?.[1] || match[3] !== (protocol === 'tcp' ? '0A' : '07')) return [];
  const bytes = (match[1].match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  const port = Number.parseInt(match[2] ?? '', 16);
  const common = { protocol, port, device: null, processes: [] } as const;
  if (bytes.length === 4)
    return [
      { ...common, processes: [], address: bytes.map((byte) => Number.parseInt(byte, 16)).join('.'), families: [4] },
    ];
  const any = bytes.every((byte) => byte === '00');
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) =>
    Number.parseInt(`${bytes[at]}${bytes[at + 1]}`, 16).toString(16),
  );
  return [{ ...common, processes: [], address: any ? '::' : compress(groups), families: any && dual ? [4, 6] : [6] }];
}

function compress(groups: readonly string[]): string {
  return groups.join(':').replace(/(?:^|:)0(?::0)+(?::|$)/, '::');
}

/** One entry per address and port; several processes or sockets (SO_REUSEPORT) may share it. */
function merge(sockets: readonly Socket[]): Socket[] {
  const merged = new Map<string, Socket>();
  for (const socket of sockets) {
    const key = `${socket.protocol} ${socket.address} ${socket.device} ${socket.port} ${socket.families}`;
    const before = merged.get(key);
    merged.set(
      key,
      before ? { ...socket, ...before, processes: [...new Set([...before.processes, ...socket.processes])] } : socket,
    );
  }
  return [...merged.values()];
}
