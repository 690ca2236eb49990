import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CHECKS } from '../../checks/index.ts';
import { auditTarget } from '../../src/audit/audit.ts';
import { PROBES } from '../../src/probes/index.ts';
import { targetOf } from '../fleet/lab/audit-host.ts';
import { labLacks } from '../fleet/lab/available.ts';
import { createLab, type LabHost } from '../fleet/lab/index.ts';
import type { Fifty } from './hosts-fifty.ts';
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
  const lacks = labLacks(['lynis']);
  if (lacks !== null) throw new Error(`it needs ${lacks}`);
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
    const many = await fifty(host);
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
        value: (many.peak - many.before) / HOSTS / 1024,
        unit: 'KiB',
        note: `a process of its own: ${mib(many.before)} MiB after one audit, ${mib(many.peak)} MiB at the peak of ${HOSTS}`,
      },
    ];
  } finally {
    lab.destroy();
  }
}

/** Fifty addresses of one host, each a target of its own with a connection of its own, audited by a process of its own. */
async function fifty(host: LabHost): Promise<Fifty> {
  const prefix = host.address.split('.').slice(0, 3).join('.');
  const addresses = Array.from({ length: HOSTS }, (_, index) => `${prefix}.${index + 100}`);
  await host.exec(
    `for a in ${addresses.join(' ')}; do ip addr add $a/24 dev eth0; done; sed -i 's/^MaxStartups.*/MaxStartups 200/' /etc/ssh/sshd_config; before=$(grep -c 'Server listening' /var/log/sshd.log); kill -HUP "$(cat /run/sshd.pid)"; until [ "$(grep -c 'Server listening' /var/log/sshd.log)" -ge $((2 * before)) ]; do sleep 0.05; done`,
  );
  const known = `${host.knownHosts}.fifty`;
  const line = (await readFile(host.knownHosts, 'utf8')).split('\n')[0]?.split(' ').slice(1).join(' ') ?? '';
  await writeFile(known, addresses.map((address) => `${address} ${line}\n`).join(''));
  const base = targetOf(host);
  const targets = addresses.flatMap((address) =>
    base.ssh ? [{ ...base, id: address, ssh: { ...base.ssh, host: address, knownHosts: known } }] : [],
  );
  const { stdout } = await new Promise<{ stdout: string }>((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [...process.execArgv, join(import.meta.dirname, 'hosts-fifty.ts')],
      { maxBuffer: 1024 * 1024, timeout: 300_000 },
      (failed, stdout) => (failed ? reject(failed) : resolve({ stdout })),
    );
    child.stdin?.end(JSON.stringify(targets));
  });
  return JSON.parse(stdout);
}

function mib(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
