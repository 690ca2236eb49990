import { AbsentError } from '../../core/collected.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

const CRON =
  '/etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly /var/spool/cron/crontabs /var/spool/cron';
const ACCOUNTS = '/etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/sudoers';
/** Where private keys of servers usually lie. */
const KEYS =
  '/etc/ssl/private /etc/letsencrypt/archive /etc/letsencrypt/live /etc/nginx /etc/apache2 /etc/httpd /etc/haproxy /etc/pki/tls/private /etc/caddy';

/** Modes and owners by stat; no content is read. */
export const permissionsSection: HostSection<'host.permissions'> = {
  key: 'host.permissions',
  script: `${PARTS}
part cron; for f in ${CRON} /etc/cron.d/*; do [ -e "$f" ] && stat -L -c '%a %U %G %n' "$f"; done
part account; for f in ${ACCOUNTS}; do [ -e "$f" ] && stat -L -c '%a %U %G %n' "$f"; done
part keys
for d in ${KEYS}; do
  [ -d "$d" ] || continue
  run "keys:$d" find "$d" -xdev -maxdepth 4 -type f ( -name '*.key' -o -name 'privkey*.pem' -o -name '*-key.pem' ) -exec stat -c '%a %U %G %n' {} +
done
:
`
    .replace('( -name', "'(' -name")
    .replace("pem' ) -exec", "pem' ')' -exec"),
  timeoutS: 10,
  maxBytes: 256 * 1024,
  sudo: 'if-available',
  parse({ stdout, root, truncated }) {
    const parts = readParts(stdout);
    if (truncated || parts.get('account').lines.length === 0)
      throw new AbsentError('unreadable', 'modes of files could not be read');
    const rows = (name: string, purpose: 'cron' | 'tls-key' | 'account') =>
      parts.get(name).lines.flatMap((line) => {
        const match = /^([0-7]{1,5}) (\S+) (\S+) (\/.*)$/.exec(line);
        return match
          ? [
              {
                purpose,
                mode: Number.parseInt(match[1] ?? '', 8),
                owner: match[2] ?? '',
                group: match[3] ?? '',
                path: match[4] ?? '',
              },
            ]
          : [];
      });
    const directories = KEYS.split(' ').filter((directory) => parts.has(`keys:${directory}`));
    return {
      files: [
        ...rows('cron', 'cron'),
        ...rows('account', 'account'),
        ...directories.flatMap((directory) => rows(`keys:${directory}`, 'tls-key')),
      ],
      complete: root || directories.every((directory) => parts.get(`keys:${directory}`).exitCode === 0),
    };
  },
};
