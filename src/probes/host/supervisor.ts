import { AbsentError } from '../../core/collected.ts';
import type { HostSupervisorFacts } from '../../core/facts/host-supervisor.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';
import { type Declared, readDeclared, readStates, unexpectedExits } from './supervisor-read.ts';

/**
 * supervisord: what its files declare, what it says of itself, and how often programs ended unasked by its log. Of the
 * files only harmless keys are printed: `environment=` and `password=` never leave the host.
 */
export const supervisorSection: HostSection<'host.supervisor'> = {
  key: 'host.supervisor',
  script: `${PARTS}
main=
for f in /etc/supervisor/supervisord.conf /etc/supervisord.conf /etc/supervisor.conf; do [ -e "$f" ] && { main=$f; break; }; done
command -v supervisorctl >/dev/null 2>&1 || [ -n "$main" ] || { part none; exit 0; }
see() { if [ -r "$1" ]; then cat "$1"; else as_root cat "$1"; fi 2>/dev/null; }
keys() { awk '/^[[:space:]]*\\[/ { sub(/[[:space:]]*;.*/, ""); print; next } /^(files|autostart|autorestart|stopwaitsecs|numprocs|process_name|programs|logfile)[[:space:]]*=/ { sub(/[[:space:]];.*/, ""); print }'; }
if [ -n "$main" ]; then
  see "$main" >/dev/null || part unread
  part config; see "$main" | keys
  for pattern in $(see "$main" | awk '/^\\[/ { i = ($0 ~ /^\\[include\\]/) } i && /^files[[:space:]]*=/ { sub(/^[^=]*=/, ""); print }'); do
    case $pattern in /*) ;; *) pattern=\${main%/*}/$pattern ;; esac
    for f in $pattern; do [ -e "$f" ] || continue; see "$f" >/dev/null || part unread; part "config"; see "$f" | keys; done
  done
fi
run status supervisorctl status
part now; date '+%Y-%m-%d %H:%M:%S'
log=$(see "$main" | awk '/^\\[/ { s = ($0 ~ /^\\[supervisord\\]/) } s && /^logfile[[:space:]]*=/ { sub(/^[^=]*=[[:space:]]*/, ""); sub(/[[:space:]].*/, ""); print }' | head -n 1)
for f in "$log" /var/log/supervisor/supervisord.log; do
  [ -r "$f" ] || continue
  part log; tail -c 65536 "$f" | grep -E ' exited: | entered FATAL state'; echo read; break
done
:
`,
  timeoutS: 10,
  maxBytes: 262_144,
  sudo: 'if-available',
  parse({ stdout, truncated, root, stderr }) {
    if (truncated) throw new AbsentError('unreadable', 'the answer of supervisord is longer than 256 KiB');
    const parts = readParts(stdout);
    if (parts.has('none')) throw new AbsentError('not-applicable', 'supervisord is not installed');
    const status = parts.get('status');
    const states = readStates(status.lines);
    // supervisorctl(1): 0 all run, 3 some do not, 4 nobody answered.
    const answered = states.length > 0 || status.exitCode === 0;
    const denied = /permission denied|errno 13/i.test(`${status.lines.join('\n')}\n${stderr}`);
    const hidden = answered
      ? null
      : status.exitCode === 'missing'
        ? 'supervisorctl is not there'
        : !root && denied
          ? 'only root can ask supervisord for the states of its programs'
          : null;
    const declared = parts.has('unread') ? null : readDeclared(configLines(stdout));
    const log = parts.get('log').lines;
    const exits = log.includes('read') ? unexpectedExits(log, parts.get('now').lines[0] ?? '') : null;
    return {
      running: answered,
      programs: join(declared, states, exits),
      hidden,
    };
  },
};

type Program = HostSupervisorFacts['programs'][number];

/** Several files give several parts of one name. */
function configLines(stdout: string): string[] {
  return [...stdout.matchAll(/^@@ config\n([\s\S]*?)(?=^@@ |(?![\s\S]))/gm)].flatMap(([, text]) =>
    (text ?? '').split('\n'),
  );
}

/** One row per program that is declared or known; a declared one with several processes matches all of its group. */
function join(
  declared: readonly Declared[] | null,
  states: ReturnType<typeof readStates>,
  exits: ReadonlyMap<string, number> | null,
): Program[] {
  const of = (name: string) =>
    declared?.find((one) => one.name === name || name.startsWith(`${one.name}:`) || one.members.includes(name));
  const settings = (one: Declared | undefined) => ({
    autostart: one?.autostart ?? null,
    autorestart: one?.autorestart ?? null,
    stopwaitsecs: one?.stopwaitsecs ?? null,
  });
  const known = states.map(({ name, state, description }) => ({
    name,
    state,
    description,
    declared: declared === null ? null : of(name) !== undefined,
    ...settings(of(name)),
    unexpectedExits: exits === null ? null : (exits.get(name.split(':').at(-1) ?? name) ?? 0),
  }));
  const missing = (declared ?? []).filter((one) => !states.some(({ name }) => of(name) === one));
  return [
    ...known,
    ...missing.map((one) => ({
      name: one.name,
      state: null,
      description: '',
      declared: true,
      ...settings(one),
      unexpectedExits: exits === null ? null : (exits.get(one.name) ?? 0),
    })),
  ];
}
