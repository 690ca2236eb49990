import type { HostPermissionsFacts } from './host-permissions.ts';

type Purpose = HostPermissionsFacts['files'][number]['purpose'];

/** Files of one purpose from `640 root:shadow /etc/shadow`. */
export function examplePermissions(purpose: Purpose, ...files: string[]): HostPermissionsFacts {
  return {
    complete: true,
    files: files.map((text) => {
      const [mode = '', who = '', path = ''] = text.split(' ');
      const [owner = '', group = ''] = who.split(':');
      return { purpose, mode: Number.parseInt(mode, 8), owner, group, path };
    }),
  };
}
