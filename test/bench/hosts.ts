import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { CHECKS } from '../../checks/index.ts';
import { auditTarget, auditTargets } from '../../src/audit/audit.ts';
import { PROBES } from '../../src/probes/index.ts';
import { targetOf } from '../fleet/lab/audit-host.ts';
import { labLacks } from '../fleet/lab/available.ts';
import { createLab, type LabHost } from '../fleet/lab/index.ts';
import type { Row } from './row.ts';

export const name = 'audit of a host over SSH, against lynis on the same host; fifty hosts at once';

const ROUNDS = 5;
const HOSTS = 50;
/** All that one script tells; the search through the file systems has a timetable of its own. */
const FAST = CHECKS.filter((check) => check.category === 'host' || check.category === 'ssh').filter(
  (check) => !check.needs.includes('host.scan'),
);
const parts = { checks: FAST, probes: PROBES, recognise: async () => 'tcp' as const, now: () => Date.now() };

/** lynis runs inside the host as root, without updates of package lists, which need a network. */
export async function run(): Promise<Row[]> {
  if (labLacks() !== null || !existsSync('/usr/sbin/lynis')) return [];
  const before = process.memoryUsage.rss();
  const lab = await createLab();
  try {
    const host = await lab.host({
      name: 'bench',
      profile: 'hardened',
      setup: 'mkdir -p /etc/lynis; echo skip-test=PKGS-7392 > /etc/lynis/custom.prf',
    });
    const own: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) own.push(await timed(() => auditTarget(targetOf(host), parts)));
    const lynis = await timed(() =>
      host.exec('lynis audit system --quick --no-colors >/dev/null 2>&1', { check: false }),
    );
    const written = await host.exec("grep -c '^suggestion' /var/log/lynis-report.dat", { check: false });
    if (!(Number(written.stdout) > 0)) throw new Error('lynis did not finish, so there is nothing to compare with');
    own.push(await timed(() => auditTarget(targetOf(host), parts)));
    const mine = median(own);
    const many = await fifty(host, before);
    return [
      {
        label: 'all fast parts',
        value: mine,
        unit: 'ms',
        note: `${FAST.length} checks; lynis ${(lynis / 1_000).toFixed(1)} s`,
      },
      { label: 'of the time of lynis audit system --quick', value: mine / lynis, unit: 'x', note: 'at most 0.1' },
      {
        label: `${HOSTS} hosts at once`,
        value: many.ms,
        unit: 'ms',
        note: `${many.connections} connections, ${many.read} facts read`,
      },
      {
        label: 'growth of the resident set per host',
        value: many.bytes / HOSTS / 1024,
        unit: 'KiB',
        note: 'at its peak; before: the start, so what single audits took is in it',
      },
    ];
  } finally {
    lab.destroy();
  }
}

/** Fifty addresses of one host, each a target of its own with a connection of its own. */
async function fifty(
  host: LabHost,
  before: number,
): Promise<{ ms: number; bytes: number; connections: number; read: number }> {
  const prefix = host.address.split('.').slice(0, 3).join('.');
  const addresses = Array.from({ length: HOSTS }, (_, index) => `${prefix}.${index + 100}`);
  await host.exec(
    `for a in ${addresses.join(' ')}; do ip addr add $a/24 dev eth0; done; sed -i 's/^MaxStartups.*/MaxStartups 200/' /etc/ssh/sshd_config; kill -HUP "$(cat /run/sshd.pid)"`,
  );
  const known = `${host.knownHosts}.fifty`;
  const line = (await readFile(host.knownHosts, 'utf8')).split('\n')[0]?.split(' ').slice(1).join(' ') ?? '';
  await writeFile(known, addresses.map((address) => `${address} ${line}\n`).join(''));
  const base = targetOf(host);
  const targets = addresses.flatMap((address) =>
    base.ssh ? [{ ...base, id: address, ssh: { ...base.ssh, host: address, knownHosts: known } }] : [],
  );
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const started = performance.now();
  const done = await auditTargets(targets, { ...parts, concurrency: HOSTS }).finally(() => clearInterval(watch));
  const facts = done.flatMap(({ bundle }) => Object.values(bundle.facts));
  return {
    ms: performance.now() - started,
    bytes: Math.max(0, peak - before),
    connections: done.reduce((sum, { caused }) => sum + caused.connections, 0),
    read: facts.filter((fact) => fact?.ok).length,
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
