import type { Check } from '../../src/core/check.ts';
import type { Target } from '../../src/core/target.ts';

const base = { service: 'shop', environment: 'production', labels: {} };

/** A plain target of the kind that a check is for, with what an example changes. */
export function exampleTarget(check: Pick<Check, 'needs' | 'on'>, change: Partial<Target> = {}): Target {
  const host: Target = {
    ...base,
    kind: 'host',
    id: 'shop-1',
    name: 'shop-1',
    transport: 'local',
    ssh: null,
    firewall: null,
  };
  const endpoint: Target = {
    ...base,
    kind: 'endpoint',
    id: 'shop-web',
    name: 'shop-web',
    protocol: 'https',
    url: 'https://shop.example/',
    host: 'shop.example',
    port: 443,
  };
  const backup: Target = {
    ...base,
    kind: 'backup',
    id: 'shop-backup',
    name: 'shop-backup',
    source: { type: 'files', glob: '/backup/*.sql.gz', over: null },
    expect: { maxAgeMs: 26 * 3_600_000, minBytes: 1_048_576 },
  };
  if (check.on?.[0] === 'backup') return { ...backup, ...change } as Target;
  const onHost = check.on?.[0] === 'host' || check.needs.some((key) => key.startsWith('host.'));
  return { ...(onHost ? host : endpoint), ...change } as Target;
}
