import { AbsentError } from '../../core/collected.ts';
import type { HostSwapFacts } from '../../core/facts/host-swap.ts';
import { PARTS, readParts } from './parts.ts';
import type { HostSection } from './section.ts';

/**
 * Swap areas with what lies below them: the kernel tells the UUID of every device-mapper device, which begins with CRYPT
 * for dm-crypt, and which devices it is made of (LVM over LUKS has its CRYPT one level down).
 */
export const swapSection: HostSection<'host.swap'> = {
  key: 'host.swap',
  script: `${PARTS}
part swaps; cat /proc/swaps
part below
awk 'NR > 1 { print $1, $2 }' /proc/swaps 2>/dev/null | head -n 20 | while read -r path type; do
  dev=$path
  [ "$type" = file ] && dev=$(df -P "$path" 2>/dev/null | awk 'NR == 2 { print $1 }')
  name=$(readlink -f "$dev" 2>/dev/null); name=\${name##*/}
  [ -n "$name" ] && [ -e "/sys/class/block/$name" ] || { echo "unseen $path"; continue; }
  echo "seen $path"
  for uuid in "/sys/class/block/$name/dm/uuid" "/sys/class/block/$name"/slaves/*/dm/uuid "/sys/class/block/$name"/slaves/*/slaves/*/dm/uuid; do
    [ -r "$uuid" ] && grep -q '^CRYPT-' "$uuid" && { echo "crypt $path"; break; }
  done
done
:
`,
  timeoutS: 5,
  maxBytes: 32_768,
  sudo: 'never',
  parse({ stdout, truncated }) {
    const parts = readParts(stdout);
    const [heading, ...lines] = parts.get('swaps').lines;
    // Without swap the kernel prints its heading alone; a kernel without swap support has no such file.
    if (truncated || !heading?.startsWith('Filename'))
      throw new AbsentError('unreadable', '/proc/swaps gave nothing that could be read');
    const below = parts.get('below').lines;
    return { areas: lines.flatMap((line) => readArea(line, below)) };
  },
};

/** `/dev/dm-1   partition   8388604   0   -2`; proc(5) writes blanks in names as octal escapes. */
function readArea(line: string, below: readonly string[]): HostSwapFacts['areas'] {
  const [path, type] = line.trim().split(/\s+/);
  if (!path || !type) return [];
  if (/^\/dev\/zram\d+$/.test(path)) return [{ path, kind: 'memory', encrypted: null }];
  const encrypted = below.includes(`crypt ${path}`) ? true : below.includes(`seen ${path}`) ? false : null;
  return [{ path, kind: type === 'file' ? 'file' : 'partition', encrypted }];
}
