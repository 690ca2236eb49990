import { AbsentError } from '../../core/collected.ts';
import type { HostFirewallFacts } from '../../core/facts/host-firewall.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/** What may load rules at boot, by the name of its unit. */
const UNITS = 'nftables ufw netfilter-persistent firewalld iptables ip6tables shorewall docker fail2ban';
const BOOT_FILES =
  '/etc/nftables.conf /etc/sysconfig/nftables.conf /etc/iptables/rules.v4 /etc/iptables/rules.v6 /etc/sysconfig/iptables /etc/sysconfig/ip6tables';

/** Readable by root alone. */
const UFW_FILES = '/etc/ufw/user.rules /etc/ufw/user6.rules';

/**
 * Rules of nftables, iptables (both kinds) and ip6tables, and what ufw, firewalld and the boot say. The legacy tables are
 * read only where the kernel has some: listing them otherwise would create them.
 */
export const firewallSection: HostSection<'host.firewall'> = {
  key: 'host.firewall',
  script: `${PARTS}
run nft nft -j list ruleset
legacy() {
  if command -v "$2-save" >/dev/null 2>&1; then
    part "$1"; out=$(as_root "$2-save" 2>&1); rc=$?; printf '%s\\n\\n@rc %s\\n' "$out" "$rc"
    case $out in *legacy\\ tables\\ present*) run "$1-legacy" "$2-legacy-save" ;; esac
  else
    part "$1"; printf '\\n@rc missing\\n'
    [ -e "/proc/net/$3" ] && run "$1-names" cat "/proc/net/$3"
  fi
}
legacy v4 iptables ip_tables_names
legacy v6 ip6tables ip6_tables_names
part modules; grep -E '^(nf_tables|ip_tables|ip6_tables) ' /proc/modules && :; [ -r /proc/modules ] && echo readable
part addresses; ip -o addr show 2>/dev/null
part forwarding; cat /proc/sys/net/ipv4/ip_forward 2>/dev/null || echo -; cat /proc/sys/net/ipv6/conf/all/forwarding 2>/dev/null || echo -
part ufw; cat /etc/ufw/ufw.conf /etc/default/ufw 2>/dev/null
[ -d /etc/firewalld ] && {
  state=$(firewall-cmd --state 2>&1); part firewalld; printf '%s\\n' "$state"
  case $state in *running*) case $state in *not*) ;; *)
    run zones firewall-cmd --list-all-zones
    run zones-permanent firewall-cmd --permanent --list-all-zones ;;
  esac ;; esac
}
part units
[ -d /etc/systemd/system ] || [ -d /etc/runlevels ] || [ -d /etc/rc2.d ] && echo known
for u in ${UNITS}; do
  for f in /etc/systemd/system/*.wants/$u.service /etc/systemd/system/*.requires/$u.service /etc/runlevels/*/$u /etc/rc2.d/S??$u; do
    [ -e "$f" ] || [ -L "$f" ] && { echo "$u"; break; }
  done
done
for f in ${UFW_FILES}; do
  [ -e "$f" ] && run "boot:$f" cat "$f"
done
for f in ${BOOT_FILES}; do
  [ -r "$f" ] && { part "boot:$f"; grep -vE '^[[:space:]]*(#|$)' "$f" | head -n 400; }
done
:
`,
  timeoutS: 20,
  maxBytes: 4 * 1024 * 1024,
  sudo: 'if-available',
  parse({ stdout, truncated, root }) {
    if (truncated) throw new AbsentError('unreadable', 'the firewall rules are larger than 4 MiB');
    const parts = readParts(stdout);
    const ufw = readUfw(parts.get('ufw').lines);
    const nft = parts.get('nft');
    const readable = nft.exitCode === 0 || ['v4', 'v6'].some((one) => parts.get(one).exitCode === 0);
    if (!root && !(nft.exitCode === 0)) throw new AbsentError('denied', withoutRoot(ufw));
    if (!readable) refuseWithoutTool(parts);
    const unread: HostFirewallFacts['unread'] = [];
    if (typeof nft.exitCode === 'number' && nft.exitCode !== 0) {
      unread.push({ source: 'nft', reason: `it ended with exit code ${nft.exitCode}` });
    }
    const saved = (['v4', 'v6'] as const).flatMap((one) => readSavedPart(parts, one, unread));
    const [v4, v6] = parts.get('forwarding').lines;
    const units = parts.get('units').lines;
    return {
      nft: nft.exitCode === 0 ? readNftJson(nft.lines.join('\n')) : null,
      saved,
      unread,
      addresses: readAddresses(parts.get('addresses').lines),
      ufw,
      firewalld: readFirewalld(parts),
      forwarding: { ipv4: flag(v4), ipv6: flag(v6) },
      boot: {
        enabled: units.includes('known') ? units.filter((unit) => unit !== 'known') : null,
        files: [
          ...BOOT_FILES.split(' ').filter((path) => parts.has(`boot:${path}`)),
          ...UFW_FILES.split(' ').filter((path) => parts.get(`boot:${path}`).exitCode === 0),
        ].map((path) => ({
          path,
          lines: parts.get(`boot:${path}`).lines.filter((line) => !/^\s*#/.test(line)),
        })),
      },
    };
  },
};

type Parts = ReturnType<typeof readParts>;

function withoutRoot(ufw: HostFirewallFacts['ufw']): string {
  const hint =
    ufw?.enabled === undefined || ufw.enabled === null
      ? ''
      : `; /etc/ufw/ufw.conf says ENABLED=${ufw.enabled ? 'yes' : 'no'}`;
  return `only root can read the firewall rules${hint}`;
}

/** Without any tool there is one sure answer: a kernel that has loaded no packet filter has no rules. */
function refuseWithoutTool(parts: Parts): void {
  if (['nft', 'v4', 'v6'].some((one) => typeof parts.get(one).exitCode === 'number')) {
    throw new AbsentError('denied', 'the firewall tools are there, but the kernel refused to list the rules');
  }
  const modules = parts.get('modules').lines;
  const names = ['v4-names', 'v6-names'].some((one) => parts.has(one));
  if (modules.length !== 1 || modules[0] !== 'readable' || names) {
    throw new AbsentError(
      'missing-tool',
      'neither nft nor iptables is installed, so the rules in the kernel cannot be read',
    );
  }
}

function readSavedPart(
  parts: Parts,
  one: 'v4' | 'v6',
  unread: HostFirewallFacts['unread'],
): HostFirewallFacts['saved'] {
  const family = one === 'v4' ? 4 : 6;
  const tool = family === 4 ? 'iptables' : 'ip6tables';
  const found: HostFirewallFacts['saved'] = [];
  for (const [name, command] of [
    [one, `${tool}-save`],
    [`${one}-legacy`, `${tool}-legacy-save`],
  ] as const) {
    const { lines, exitCode } = parts.get(name);
    if (exitCode === 0) {
      // Only the nf_tables build says so in its first line; the old one says nothing or "(legacy)".
      const header = lines.find((line) => line.startsWith('# Generated by'));
      const variant = name === one && (header === undefined || header.includes('(nf_tables)')) ? 'nft' : 'legacy';
      found.push({ command, family, variant, lines });
    } else if (typeof exitCode === 'number' || (name !== one && exitCode === 'missing')) {
      unread.push({
        source: command,
        reason: exitCode === 'missing' ? 'it is not installed' : `exit code ${exitCode}`,
      });
    }
  }
  if (parts.get(`${one}-names`).lines.length > 0)
    unread.push({ source: `${tool}-legacy`, reason: `the kernel has legacy tables and ${tool}-save is not installed` });
  return found;
}

/** The list under `nftables`; nothing but objects is kept. */
function readNftJson(text: string): Record<string, unknown>[] {
  if (text.trim() === '') return []; // nft before 0.9.3 prints nothing for an empty rule set
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new AbsentError('unreadable', 'nft gave no valid JSON; it may be built without JSON support');
  }
  const list = typeof parsed === 'object' && parsed !== null && 'nftables' in parsed ? parsed.nftables : null;
  if (!Array.isArray(list)) throw new AbsentError('unreadable', 'nft gave JSON without a list of rules');
  return list.filter((one) => typeof one === 'object' && one !== null);
}

