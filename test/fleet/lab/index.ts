import { join } from 'node:path';
import { createHost, type HostOptions, type LabHost, run } from './host.ts';
import { claim, release } from './registry.ts';

export type { HostOptions, LabHost } from './host.ts';

/** A bridge in our own network namespace with hosts on it, all reachable from here. */
export interface Lab {
  directory: string;
  /** Our address on the bridge. */
  address: string;
  address6: string;
  /** Starts a host; its addresses are its own for as long as the lab lives. */
  host(options: HostOptions): Promise<LabHost>;
  /** Ends everything. Also done when this process ends, and by the next lab where it could not. */
  destroy(): void;
}

export async function createLab(): Promise<Lab> {
  const lab = claim();
  const onExit = () => release(lab);
  process.once('exit', onExit);
  let hosts = 0;
  try {
    await run('bash', ['-euc', BRIDGE, 'bridge', lab.name, lab.address4(1), lab.address6(1)]);
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'audit', '-f', join(lab.directory, 'id_ed25519')]);
  } catch (thrown) {
    release(lab);
    throw thrown;
  }
  return {
    directory: lab.directory,
    address: lab.address4(1),
    address6: lab.address6(1),
    host(options) {
      hosts += 1;
      return createHost(lab, hosts + 9, options);
    },
    destroy() {
      process.off('exit', onExit);
      release(lab);
    },
  };
}

const BRIDGE = `
ip link add "$1" type bridge
ip addr add "$2/24" dev "$1"
ip addr add "$3/64" dev "$1" nodad
ip link set "$1" up
`;
