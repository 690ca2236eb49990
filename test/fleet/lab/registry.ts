import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Which labs are there: one directory per lab, claimed by creating it, stamped with the process that owns it. A lab whose
 * owner is gone is removed by the next one that starts. Only what carries our prefix and our stamp is ever touched.
 */
export const REGISTRY = '/run/seaworthy-lab';
const PREFIX = 'swl';
const MOST = 250;

/** One lab: a bridge in the root namespace with 10.77.N.1/24 and fd77:0:0:N::1/64. */
export interface Claim {
  number: number;
  /** Also the bridge's name and the start of every namespace's name. */
  name: string;
  directory: string;
  address4(host: number): string;
  address6(host: number): string;
}

/** Takes the first free number; labs that run at the same time never meet. */
export function claim(): Claim {
  mkdirSync(REGISTRY, { recursive: true });
  sweep();
  for (let number = 1; number <= MOST; number++) {
    const directory = join(REGISTRY, String(number));
    try {
      mkdirSync(directory, { mode: 0o700 });
    } catch {
      continue;
    }
    writeFileSync(join(directory, 'owner'), stampOf(process.pid) ?? '');
    return claimOf(number);
  }
  throw new Error(`all ${MOST} labs are in use; look into ${REGISTRY}`);
}

function claimOf(number: number): Claim {
  return {
    number,
    name: `${PREFIX}${number}`,
    directory: join(REGISTRY, String(number)),
    address4: (host) => `10.77.${number}.${host}`,
    address6: (host) => `fd77:0:0:${number.toString(16)}::${host.toString(16)}`,
  };
}

/** Removes the labs whose owners are gone. */
export function sweep(): void {
  if (!existsSync(REGISTRY)) return;
  for (const entry of readdirSync(REGISTRY)) {
    if (!/^\d+$/.test(entry)) continue;
    const path = join(REGISTRY, entry, 'owner');
    // Without a stamp it has just been claimed by somebody who is about to write it.
    const stamp = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const pid = Number(stamp.split(' ')[0]);
    if (stamp !== '' && stampOf(pid) !== stamp) release(claimOf(Number(entry)));
  }
}

/** Process id and start time: a number that was used again is another process. */
function stampOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return null;
  }
}

/** Ends everything in a lab and removes what it made. Safe to call twice. */
export function release(lab: Claim): void {
  const script = `
lab=$1; dir=$2
# A network namespace of ours holds only our processes; they end with the host's pid 1.
for ns in $(ip netns list | awk '{print $1}' | grep -E "^$lab-" || :); do
  ip netns pids "$ns" | xargs -r kill -9 2>/dev/null || :
done
ip -o link show type veth 2>/dev/null | awk -F': ' '{print $2}' | cut -d@ -f1 | grep -E "^\${lab}h[0-9]+$" | while read -r link; do ip link del "$link" 2>/dev/null || :; done
ip link del "$lab" 2>/dev/null || :
for ns in $(ip netns list | awk '{print $1}' | grep -E "^$lab-" || :); do ip netns del "$ns" 2>/dev/null || :; done
for try in 1 2 3 4 5 6 7 8 9 10; do
  awk '{print $2}' /proc/mounts | grep -F "$dir/" | sort -r | while read -r m; do umount -l "$m" 2>/dev/null || :; done
  grep -qF " $dir/" /proc/mounts || break
  sleep 0.1
done
`;
  spawnSync('bash', ['-c', script, 'release', lab.name, lab.directory], { stdio: 'ignore' });
  // Never through a mount that would not go away: below it lies the machine's own root.
  if (!readFileSync('/proc/mounts', 'utf8').includes(` ${lab.directory}/`))
    rmSync(lab.directory, { recursive: true, force: true });
}
