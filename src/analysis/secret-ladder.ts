import type { HostSecretsFacts } from '../core/facts/host-secrets.ts';
import type { LeaksFacts } from '../core/facts/leaks.ts';
import { acceptance, isAside } from './leak-severity.ts';

/** How secrets are handled, worst first. A target stands on the lowest rung of which something is seen. */
export const RUNGS = ['hardcoded', 'plain environment', 'manager', 'dynamic'] as const;
export type Rung = (typeof RUNGS)[number];

/** Something that shows a rung. */
export interface Evidence {
  rung: Rung;
  what: string;
}

/** What the files of a repository and the inside of a host show of how secrets are handled. */
export function ladderEvidence(seen: { tree?: LeaksFacts; host?: HostSecretsFacts }, now: number): Evidence[] {
  const evidence: Evidence[] = [];
  const { tree, host } = seen;
  for (const leak of tree?.leaks ?? []) {
    const place = leak.places.find(({ file, ignored }) => ignored === undefined && !isAside(file));
    if (!tree || !place || leak.doubtful || acceptance(leak, tree.accepted, now)?.state === 'accepted') continue;
    const what = `a ${leak.title} in ${place.file}${place.line === undefined ? '' : `:${place.line}`}`;
    evidence.push({ rung: 'hardcoded', what });
  }
  if (!host) return evidence;
  for (const { path, names } of host.units)
    evidence.push({ rung: 'hardcoded', what: `${names[0] ?? 'a secret'} in ${path}` });
  for (const { path, kind, names } of host.readable) {
    if (kind === 'settings') evidence.push({ rung: 'plain environment', what: `${names[0] ?? 'a secret'} in ${path}` });
  }
  for (const { name, names } of host.containers) {
    evidence.push({
      rung: 'plain environment',
      what: `${names[0] ?? 'a secret'} in the configuration of container ${name}`,
    });
  }
  for (const { command, user, names } of host.processes) {
    evidence.push({
      rung: 'plain environment',
      what: `${names[0] ?? 'a secret'} in the environment of ${command} (${user})`,
    });
  }
  for (const one of host.managers) evidence.push({ rung: 'manager', what: one });
  for (const one of host.dynamic) evidence.push({ rung: 'dynamic', what: one });
  return evidence;
}
