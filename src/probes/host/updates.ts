import { AbsentError } from '../../core/collected.ts';
import type { HostUpdatesFacts } from '../../core/facts/host-updates.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/**
 * What the package manager could upgrade, by its own reckoning from the lists that are there: nothing is refreshed.
 * `apt list --upgradable` also names what is held back or phased, at a third of the work of a simulated upgrade. Run as
 * root it would write its cache, so it is told to keep none; any other account may read the cache and cannot write it.
 * `dnf -C` reads its cache only; `apk version` compares with its indexes.
 */
export const updatesSection: HostSection<'host.updates'> = {
  key: 'host.updates',
  script: `${PARTS}
newest() { for f in "$@"; do [ -e "$f" ] && stat -c %Y "$f"; done 2>/dev/null | sort -n | tail -n 1; }
if command -v apt-get >/dev/null 2>&1; then
  cache=; [ "$SW_UID" = 0 ] && cache='-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache='
  part apt; apt list --upgradable $cache 2>&1; printf '\\n@rc %s\\n' "$?"
  part lists; ls /var/lib/apt/lists 2>/dev/null | grep -c -E '_(Packages|InRelease|Release)' || :
  part refreshed; newest /var/lib/apt/periodic/update-success-stamp /var/lib/apt/lists/partial
elif command -v dnf >/dev/null 2>&1; then
  part dnf; dnf -q -C check-update 2>&1; printf '\\n@rc %s\\n' "$?"
  part security; dnf -q -C updateinfo list --updates --security 2>/dev/null; printf '\\n@rc %s\\n' "$?"
  part refreshed; newest /var/cache/dnf/*/repodata/repomd.xml /var/cache/libdnf5/*/repodata/repomd.xml
elif command -v yum >/dev/null 2>&1; then
  part dnf; yum -q -C check-update 2>&1; printf '\\n@rc %s\\n' "$?"
  part security; yum -q -C updateinfo list security 2>/dev/null; printf '\\n@rc %s\\n' "$?"
  part refreshed; newest /var/cache/yum/*/*/*/repomd.xml
elif command -v apk >/dev/null 2>&1; then
  part apk; apk version -l '<' 2>&1; printf '\\n@rc %s\\n' "$?"
  part refreshed; newest /var/cache/apk/APKINDEX.* /lib/apk/db/installed
else
  part none
fi
`,
  timeoutS: 60,
  maxBytes: 1024 * 1024,
  sudo: 'never',
  parse({ stdout, truncated }) {
    if (truncated) throw new AbsentError('unreadable', 'the list of pending updates is longer than 1 MiB');
    const parts = readParts(stdout);
    const refreshed = Number(parts.get('refreshed').lines[0] ?? Number.NaN);
    const listsAt = Number.isFinite(refreshed) ? refreshed * 1_000 : null;
    if (parts.has('apt')) {
      const { lines, exitCode } = parts.get('apt');
      if (exitCode !== 0)
        throw new AbsentError('unreadable', `apt could not list what can be upgraded: ${complaint(lines)}`);
      if (Number(parts.get('lists').lines[0] ?? 0) === 0) {
        throw new AbsentError('unreadable', 'the package lists are empty: "apt-get update" never ran here');
      }
      return { manager: 'apt', pending: readApt(lines), listsAt };
    }
    if (parts.has('dnf')) {
      const { lines, exitCode } = parts.get('dnf');
      // dnf(8): 100 = there are updates.
      if (exitCode !== 0 && exitCode !== 100)
        throw new AbsentError('unreadable', `dnf could not list updates: ${complaint(lines)}`);
      const security = parts.get('security');
      return { manager: 'dnf', pending: readDnf(lines, security.exitCode === 0 ? security.lines : null), listsAt };
    }
    if (parts.has('apk')) {
      const { lines, exitCode } = parts.get('apk');
      if (exitCode !== 0) throw new AbsentError('unreadable', `apk could not compare versions: ${complaint(lines)}`);
      return { manager: 'apk', pending: readApk(lines), listsAt };
    }
    throw new AbsentError('missing-tool', 'none of apt-get, dnf, yum and apk is there');
  },
};

type Pending = HostUpdatesFacts['pending'];

function complaint(lines: readonly string[]): string {
  return (lines.find((line) => /^(E:|Error|ERROR)/.test(line)) ?? lines[0] ?? 'it said nothing').slice(0, 200);
}

/** `libssl3/stable-security 3.0.15-1 amd64 [upgradable from: 3.0.11-1]`; of several archives that have it all are named. */
export function readApt(lines: readonly string[]): Pending {
  return lines.flatMap((line) => {
    const match = /^([^\s/]+)\/(\S+) (\S+) \S+ \[upgradable from: ([^\]\s]+)\]$/.exec(line);
    if (!match?.[1]) return [];
    // stable-security, noble-updates,noble-security, jammy-infra-security (Ubuntu Pro)
    const security = (match[2] ?? '').split(',').some((archive) => archive.endsWith('-security'));
    return [{ name: match[1], installed: match[4] ?? '', available: match[3] ?? '', security }];
  });
}

/**
 * `openssl.x86_64    1:3.0.7-27.el9    baseos`; what follows "Obsoleting Packages" are no updates. What is wider than its
 * column goes on in the next line, with blanks before it (dnf/cli/output.py, fmtColumns).
 */
export function readDnf(printed: readonly string[], advisories: readonly string[] | null): Pending {
  const lines: string[] = [];
  for (const line of printed) {
    if (/^\s+\S/.test(line) && lines.length > 0) lines.push(`${lines.pop()} ${line.trim()}`);
    else lines.push(line);
  }
  const end = lines.findIndex((line) => /^Obsoleting packages/i.test(line));
  return lines.slice(0, end === -1 ? lines.length : end).flatMap((line) => {
    const match = /^(\S+)\.(?:x86_64|noarch|aarch64|i686|ppc64le|s390x)\s+(\S+)\s+\S+\s*$/.exec(line);
    if (!match?.[1] || !match[2]) return [];
    const full = `${match[1]}-${match[2].replace(/^\d+:/, '')}`;
    const security =
      advisories === null
        ? null
        : advisories.some((one) =>
            // dnf 5 puts a date behind the package.
            one.split(/\s+/).some((word) => word.replace(/-\d+:/, '-').startsWith(full)),
          );
    return [{ name: match[1], installed: null, available: match[2], security }];
  });
}

/** `openssl-3.1.4-r5    < 3.1.4-r6`. Alpine does not say which are for security. */
export function readApk(lines: readonly string[]): Pending {
  return lines.flatMap((line) => {
    const match = /^(\S+)-(\d\S*-r\d+)\s+<\s+(\S+)/.exec(line);
    return match?.[1]
      ? [{ name: match[1], installed: match[2] ?? null, available: match[3] ?? '', security: null }]
      : [];
  });
}
