import { PARTS } from './parts.ts';

/** Where applications and people put files; system directories that hold none are left out. */
const PLACES = '/srv /opt /var/www /home /root /app /data /etc /usr/local/etc /var/lib';
const PRUNED = '/var/lib/docker /var/lib/containerd /var/lib/containers /etc/ssl/certs /var/lib/dpkg /var/lib/apt';
const UNITS =
  '/etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system /usr/local/lib/systemd/system';

/**
 * Reads `NAME=VALUE` and `NAME: VALUE` lines and prints name, tab, value for those that hold a credential in plain text. What
 * it prints goes to `tell` on the host and nowhere else.
 */
const NAMES = String.raw`
names() { awk '
function sensitive(n) {
  n = tolower(n)
  if (n ~ /(_file|_path|_dir|_name|_id|_ttl|_length|_enabled|_header|_type|_policy|_algorithm)$/) return 0
  return n ~ /passw(or)?d|passphrase|secret|token|api_?key|access_?key|private_?key|signing_?key|encryption_?key|master_?key|app_key|credential|_pass$|_pwd$|^pass$|_dsn$/
}
{
  line = $0; gsub(/\r/, "", line)
  sub(/^[ \t]*(-[ \t]+)?(export[ \t]+)?["\047]?/, "", line)
  if (!match(line, /^[A-Za-z_][A-Za-z0-9_.-]*["\047]?[ \t]*[=:]/)) next
  n = substr(line, 1, RLENGTH); v = substr(line, RLENGTH + 1)
  sub(/["\047]?[ \t]*[=:]$/, "", n)
  sub(/^[ \t]*["\047]?/, "", v); sub(/["\047]?,?[ \t]*$/, "", v)
  if (length(n) > 64) next
  url = (v ~ /:\/\/[^\/:@ ]*:[^@\/ ]+@/ && v !~ /:\/\/[^\/:@ ]*:[$<{*]/)
  if (!url && !sensitive(n)) next
  if (!url && (length(v) < 6 || v ~ /^[$<{%*\/]/ || v ~ /^[0-9]+$/ || v ~ /^(vault|ssm|sops|op|arn|file|env|secret):/ || tolower(v) ~ /^(true|false|null|none|changeme|enabled|disabled|required)$/)) next
  if (seen[n]++) next
  if (++count > 40) exit
  print n "\t" v
}'
}`;

/**
 * `tell` prints of each line the name and, where a machine made the value, the first half of its keyed hash. `half` hashes
 * stdin behind the key; printf is the shell's own, so that no value stands in a list of processes.
 */
const tell = (prefix: Buffer) => `
half() { { printf '${octal(prefix)}'; cat; } | sha256sum 2>/dev/null | cut -d ' ' -f 1; }
made() {
  [ "\${#1}" -ge 24 ] || return 1
  case $1 in *[!A-Za-z0-9_+/=.~-]*) return 1 ;; esac
  case $1 in *[0-9]*) ;; *) return 1 ;; esac
  case $1 in *[A-Z]*) case $1 in *[a-z]*) return 0 ;; esac ;; esac
  case $1 in *[!0-9a-f]*) return 1 ;; esac
  [ "\${#1}" -ge 32 ]
}
tell() { while IFS='	' read -r n v; do
  if made "$v"; then echo "n $n $(printf '%s' "$v" | half)"; else echo "n $n"; fi
done; }
`;

/** Settings of units: `Environment="A=b" C=d` one per line. */
const UNIT_LINES = String.raw`grep -h -E '^[[:space:]]*Environment=' "$f" | sed -e 's/^[[:space:]]*Environment=//' | awk '{ while (match($0, /"[^"]*"|\047[^\047]*\047|[^ \t]+/)) { t = substr($0, RSTART, RLENGTH); gsub(/^["\047]|["\047]$/, "", t); print t; $0 = substr($0, RSTART + RLENGTH) } }'`;

