import { AbsentError } from '../../core/collected.ts';
import type { HostSection } from './section.ts';

/** /etc/os-release (or the copy that systemd names), kernel and host name. */
export const osSection: HostSection<'host.os'> = {
  key: 'host.os',
  script: `
uname -r
uname -n
cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release
`,
  timeoutS: 5,
  maxBytes: 16_384,
  sudo: 'never',
  parse({ stdout, exitCode }) {
    const [kernel = '', hostname = '', ...release] = stdout.split('\n');
    if (exitCode !== 0 || release.join('').trim() === '') {
      throw new AbsentError('unreadable', 'the host has no readable os-release file');
    }
    const fields = readOsRelease(release);
    const id = fields.get('ID') ?? 'linux'; // os-release(5): the default where ID is missing
    return {
      id,
      versionId: fields.get('VERSION_ID') ?? null,
      codename: fields.get('VERSION_CODENAME') ?? null,
      prettyName: fields.get('PRETTY_NAME') ?? id,
      kernel,
      hostname,
    };
  },
};

/** os-release(5): shell-like assignments, quoted or not, backslash before the four special characters. */
export function readOsRelease(lines: readonly string[]): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of lines) {
    const match = /^([A-Z][A-Z0-9_]*)=(.*)$/.exec(line.trim());
    if (!match?.[1]) continue;
    const raw = match[2] ?? '';
    const unquoted = /^(["'])(.*)\1$/.exec(raw)?.[2] ?? raw;
    fields.set(match[1], unquoted.replaceAll(/\\(["'$`\\])/g, '$1'));
  }
  return fields;
}
