import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scanPorts } from '../../src/net/port-scan.ts';
import { rangesOf } from '../../src/probes/ports.ts';
import { missingPackages } from '../support/packages.ts';
import { describeLab } from './lab/available.ts';
import { createLab, type Lab, type LabHost } from './lab/index.ts';

const execute = promisify(execFile);
/** Enough to meet every rule below, few enough for a host that answers nothing. */
const SOME = Array.from({ length: 200 }, (_, at) => at + 1);
const ALL = Array.from({ length: 65_535 }, (_, at) => at + 1);
const LISTENING = [22, 80, 111, 150];

/** ICMP without its limit per client; and hardly one for the whole host. And listeners. */
const LISTENERS = `
sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_ratemask=0 net.ipv6.icmp.ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000 net.ipv4.icmp_msgs_burst=10000
setsid '${process.execPath}' -e 'for (const p of [${LISTENING}]) require("net").createServer((s) => s.destroy()).listen(p, "::")' >/dev/null 2>&1 </dev/null &
for p in ${LISTENING.join(' ')}; do for i in $(seq 600); do (exec 3<>/dev/tcp/127.0.0.1/$p) 2>/dev/null && break; sleep 0.05; done; done
`;
const rules = (policy: string, ...lines: string[]) => `${LISTENERS}
nft -f - <<'RULES'
table inet f { chain i { type filter hook input priority 0; policy ${policy};
  meta l4proto { icmp, ipv6-icmp } accept
  iif lo accept
  ct state established accept
  ${lines.join('\n  ')}
  }
}
RULES
`;

const HOSTS = {
  open: LISTENERS,
  silent: rules('drop', 'tcp dport { 22, 111 } accept'),
  refusing: rules(
    'accept',
    'tcp dport 22 accept',
    'tcp dport 1-20 reject with tcp reset',
    // Over IPv6 the kernel limits this one whatever its settings say.
    'meta nfproto ipv4 tcp dport 21-24 reject with icmp type port-unreachable',
    'tcp dport 41-44 reject with icmpx type admin-prohibited',
    'tcp dport 81-84 reject with icmpx type host-unreachable',
    'tcp dport 101-104 reject with icmpx type no-route',
    'meta nfproto ipv4 tcp dport 121-124 reject with icmp type net-prohibited',
    'meta nfproto ipv4 tcp dport 131-134 reject with icmp type prot-unreachable',
    'meta nfproto ipv6 tcp dport 121-124 reject with icmpv6 type addr-unreachable',
  ),
  mixed: rules('accept', 'tcp dport 30-60 drop', 'tcp dport 61-70 reject with icmpx type admin-prohibited'),
};

interface States {
  open: string;
  closed: string;
  filtered: string;
}

/** What nmap says, every port by name: from the third level of debugging on it leaves none out. */
async function nmap(address: string, ports: readonly number[]): Promise<States> {
  const { stdout } = await execute(
    '/usr/bin/nmap',
    ['-sT', '-n', '-Pn', '-d3', '-oX', '-', '--initial-rtt-timeout', '1s', '--max-rtt-timeout', '1s'].concat([
      '--max-retries',
      '2',
      '-p',
      rangesOf(ports),
      ...(address.includes(':') ? ['-6'] : []),
      address,
    ]),
    { maxBuffer: 256 * 1024 * 1024 },
  );
  const found: Record<string, number[]> = { open: [], closed: [], filtered: [] };
  for (const [, port, state] of stdout.matchAll(/<port protocol="tcp" portid="(\d+)"><state state="([a-z|]+)"/g))
    found[state ?? '']?.push(Number(port));
  return {
    open: rangesOf(found.open ?? []),
    closed: rangesOf(found.closed ?? []),
    filtered: rangesOf(found.filtered ?? []),
  };
}

async function own(address: string, ports: readonly number[]): Promise<States> {
  const states = await scanPorts({
    address,
    ports,
    signal: AbortSignal.timeout(200_000),
    concurrency: 64,
    perSecond: 20_000,
    timeoutMs: 1_000,
  });
  const of = (wanted: string) => rangesOf([...states].flatMap(([port, state]) => (state === wanted ? [port] : [])));
  return { open: of('open'), closed: of('refused'), filtered: of('filtered') };
}

const here = missingPackages().includes('nmap') ? (_name: string, _tests: () => void) => {} : describeLab;

here('the scan of ports', () => {
  let lab: Lab;
  const hosts = new Map<string, LabHost>();
  beforeAll(async () => {
    lab = await createLab();
    for (const [name, setup] of Object.entries(HOSTS))
      hosts.set(name, await lab.host({ name, profile: 'bare', setup }));
  }, 120_000);
  afterAll(() => lab?.destroy());

  it.each(
    Object.keys(HOSTS).flatMap((name) => [
      { name, family: 'IPv4' },
      { name, family: 'IPv6' },
    ]),
  )('says of the $name host over $family what nmap -sT says', { timeout: 240_000 }, async ({ name, family }) => {
    const host = hosts.get(name);
    const address = (family === 'IPv4' ? host?.address : host?.address6) ?? '';
    const theirs = await nmap(address, SOME);
    expect(await own(address, SOME)).toEqual(theirs);
    expect(theirs.open).toContain('22');
    if (name !== 'open') expect(theirs.filtered).not.toBe('');
  });

  it('says of all 65535 ports what nmap -sT says', { timeout: 240_000 }, async () => {
    const address = hosts.get('open')?.address ?? '';
    const theirs = await nmap(address, ALL);
    expect(await own(address, ALL)).toEqual(theirs);
    expect(theirs.open).toBe(LISTENING.join(','));
  });
});
