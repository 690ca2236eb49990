import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROFILES } from './profiles.ts';
import type { Claim } from './registry.ts';

export interface Ran {
  stdout: string;
  stderr: string;
  code: number | null;
}

/** A host of the lab: its own network, processes, users and /etc over the machine's files, which stay as they are. */
export interface LabHost {
  name: string;
  address: string;
  address6: string;
  netns: string;
  /** Private key of the account "audit" on this host. */
  identity: string;
  /** A known_hosts file with this host's keys under both its addresses. */
  knownHosts: string;
  /** What the set-up printed. */
  setupLog: string;
  /** Runs a bash script inside, as root. Rejects where it fails, unless `check` is false. */
  exec(script: string, options?: { check?: boolean; user?: string; stdin?: string }): Promise<Ran>;
  destroy(): void;
}

export interface HostOptions {
  name: string;
  /** `bare` has only a network, the account "audit" and no daemon. */
  profile: 'neglected' | 'hardened' | 'bare';
  /** Bash, run as root after the profile's own set-up. */
  setup?: string | ((address: string) => string);
}

/** Brings a host up and waits until its set-up is done (about 0.3 s). */
export async function createHost(lab: Claim, number: number, options: HostOptions): Promise<LabHost> {
  const netns = `${lab.name}-${options.name}`;
  const base = join(lab.directory, `h${number}`);
  const root = join(base, 'r');
  const address = lab.address4(number);
  const address6 = lab.address6(number);
  const identity = join(lab.directory, 'id_ed25519');
  mkdirSync(base, { recursive: true });
  await run('bash', [
    '-euc',
    NETWORK_AND_ROOT,
    'up',
    lab.name,
    netns,
    `${lab.name}h${number}`,
    base,
    address,
    address6,
    mac(lab, number),
  ]);
  const key = readFileSync(`${identity}.pub`, 'utf8').trim();
  const setup = [
    PROFILES.common(key),
    PROFILES[options.profile],
    typeof options.setup === 'function' ? options.setup(address) : (options.setup ?? ''),
  ].join('\n');
  writeFileSync(join(root, 'setup.sh'), `set -e\n${setup}\n`);
  writeFileSync(join(root, 'init.sh'), INIT);
  const { child, log } = await boot(netns, root, options.name);
  const pid = innerPid(child);

  const exec: LabHost['exec'] = (script, { check = true, user, stdin } = {}) => {
    const shell = user === undefined ? ['bash', '-c', script] : ['runuser', '-u', user, '--', 'bash', '-c', script];
    return run('nsenter', ['-t', String(pid), '-n', '-m', '-p', '-u', '-i', '-r', '-w', ...shell], { check, stdin });
  };
  const knownHosts = join(base, 'known_hosts');
  const keys = await exec('cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null', { check: false });
  writeFileSync(
    knownHosts,
    keys.stdout
      .split('\n')
      .filter((line) => line.startsWith('ssh-') || line.startsWith('ecdsa-'))
      .map((line) => `${address},${address6} ${line.split(' ').slice(0, 2).join(' ')}\n`)
      .join(''),
  );
  return {
    name: options.name,
    address,
    address6,
    netns,
    identity,
    knownHosts,
    setupLog: log,
    exec,
    destroy() {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // it is gone already
      }
    },
  };
}

// With a random address a name that is used again would meet a stale neighbour entry, and the next connect stalls.
function mac(lab: Claim, number: number): string {
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  return `02:77:00:00:${hex(lab.number)}:${hex(number)}`;
}

const NETWORK_AND_ROOT = `
bridge=$1 netns=$2 link=$3 base=$4 address=$5 address6=$6 mac=$7
ip netns add "$netns"
ip -n "$netns" link set lo up
ip link add "$link" type veth peer name eth0 netns "$netns"
ip -n "$netns" link set eth0 address "$mac"
ip link set "$link" master "$bridge" up
ip -n "$netns" addr add "$address/24" dev eth0
ip -n "$netns" addr add "$address6/64" dev eth0 nodad
ip -n "$netns" link set eth0 up
mount -t tmpfs -o size=512m tmpfs "$base"
mkdir "$base"/u "$base"/w "$base"/r
mount -t overlay overlay -o "lowerdir=/,upperdir=$base/u,workdir=$base/w" "$base/r"
`;

// A plain "sleep" as pid 1 would leave every daemon's child a zombie.
const INIT = `bash /setup.sh >/var/log/setup.log 2>&1 </dev/null
code=$?
cat /var/log/setup.log
echo "READY $code"
exec >/dev/null 2>&1
while :; do sleep 3600 & wait $!; done
`;

// Without its own name in /etc/hosts every sudo would wait for DNS.
const BOOT = `
root=$1 name=$2
[ "$(stat -f -c %T "$root")" = overlayfs ] || { echo "$root is no overlay" >&2; exit 1; }
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
touch "$root/run/seaworthy-lab-host"
mkdir -p "$root"/run/sshd "$root"/run/fail2ban "$root"/run/lock
hostname "$name"
printf '127.0.0.1 localhost\\n::1 localhost\\n127.0.1.1 %s\\n' "$name" > "$root/etc/hosts"
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root chroot "$root" /bin/bash /init.sh
`;

function boot(netns: string, root: string, name: string): Promise<{ child: ChildProcess; log: string }> {
  return new Promise((resolve, reject) => {
    const inside = ['unshare', '-m', '-p', '-u', '-i', '-f', '--kill-child', '--propagation', 'private'];
    // The host dies with us even where nobody gets to clean up.
    const args = [
      '--pdeathsig',
      'KILL',
      'ip',
      'netns',
      'exec',
      netns,
      ...inside,
      'bash',
      '-euc',
      BOOT,
      'boot',
      root,
      name,
    ];
    const child = spawn('setpriv', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    const take = (chunk: Buffer) => {
      log += chunk.toString();
      const ready = /^READY (\d+)$/m.exec(log);
      if (!ready) return;
      child.unref();
      child.stdout?.destroy();
      child.stderr?.destroy();
      if (ready[1] === '0') resolve({ child, log });
      else reject(new Error(`the set-up of host "${name}" failed:\n${log}`));
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`host "${name}" ended with ${code}:\n${log}`)));
  });
}

/** The host's pid 1 as this machine numbers it. */
function innerPid(child: ChildProcess): number {
  const [pid] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
  if (!pid) throw new Error('the host has no process');
  return Number(pid);
}

export function run(
  command: string,
  args: string[],
  options: { check?: boolean; stdin?: string | undefined } = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'pipe' });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin.on('error', () => {});
    child.on('error', reject);
    child.on('close', (code) => {
      if (code !== 0 && options.check !== false) {
        reject(new Error(`${command} ${args.at(-1)?.slice(0, 500)}: ${code}\n${stdout}${stderr}`));
      } else resolve({ stdout, stderr, code });
    });
    child.stdin.end(options.stdin ?? '');
  });
}
