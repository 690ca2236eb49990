import type { HostScanFacts } from './host-scan.ts';

/** A search of `/` from `4755 root:root /usr/bin/su util-linux` and `666 root:root /file` (a directory ends with a slash). */
export function exampleScan(found: {
  privileged?: readonly string[];
  worldWritable?: readonly string[];
  incomplete?: string;
}): HostScanFacts {
  const split = (text: string) => {
    const [mode = '', who = '', path = '', owned] = text.split(' ');
    const [owner = '', group = ''] = who.split(':');
    return { file: { path, mode: Number.parseInt(mode, 8), owner, group }, owned: owned ?? null };
  };
  return {
    searched: ['/'],
    privileged: (found.privileged ?? []).map(split).map(({ file, owned }) => ({ ...file, package: owned })),
    packagesKnown: true,
    worldWritable: (found.worldWritable ?? []).map(split).map(({ file }) => ({
      ...file,
      path: file.path.replace(/\/$/, ''),
      directory: file.path.endsWith('/'),
    })),
    incomplete: found.incomplete ?? null,
  };
}
