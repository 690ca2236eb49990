import type { HostUsersFacts } from './host-users.ts';

type Account = HostUsersFacts['accounts'][number];

/** `root` and a log-in account `deploy`, with further accounts and what is changed. */
export function exampleUsers(
  accounts: Record<string, Partial<Account>> = {},
  more: Partial<HostUsersFacts> = {},
): HostUsersFacts {
  const base: Record<string, Partial<Account>> = {
    root: { uid: 0, gid: 0, home: '/root', password: 'locked' },
    daemon: { uid: 1, gid: 1, shell: '/usr/sbin/nologin', password: 'locked' },
    deploy: { uid: 1000, gid: 1000 },
    ...accounts,
  };
  return {
    accounts: Object.entries(base).map(([name, change], at) => ({
      name,
      uid: 1001 + at,
      gid: 1001 + at,
      home: `/home/${name}`,
      shell: '/bin/bash',
      password: 'locked',
      scheme: null,
      ...change,
    })),
    passwordsHidden: null,
    hashing: 'yescrypt',
    ...more,
  };
}
