import { AbsentError } from '../../core/collected.ts';
import type { HostSshdFacts } from '../../core/facts/host-sshd.ts';
import type { HostSection } from './section.ts';

const NO_SSHD = 44;
const MAX_MATCHES = 40;

/**
 * Asks sshd itself: `-T` for what holds in general, `-T -C` for a connection that each Match block is about. Where a block
 * does not name a user it is tried as root, where it names no address from 192.0.2.1 (RFC 5737: somewhere outside).
 * The pid file is written when the configuration is read, at a reload too, so its age tells what the daemon knows.
 */
const SCRIPT = `
sshd=$(command -v sshd) || exit ${NO_SSHD}
main=/etc/ssh/sshd_config
files=$main
for pattern in $(as_root cat "$main" | awk 'tolower($1) == "include" { for (i = 2; i <= NF; i++) print $i }'); do
  case $pattern in /*) ;; *) pattern=/etc/ssh/$pattern ;; esac
  for file in $pattern; do [ -e "$file" ] && files="$files $file"; done
done
echo "@@ version"; "$sshd" -V 2>&1 </dev/null | grep -m1 -i openssh
echo "@@ files"; for file in $files; do stat -c '%Y %a %U %n' "$file"; done
echo "@@ loaded"; stat -c %Y /run/sshd.pid 2>/dev/null || stat -c %Y /var/run/sshd.pid 2>/dev/null
echo "@@ moduli"; [ -r /etc/ssh/moduli ] && awk '!/^#/ && NF >= 7 { b = $5 + 1; if (!n || b < n) n = b; c++ } END { print n + 0, c + 0 }' /etc/ssh/moduli
# Who logged in, and from where: for the forecast of a lock-out. Behind sudo it is the account that called it.
who=$(id -un); [ "$SW_UID" = 0 ] && [ -n "\${SUDO_USER-}" ] && who=$SUDO_USER
echo "@@ account"; printf 'user %s\ngroups %s\naddress %s\n' "$who" "$(id -Gn "$who" 2>/dev/null)" "\${SSH_CONNECTION%% *}"
echo "@@ effective"
as_root "$sshd" -T || { code=$?; as_root "$sshd" -T -C user=root,host=outside.invalid,addr=192.0.2.1 || exit "$code"; }
for file in $files; do
  # A file that may not be read may hold a Match block that opens everything: said, not passed over.
  as_root cat "$file" >/dev/null 2>&1 || printf '@@ match\\t%s\\t0\\t-\\tblocks of a file that may not be read\\n@@ failed\\n' "$file"
done
for file in $files; do
  # The names of what each block sets, without values: a block may also repeat what holds in general.
  as_root cat "$file" 2>/dev/null | awk -v file="$file" 'tolower($1) == "match" { print "@@ sets\t" file "\t" FNR; inside = 1; next }
    inside && /^[ \t]*[A-Za-z]/ { sub(/^[ \t]+/, ""); sub(/[ \t="].*/, ""); print tolower($0) }'
done | head -n 500
for file in $files; do
  as_root cat "$file" 2>/dev/null | awk -v file="$file" 'tolower($1) == "match" { sub(/^[ \\t]*[^ \\t]+[ \\t]+/, ""); print file "\\t" FNR "\\t" $0 }'
done | head -n ${MAX_MATCHES} | while IFS='	' read -r file line criteria; do
  user=root; host=outside.invalid; addr=192.0.2.1; more=
  # Positional words only; nothing of the file is ever evaluated.
  set -f; set -- $criteria; set +f
  while [ $# -gt 1 ]; do
    one=$(printf %s "$2" | tr ',' '\\n' | grep -v '^!' | head -n1 | tr '*?' 'xx')
    case $(printf %s "$1" | tr A-Z a-z) in
      user) user=$one ;;
      group) user=$(getent group "$one" | cut -d: -f4 | cut -d, -f1); [ -n "$user" ] || user=@none ;;
      host) host=$one ;;
      address) addr=\${one%%/*} ;;
      localaddress) more="$more,laddr=\${one%%/*}" ;;
      localport) more="$more,lport=$one" ;;
    esac
    shift 2
  done
  printf '@@ match\\t%s\\t%s\\t%s\\t%s\\n' "$file" "$line" "user=$user,host=$host,addr=$addr$more" "$criteria"
  [ "$user" = @none ] && { echo "@@ failed"; continue; }
  as_root "$sshd" -T -C "user=$user,host=$host,addr=$addr$more" || echo "@@ failed"
done
`;

