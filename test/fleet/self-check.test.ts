import { execFileSync } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SelfVerdict } from '../../src/monitor/breaker.ts';
import { selfCheck } from '../../src/monitor/self-check.ts';
import { describeLab } from './lab/available.ts';

const us = `swsc-us-${process.pid}`;
const gateway = `swsc-gw-${process.pid}`;
const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });
const root = join(import.meta.dirname, '../..');
const child = join(import.meta.dirname, 'self-check-child.ts');

/** What a process in our namespace finds. */
function verdict(): SelfVerdict {
  const tsx = join(root, 'node_modules/.bin/tsx');
  return JSON.parse(ip('netns', 'exec', us, tsx, child).toString());
}

describeLab('our own connectivity, in a namespace with a gateway', () => {
  beforeAll(() => {
    for (const name of [us, gateway]) ip('netns', 'add', name);
    ip('-n', us, 'link', 'set', 'lo', 'up');
  });
  afterAll(() => {
    for (const name of [us, gateway]) ip('netns', 'del', name);
  });

  it('is broken without an interface, fine with a gateway that answers, broken when that is gone', () => {
    expect(verdict()).toMatchObject({ kind: 'broken', reason: 'no network interface has an address' });

    ip('-n', us, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1', 'netns', gateway);
    ip('-n', us, 'addr', 'add', '10.77.0.2/24', 'dev', 'v0');
    ip('-n', us, 'link', 'set', 'v0', 'up');
    ip('-n', gateway, 'addr', 'add', '10.77.0.1/24', 'dev', 'v1');
    ip('-n', gateway, 'link', 'set', 'v1', 'up');
    expect(verdict()).toMatchObject({ kind: 'unsure', reason: 'there is no default gateway to ask' });

    ip('-n', us, 'route', 'add', 'default', 'via', '10.77.0.1');
    expect(verdict()).toEqual({ kind: 'fine' });

    ip('-n', gateway, 'addr', 'flush', 'dev', 'v1');
    ip('-n', us, 'neigh', 'flush', 'dev', 'v0');
    expect(verdict()).toMatchObject({
      kind: 'broken',
      reason: expect.stringContaining('the gateway 10.77.0.1 is not there'),
    });
  });
});

describe('our own connectivity, by addresses that were named', () => {
  it('is fine while one of them accepts a connection', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const own = [{ host: '127.0.0.1', port }];
    expect(await selfCheck([...own, { host: '127.0.0.1', port: 1 }])).toEqual({ kind: 'fine' });
    await new Promise((resolve) => server.close(resolve));
    expect(await selfCheck(own)).toEqual({
      kind: 'broken',
      reason: `none of 127.0.0.1:${port} (ECONNREFUSED) accepts a connection`,
      loopbackToo: true,
    });
  });
});
