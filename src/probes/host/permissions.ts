import { AbsentError } from '../../core/collected.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

const CRON =
  '/etc/crontab /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly /var/spool/cron/crontabs /var/spool/cron';
const ACCOUNTS = '/etc/passwd /etc/group /etc/shadow /etc/gshadow /etc/sudoers';
/** Where private keys of servers usually lie. */
const KEYS =
  '/etc/ssl/private /etc/letsencrypt/archive /etc/letsencrypt/live /etc/nginx /etc/apache2 /etc/httpd /etc/haproxy /etc/pki/tls/private /etc/caddy';

/** Modes and owners by stat; no content is read. The command for root has no pattern in it, so that sudoers can name it in full. */
export const permissionsSection: HostSection<'host.permissions'> = {
  key: 'host.permissions',
  script: `${PARTS}
part cron; for f in ${CRON} /etc/cron.d/*; do [ -e "$f" ] && stat -L -c '%a %U %G %n' "$f"; done
part account; for f in ${ACCOUNTS}; do [ -e "$f" ] && stat -L -c '%a %U %G %n' "$f"; done
run keys find ${KEYS} -xdev -maxdepth 4 -type f -exec stat -c '%a %U %G %n' {} + | grep -E '^@|\\.key$|/privkey[^/]*\\.pem$|-key\\.pem$'
:
`,
  timeoutS: 10,
  maxBytes: 256 * 1024,
  sudo: 'if-available',
  parse({ stdout, stderr, root, truncated }) {
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
    return {
      files: [...rows('cron', 'cron'), ...rows('account', 'account'), ...rows('keys', 'tls-key')],
      // find also complains of directories that are not there.
      complete:
        parts.get('keys').exitCode === null || parts.get('keys').exitCode === 'missing'
          ? false
          : root || !/permission denied/i.test(stderr),
    };
  },
};
