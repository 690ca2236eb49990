import type { HostSecretsFacts } from './host-secrets.ts';

/** A host on which no credential lies open, looked at as root. */
export function exampleHostSecrets(more: Partial<HostSecretsFacts> = {}): HostSecretsFacts {
  return {
    ...{ readable: [], units: [], processes: [], containers: [], histories: [], managers: [], dynamic: [] },
    complete: true,
    ...more,
  };
}

/** An environment file that everybody can read. */
export const exampleReadable: HostSecretsFacts['readable'][number] = {
  path: '/srv/shop/.env',
  kind: 'settings',
  mode: 0o644,
  owner: 'shop',
  names: ['DB_PASSWORD', 'STRIPE_SECRET_KEY'],
  leaks: ['5f0c1e2d3b4a59687766554a'],
};