/** `2: eth0    inet 10.0.0.5/24 brd ... scope global`; a peer address has no prefix of its own. */
function readAddresses(lines: readonly string[]): HostFirewallFacts['addresses'] {
  return lines.flatMap((line) => {
    const match = /^\d+: (\S+?)(?:@\S+)?\s+inet(6?) ([0-9a-f.:]+)(?: peer \S+)?(?:\/(\d+))?/.exec(line);
    if (!match) return [];
    const family: 4 | 6 = match[2] ? 6 : 4;
    return [
      {
        device: match[1] ?? '',
        family,
        address: match[3] ?? '',
        prefix: Number(match[4] ?? (family === 4 ? 32 : 128)),
      },
    ];
  });
}

function readFirewalld(parts: Parts): HostFirewallFacts['firewalld'] {
  if (!parts.has('firewalld')) return null;
  const [runtime, permanent] = [parts.get('zones'), parts.get('zones-permanent')];
  const [state] = parts.get('firewalld').lines;
  const read = runtime.exitCode === 0 && permanent.exitCode === 0;
  return {
    running: state === 'running' ? true : state === 'not running' ? false : null,
    zones: read ? { runtime: runtime.lines, permanent: permanent.lines } : null,
  };
}

function readUfw(lines: readonly string[]): HostFirewallFacts['ufw'] {
  if (lines.length === 0) return null;
  const value = (key: string) =>
    lines.map((line) => new RegExp(`^${key}="?([A-Za-z]+)"?`).exec(line)?.[1]).find((one) => one !== undefined);
  const yes = (text: string | undefined) => (text === undefined ? null : text.toLowerCase() === 'yes');
  return { enabled: yes(value('ENABLED')), input: value('DEFAULT_INPUT_POLICY') ?? null, ipv6: yes(value('IPV6')) };
}

function flag(text: string | undefined): boolean | null {
  return text === '1' || text === '2' ? true : text === '0' ? false : null;
}
