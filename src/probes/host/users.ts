import { AbsentError } from '../../core/collected.ts';
import { type HostUsersFacts, PASSWORD_STATES } from '../../core/facts/host-users.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/**
 * Accounts, and of their passwords the state alone: `passwd -S -a` prints no hash. The scheme of a hash is cut out on the
 * host, so that no part of a hash leaves it.
 */
export const usersSection: HostSection<'host.users'> = {
  key: 'host.users',
  script: `${PARTS}
part passwd; cat /etc/passwd
run states passwd -S -a
if [ -e /etc/shadow ]; then
  part shadow
  as_root awk -F: '{ s = "locked"; h = $2
    if (h == "") s = "none"; else if (h !~ /^[!*]/) s = "set"
    sub(/^!+/, "", h); k = ""
    if (h ~ /^\\$/) { split(h, p, "$"); k = p[2] } else if (h ~ /^_/) k = "bsdi"; else if (length(h) == 13) k = "des"
    print $1 ":" s ":" k }' /etc/shadow 2>/dev/null
fi
part hashing; grep -hE '^[[:space:]]*ENCRYPT_METHOD' /etc/login.defs 2>/dev/null
grep -hoE '^[^#]*pam_unix\\.so.*' /etc/pam.d/common-password /etc/pam.d/system-auth 2>/dev/null
:
`,
  timeoutS: 10,
  maxBytes: 512 * 1024,
  sudo: 'if-available',
  parse({ stdout, truncated, root }) {
    const parts = readParts(stdout);
    const accounts = parts.get('passwd').lines.flatMap(readAccount);
    if (truncated || accounts.length === 0)
      throw new AbsentError('unreadable', '/etc/passwd gave no accounts that could be read');
    const states = readStates(parts);
    return {
      accounts: accounts.map((account) => ({
        ...account,
        ...(states.get(account.name) ?? { password: null, scheme: null }),
      })),
      passwordsHidden:
        states.size > 0
          ? null
          : root
            ? 'neither passwd -S -a nor /etc/shadow could be read'
            : 'only root can see the state of passwords',
      hashing: readHashing(parts.get('hashing').lines),
    };
  },
};

type Account = HostUsersFacts['accounts'][number];

function readAccount(line: string): Pick<Account, 'name' | 'uid' | 'gid' | 'home' | 'shell'>[] {
  const [name, , uid, gid, , home = '', shell = ''] = line.split(':');
  if (!name || !/^\d+$/.test(uid ?? '') || !/^\d+$/.test(gid ?? '')) return [];
  return [{ name, uid: Number(uid), gid: Number(gid), home, shell }];
}

/** From the reduced shadow where there is one, else from `passwd -S -a` (passwd(1): P, NP, L; RHEL writes PS, NP, LK). */
function readStates(parts: ReturnType<typeof readParts>): Map<string, Pick<Account, 'password' | 'scheme'>> {
  const states = new Map<string, Pick<Account, 'password' | 'scheme'>>();
  for (const line of parts.get('shadow').lines) {
    const [name = '', state, scheme] = line.split(':');
    const password = PASSWORD_STATES.find((one) => one === state);
    if (password) states.set(name, { password, scheme: scheme || null });
  }
  if (states.size > 0 || parts.get('states').exitCode !== 0) return states;
  for (const line of parts.get('states').lines) {
    const [name = '', state = ''] = line.split(' ');
    const password = /^PS?$/.test(state) ? 'set' : state === 'NP' ? 'none' : /^LK?$/.test(state) ? 'locked' : null;
    if (password) states.set(name, { password, scheme: null });
  }
  return states;
}

/** The method that pam_unix is told wins over login.defs, which on systems with PAM only serves other tools. */
function readHashing(lines: readonly string[]): string | null {
  const pam = lines.find((line) => line.includes('pam_unix.so'));
  const method = /\b(yescrypt|gost_yescrypt|sha512|sha256|blowfish|bcrypt|md5|bigcrypt)\b/.exec(pam ?? '')?.[1];
  const defs = lines
    .find((line) => /^\s*ENCRYPT_METHOD/.test(line))
    ?.trim()
    .split(/\s+/)[1];
  return (method ?? defs)?.toLowerCase() ?? null;
}