const HISTORY_LINE = String.raw`(pass(word|wd|phrase)?|secret|token|api_?key|access_?key)[A-Za-z_]*["\047]?[=:] ?["\047]?[^ $"<{(][^ ]{5,}|://[^/:@ ]+:[^@/ $]+@|mysql.* -p[^ $]|sshpass +-p|[c]url .*(-u|--user)[ =][^ :$]+:[^ $]|(AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30}|glpat-[A-Za-z0-9_-]{20}|authorization: *(basic|bearer) +[A-Za-z0-9]`;

/** The fragment of the host script. `prefix` is the padded key of the fingerprints. */
export function secretsScript(prefix: Buffer): string {
  return `${PARTS}${NAMES}${tell(prefix)}
part rights; as_root cat /proc/1/environ >/dev/null 2>&1 && echo all
part readable
${findReadable()} | head -n 400 | while IFS= read -r f; do
  k=; case $f in
    *.p12|*.pfx|*.jks|*.keystore|*.kdbx) k=store ;;
    *.ppk) if head -n 5 "$f" 2>/dev/null | grep -q '^Encryption: none'; then k=private-key; else k=encrypted-key; fi ;;
    *.pem|*.key|*/id_*) if head -c 4000 "$f" 2>/dev/null | grep -q -a -E '^-----BEGIN [A-Z0-9 ]*PRIVATE KEY'; then
        if grep -q -a -E 'ENCRYPTED|b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0' "$f" 2>/dev/null; then k=encrypted-key; else k=private-key; fi; fi ;;
    *.git-credentials|*/.netrc|*/.pgpass|*/.aws/credentials|*/.htpasswd) [ -s "$f" ] && k=credentials ;;
    *) k=settings ;;
  esac
  [ -n "$k" ] || continue
  said=; case $k in
    settings) said=$(head -c 200000 "$f" 2>/dev/null | names | tell); [ -n "$said" ] || continue ;;
    private-key) said="h $(awk '/-----BEGIN [A-Z0-9 ]*PRIVATE KEY/ { on = 1 } on && /-----END/ { exit } on { print }' "$f" | tr -cd 'A-Za-z0-9+/=-' | half)" ;;
  esac
  echo "f $k $(stat -c '%a %U' "$f") $f"; [ -z "$said" ] || printf '%s\\n' "$said"
done
part units
for d in ${UNITS}; do [ -d "$d" ] && as_root find "$d" -maxdepth 2 -type f '(' -name '*.service' -o -name '*.conf' ')'; done 2>/dev/null | head -n 1500 | while IFS= read -r f; do
  grep -q -E '^[[:space:]]*(Environment|LoadCredential|SetCredential)' "$f" 2>/dev/null || continue
  # Units of the distribution load credentials too; those say nothing about how this host is kept.
  case $f in /etc/*) grep -q -E '^[[:space:]]*(LoadCredential|ImportCredential)' "$f" && echo 'm systemd-credentials' ;; esac
  said=$(${UNIT_LINES} | names | tell); [ -z "$said" ] || { echo "f $f"; printf '%s\\n' "$said"; }
done
for f in /etc/environment /etc/default/* /etc/sysconfig/* /etc/profile.d/*.sh; do
  [ -f "$f" ] || continue
  said=$(as_root cat "$f" 2>/dev/null | head -c 100000 | names | tell); [ -z "$said" ] || { echo "f $f"; printf '%s\\n' "$said"; }
done
part compose
for d in /srv /opt /home /root /app /data; do [ -d "$d" ] && as_root find "$d" -xdev -maxdepth 4 -name node_modules -prune -o -type f '(' -name 'docker-compose*.y*ml' -o -name 'compose*.y*ml' ')' -size -200k -print; done 2>/dev/null | head -n 100 | while IFS= read -r f; do
  said=$(as_root cat "$f" 2>/dev/null | names | tell); [ -z "$said" ] || { echo "f $f"; printf '%s\\n' "$said"; }
done
part processes
as_root grep -l -a -i -E 'pass|secret|token|key|credential|dsn|://[^/:@]+:[^@]+@' /proc/[0-9]*/environ 2>/dev/null | head -n 400 | while IFS= read -r e; do
  p=\${e%/environ}
  all=$(as_root cat "$e" 2>/dev/null | tr '\\000' '\\n')
  said=$(printf '%s\\n' "$all" | names | tell)
  printf '%s\\n' "$all" | grep -q -E '^AWS_(WEB_IDENTITY_TOKEN_FILE|CONTAINER_CREDENTIALS_(RELATIVE|FULL)_URI)=' && echo 'd cloud-role'
  printf '%s\\n' "$all" | grep -q -E '^[A-Z0-9_]+_FILE=/run/(secrets|credentials)/|^CREDENTIALS_DIRECTORY=' && echo 'm run-secrets'
  [ -z "$said" ] || { echo "f $(stat -c '%U' "$p" 2>/dev/null) $(tr -c 'A-Za-z0-9_.:/\\n-' '_' < "$p/comm" 2>/dev/null)"; printf '%s\\n' "$said"; }
done
for c in $(cat /proc/[0-9]*/comm 2>/dev/null | tr -c 'A-Za-z0-9_.\\n-' '_' | sort -u); do case $c in
  vault|vault-agent|envconsul|consul-template|spire-agent) echo "d $c" ;;
  doppler|infisical|chamber|op|conjur|bao|secretd) echo "m $c" ;;
esac; done
part containers
for d in /var/lib/docker/containers /var/lib/containers/storage/overlay-containers; do
  as_root find "$d" -maxdepth 3 '(' -name config.v2.json -o -path '*/userdata/config.json' ')' -size -2000k -print 2>/dev/null
done | head -n 200 | while IFS= read -r f; do
  all=$(as_root cat "$f" 2>/dev/null)
  said=$(printf '%s' "$all" | grep -o -E '"[A-Za-z_][A-Za-z0-9_]*=([^"\\\\]|\\\\.)*"' | sed -e 's/^"//' -e 's/"$//' | names | tell); [ -n "$said" ] || continue
  name=$(printf '%s' "$all" | grep -o -E '"Name":"/[A-Za-z0-9_.-]+"' | head -n 1 | cut -d / -f 2 | tr -d '"')
  [ -n "$name" ] || name=$(echo "$f" | cut -d / -f 6,7 | tr -c 'A-Za-z0-9\\n' '_' | cut -c 1-30)
  echo "f $name"; printf '%s\\n' "$said"
done
part histories
getent passwd | cut -d : -f 6 | sort -u | head -n 300 | while IFS= read -r h; do
  for n in .bash_history .zsh_history .ash_history .sh_history .mysql_history .psql_history .rediscli_history .python_history .local/share/fish/fish_history; do
    c=$(as_root grep -c -a -i -E '${HISTORY_LINE}' "$h/$n" 2>/dev/null); case $c in ''|0|*[!0-9]*) ;; *) echo "f $c $h/$n" ;; esac
  done
done
part end
`;
}