export const sshdSection: HostSection<'host.sshd'> = {
  key: 'host.sshd',
  script: SCRIPT,
  timeoutS: 20,
  maxBytes: 524_288,
  parse({ stdout, stderr, exitCode, truncated, root }) {
    if (exitCode === NO_SSHD) throw new AbsentError('not-applicable', 'the host has no sshd');
    if (truncated) throw new AbsentError('unreadable', 'the configuration of sshd is longer than what is read of it');
    const parts = readParts(stdout);
    const effective = readSettings(parts.find((part) => part.name === 'effective')?.lines ?? []);
    if (Object.keys(effective).length === 0) {
      const why =
        stderr.split('\n').find((line) => line !== '' && !line.startsWith('seaworthy:')) ?? 'it printed nothing';
      // Made when the service starts, on a file system that is empty after each boot.
      const runs = /privilege separation directory/i.test(why) ? '; sshd does not seem to run there' : '';
      throw root
        ? new AbsentError('unreadable', `sshd does not tell its configuration: ${why.slice(0, 200)}${runs}`)
        : new AbsentError(
            'denied',
            'only root may ask sshd for its configuration: allow "sshd -T" by sudo and set ssh.sudo',
          );
    }
    return {
      version:
        parts
          .find((part) => part.name === 'version')
          ?.lines[0]?.split(',')[0]
          ?.trim() || null,
      effective,
      matches: parts.filter((part) => part.name === 'match').flatMap((part) => readMatch(part, effective, parts)),
      files: (parts.find((part) => part.name === 'files')?.lines ?? []).flatMap(readFile),
      loadedAt: seconds(parts.find((part) => part.name === 'loaded')?.lines[0]),
      ...readAccount(parts.find((part) => part.name === 'account')?.lines ?? []),
      moduli: readModuli(parts.find((part) => part.name === 'moduli')?.lines[0]),
    };
  },
};

interface Part {
  name: string;
  fields: string[];
  lines: string[];
}

function readParts(text: string): Part[] {
  const parts: Part[] = [];
  for (const line of text.split('\n')) {
    const head = /^@@ (\w+)(?:\t(.*))?$/.exec(line);
    if (head?.[1]) parts.push({ name: head[1], fields: head[2]?.split('\t') ?? [], lines: [] });
    else if (line !== '') parts.at(-1)?.lines.push(line);
  }
  // "failed" belongs to the match before it: whatever was printed there is not to be trusted.
  return parts.filter((part, index) => {
    if (parts[index + 1]?.name === 'failed') part.lines = [];
    return part.name !== 'failed';
  });
}

/** `sshd -T` prints one keyword and its value per line; what may be given often comes on lines of its own. */
export function readSettings(lines: readonly string[]): Record<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const match = /^([a-z][a-z0-9]*)(?: (.*))?$/.exec(line);
    if (!match?.[1]) continue;
    const values = found.get(match[1]);
    if (values) values.push(match[2] ?? '');
    else found.set(match[1], [match[2] ?? '']);
  }
  return Object.fromEntries(found);
}

function readMatch(part: Part, effective: Record<string, string[]>, parts: readonly Part[]): HostSshdFacts['matches'] {
  const [file, line, triedAs, ...criteria] = part.fields;
  if (file === undefined || line === undefined || triedAs === undefined) return [];
  const settings = readSettings(part.lines);
  const sets = parts.find(({ name, fields }) => name === 'sets' && fields[0] === file && fields[1] === line)?.lines;
  const differs = Object.fromEntries(
    Object.entries(settings).filter(([key, values]) => values.join('\n') !== effective[key]?.join('\n')),
  );
  return [
    {
      criteria: criteria.join(' ').trim(),
      file,
      line: Number(line) || 0,
      triedAs,
      differs: part.lines.length === 0 ? null : differs,
      ...(sets ? { sets } : {}),
    },
  ];
}

/** Groups that cannot be told are none that we know: the forecast stays unknown. */
function readAccount(lines: readonly string[]): Pick<HostSshdFacts, 'account'> {
  const field = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? '';
  if (field('user') === '') return {};
  const groups = field('groups').split(' ').filter(Boolean);
  const address = /^[0-9a-f.:]{2,45}(?:%\w+)?$/i.test(field('address')) ? field('address') : null;
  return { account: { user: field('user'), groups: groups.length > 0 ? groups : null, address } };
}

function readFile(line: string): HostSshdFacts['files'] {
  const match = /^(\d+) (\d+) (\S+) (.+)$/.exec(line);
  if (!match) return [];
  const [, at, mode = '', owner = '', path = ''] = match;
  return [{ path, modifiedAt: Number(at) * 1_000, mode, owner }];
}

/** Smallest size and number of the groups; without groups sshd falls back to fixed ones of 2048 bits and more. */
function readModuli(line: string | undefined): HostSshdFacts['moduli'] {
  const match = /^(\d{1,6}) (\d{1,6})$/.exec(line ?? '');
  if (!match) return null;
  const count = Number(match[2]);
  return { smallest: count === 0 ? 2048 : Number(match[1]), count };
}

function seconds(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) * 1_000 : null;
}
