import { spawnSync } from 'node:child_process';

/** A network namespace with a loopback and a black hole at 10.99.0.0/16: a device that takes packets and loses them. */
export interface Hole {
  /** How to run a program inside. */
  inside: readonly string[];
  close(): void;
}

export function makeHole(): Hole {
  const name = `seaworthy-bench-${process.pid}`;
  const ip = (...args: string[]): void => {
    const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${error?.message ?? stderr.trim()} (root is needed)`);
  };
  ip('netns', 'add', name);
  const close = (): void => {
    spawnSync('ip', ['netns', 'del', name]);
  };
  try {
    ip('-n', name, 'link', 'set', 'lo', 'up');
    // Nobody asks for neighbours, the far end takes every packet, and as it forwards none it drops them without a word.
    ip('-n', name, 'link', 'add', 'hole', 'type', 'veth', 'peer', 'name', 'far');
    ip('-n', name, 'link', 'set', 'hole', 'arp', 'off');
    ip('-n', name, 'link', 'set', 'far', 'up');
    ip('-n', name, 'addr', 'add', '10.98.0.1/32', 'dev', 'hole');
    ip('-n', name, 'link', 'set', 'hole', 'up');
    ip('-n', name, 'route', 'add', '10.99.0.0/16', 'dev', 'hole', 'src', '10.98.0.1');
  } catch (thrown) {
    close();
    throw thrown;
  }
  return { inside: ['ip', 'netns', 'exec', name], close };
}