/** Only through directories that everybody can enter, so that a file in a closed home is none. */
function findReadable(): string {
  const names = [
    ...['.env', '.env.*', '*.env', 'id_rsa', 'id_ed25519', 'id_ecdsa', 'id_dsa', '*.key', '*.pem', '*.ppk', '*.p12'],
    ...['*.pfx', '*.jks', '*.keystore', '*.kdbx', '.pgpass', '.my.cnf', '.netrc', '.git-credentials', '.htpasswd'],
    ...[
      '.npmrc',
      '.pypirc',
      'wp-config.php',
      'database.yml',
      'secrets.yml',
      'application*.properties',
      'appsettings*.json',
    ],
  ].map((name) => `-name '${name}'`);
  const closed = `-type d '(' '!' -perm -0001 -o -name node_modules -o -name .git ${PRUNED.split(' ')
    .map((path) => `-o -path ${path}`)
    .join(' ')} ')' -prune`;
  const wanted = `-type f -perm -0004 '(' ${names.join(' -o ')} -o -path '*/.aws/credentials' ')' -print`;
  return `for d in ${PLACES}; do [ -d "$d" ] && as_root find "$d" -xdev -maxdepth 7 ${closed} -o ${wanted}; done 2>/dev/null`;
}

function octal(bytes: Buffer): string {
  return [...bytes].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
