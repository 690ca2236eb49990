import { AbsentError } from '../../core/collected.ts';
import type { HostAuthorizedKeysFacts } from '../../core/facts/host-authorized-keys.ts';
import type { HostSection } from './section.ts';

const DEFAULT_FILES = '.ssh/authorized_keys .ssh/authorized_keys2';

/**
 * Public keys of privileged accounts, reduced on the host to type, size, fingerprint, names of options and a hash of the
 * comment. An account whose files cannot be told from files that may not be read is said to be unreadable.
 */
export const authorizedKeysSection: HostSection<'host.authorized-keys'> = {
  key: 'host.authorized-keys',
  script: `
command -v ssh-keygen >/dev/null 2>&1 || exit 44
as_root sshd -T 2>/dev/null | awk '$1 == "authorizedkeysfile" { $1 = ""; print "@@ files" $0 }'
members=$(getent group sudo wheel admin | cut -d: -f4 | tr ',' ' ' | tr '\\n' ' ')
getent passwd | while IFS=: read -r name x uid gid gecos home shell; do
  case " $members " in *" $name "*) ;; *) [ "$uid" = 0 ] || continue ;; esac
  printf '@@ account %s %s\\n' "$uid" "$name"
  for file in "$home/.ssh/authorized_keys" "$home/.ssh/authorized_keys2"; do
    why=$(as_root cat "$file" 2>&1 >/dev/null)
    if [ $? = 0 ]; then
      as_root cat "$file" 2>/dev/null | head -n 200 | while read -r line; do
        case $line in ''|'#'*) continue ;; esac
        what=$(printf '%s\\n' "$line" | ssh-keygen -lf - 2>/dev/null | awk '{ print $1, $2, $NF }')
        # What stands in quotes is a value; of what is left before the type, the names of the options are told.
        names=$(printf '%s\\n' "$line" | awk '{ gsub(/\\\\\\\\"/, ""); gsub(/"[^"]*"/, ""); if ($1 ~ /^(ssh-|ecdsa-|sk-|rsa-)/) print "-"; else { gsub(/=/, "", $1); print $1 } }')
        comment=$(printf '%s\\n' "$line" | awk '{ gsub(/"[^"]*"/, ""); at = ($1 ~ /^(ssh-|ecdsa-|sk-|rsa-)/) ? 3 : 4; for (i = at; i <= NF; i++) printf "%s ", $i }')
        hash=-; [ -n "$comment" ] && hash=$(printf %s "$comment" | sha256sum | cut -c1-16)
        printf '@@ key %s %s %s\\n' "\${what:-? ? ?}" "$names" "$hash"
      done
    else
      case $why in *"No such file"*) ;; *) echo "@@ hidden" ;; esac
    fi
  done
done
`,
  timeoutS: 20,
  maxBytes: 256 * 1024,
  sudo: 'if-available',
  parse({ stdout, exitCode, truncated }) {
    if (exitCode === 44) throw new AbsentError('not-applicable', 'the host has no OpenSSH');
    if (truncated) throw new AbsentError('unreadable', 'there are more authorized keys than are read');
    const accounts: HostAuthorizedKeysFacts['accounts'] = [];
    let elsewhere: string | null = null;
    for (const line of stdout.split('\n')) {
      const files = /^@@ files (.*)$/.exec(line)?.[1]?.trim();
      if (files !== undefined && files !== DEFAULT_FILES && files !== '.ssh/authorized_keys') elsewhere = files;
      const account = /^@@ account (\d+) (\S+)$/.exec(line);
      if (account?.[2]) accounts.push({ user: account[2], uid: Number(account[1]), readable: true, keys: [] });
      const current = accounts.at(-1);
      if (line === '@@ hidden' && current) current.readable = false;
      const key = /^@@ key (\S+) (\S+) (\S+) (\S+) ([0-9a-f]{16}|-)$/.exec(line);
      if (!key || !current) continue;
      const [, bits = '', fingerprint = '', type = '', options = '', comment = ''] = key;
      current.keys.push({
        type: type.replace(/[()]/g, ''),
        bits: /^\d{1,6}$/.test(bits) ? Number(bits) : null,
        fingerprint: fingerprint.startsWith('SHA256:') ? fingerprint : null,
        options: options === '-' ? [] : options.split(',').filter((name) => /^[a-z][a-z0-9-]*$/i.test(name)),
        comment: comment === '-' ? null : comment,
      });
    }
    if (accounts.length === 0)
      throw new AbsentError('unreadable', 'the host named no privileged account, not even root');
    return { accounts, elsewhere };
  },
};
