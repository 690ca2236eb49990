import { AbsentError } from '../../core/collected.ts';
import type { HostLoggingFacts } from '../../core/facts/host-logging.ts';
import { LOG_DAEMONS } from '../../knowledge/log-daemons.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/**
 * The audit daemon and its rules, and the lines of rsyslog, syslog-ng and systemd-journal-upload that name another host.
 * Only those lines are printed: such files may hold passwords of databases.
 */
export const loggingSection: HostSection<'host.logging'> = {
  key: 'host.logging',
  script: `${PARTS}
part running
cat /proc/[0-9]*/comm 2>/dev/null | grep -E '^(${LOG_DAEMONS.map((one) => one.process).join('|')}|auditd|rsyslogd|syslog-ng|systemd-journal)$' | sort -u
part audit; command -v auditctl >/dev/null 2>&1 && echo installed
if command -v auditctl >/dev/null 2>&1; then
  run status auditctl -s
  run rules auditctl -l
fi
see() { if [ -r "$1" ]; then cat "$1"; else as_root cat "$1"; fi 2>/dev/null; }
for f in /etc/rsyslog.conf /etc/rsyslog.d/*.conf; do
  [ -e "$f" ] || continue
  see "$f" >/dev/null || { part "hidden:$f"; continue; }
  part "rsyslog:$f"; see "$f" | sed 's/^[[:space:]]*#.*//' | grep -o -i -E '[[:space:];]@@?[^[:space:];]+|:omrelp:[^[:space:];]+|type *= *"om[a-z]+"|target *= *"[^"]*"|protocol *= *"[^"]*"'
done
for f in /etc/syslog-ng/syslog-ng.conf /etc/syslog-ng/conf.d/*.conf; do
  [ -e "$f" ] || continue
  see "$f" >/dev/null || { part "hidden:$f"; continue; }
  part "syslog-ng:$f"; see "$f" | sed 's/#.*//' | grep -o -E '(network|syslog|tcp6?|udp6?) *\\( *(ip\\()?"[^"]+"'
done
part upload
grep -h -o -E '^[[:space:]]*URL=https?://[^/@]*' /etc/systemd/journal-upload.conf /etc/systemd/journal-upload.conf.d/*.conf 2>/dev/null
for f in /etc/systemd/system/*.wants/systemd-journal-upload.service; do [ -e "$f" ] || [ -L "$f" ] && echo enabled; done
:
`,
  timeoutS: 10,
  maxBytes: 131_072,
  sudo: 'if-available',
  parse({ stdout, truncated, root }) {
    const parts = readParts(stdout);
    if (truncated || !parts.has('upload')) throw new AbsentError('unreadable', 'the host did not answer in full');
    const running = parts.get('running').lines;
    const status = parts.get('status');
    const rules = parts.get('rules');
    const names = (prefix: string) =>
      [...stdout.matchAll(new RegExp(`^@@ ${prefix}:(\\S+)$`, 'gm'))].map(([, file]) => file ?? '');
    const named = (prefix: string) => names(prefix).map((file) => parts.get(`${prefix}:${file}`).lines);
    return {
      audit: {
        installed: parts.get('audit').lines.includes('installed'),
        running: running.includes('auditd'),
        enabled: root && status.exitCode === 0 ? readEnabled(status.lines) : null,
        rules: root && rules.exitCode === 0 ? rules.lines.filter((line) => line.startsWith('-')).length : null,
      },
      forwards: [
        ...named('rsyslog').flatMap(readRsyslog),
        ...named('syslog-ng').flatMap(readSyslogNg),
        ...readUpload(parts.get('upload').lines),
      ],
      running,
      hidden: names('hidden'),
    };
  },
};

type Forward = HostLoggingFacts['forwards'][number];

/** auditctl(8) -s: `enabled 1` (0 off, 1 on, 2 on and locked); old versions print `AUDIT_STATUS: enabled=1 ...`. */
function readEnabled(lines: readonly string[]): number | null {
  const match = /\benabled[ =](\d)\b/.exec(lines.join('\n'));
  return match ? Number(match[1]) : null;
}

/** Output modules of rsyslog that leave the host, by the protocol that they speak. */
const OUTPUTS: Readonly<Record<string, string>> = {
  omfwd: 'udp',
  omrelp: 'relp',
  omelasticsearch: 'elasticsearch',
  omhttp: 'http',
  omkafka: 'kafka',
  omgssapi: 'tcp',
};

/** rsyslog.conf(5): `@host` is UDP, `@@host:port` TCP, `(z9)` options in front; `action(type="omfwd" target="..." protocol="tcp")`. */
export function readRsyslog(tokens: readonly string[]): Forward[] {
  const forwards: Forward[] = [];
  let open: Forward | null = null;
  for (const token of tokens) {
    const old = /^[\s;](@@?)(?:\([^)]*\))?(.+)$/.exec(token) ?? /^:(omrelp):(.+)$/.exec(token);
    const [, key = '', value = ''] = /^(\w+) *= *"([^"]*)"$/.exec(token.trim()) ?? [];
    if (old?.[2]) {
      const protocol = old[1] === '@' ? 'udp' : old[1] === '@@' ? 'tcp' : 'relp';
      forwards.push({ by: 'rsyslog', to: old[2], protocol });
    } else if (key.toLowerCase() === 'type') {
      const protocol = OUTPUTS[value.toLowerCase()];
      open = protocol === undefined ? null : { by: 'rsyslog', to: '', protocol };
      if (open) forwards.push(open);
    } else if (open && key.toLowerCase() === 'target') open.to = value;
    else if (open && key.toLowerCase() === 'protocol') open.protocol = value.toLowerCase();
  }
  return forwards;
}

/** `network("10.0.0.9"`, `tcp("logs.example"`, `syslog(ip("..."`; what listens gives no name and is not matched. */
export function readSyslogNg(tokens: readonly string[]): Forward[] {
  return tokens.flatMap((token) => {
    const match = /^(network|syslog|tcp6?|udp6?) *\( *(?:ip\()?"([^"]+)"$/.exec(token);
    const driver = match?.[1] ?? '';
    return match?.[2]
      ? [{ by: 'syslog-ng' as const, to: match[2], protocol: /^udp/.test(driver) ? 'udp' : 'tcp' }]
      : [];
  });
}

/** systemd-journal-upload.service(8): the last URL counts, and only where the service is enabled. */
function readUpload(lines: readonly string[]): Forward[] {
  if (!lines.includes('enabled')) return [];
  const [, protocol = '', to = ''] =
    /URL=(https?):\/\/(.*)$/.exec(lines.findLast((line) => line.includes('URL=')) ?? '') ?? [];
  return protocol === '' ? [] : [{ by: 'systemd-journal-upload', to, protocol }];
}
