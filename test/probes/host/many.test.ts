import { expect, it } from 'vitest';
import type { FactKey } from '../../../src/core/facts/index.ts';
import type { HostTarget } from '../../../src/core/target.ts';
import { collectHost } from '../../../src/probes/host/index.ts';
import type { HostSection } from '../../../src/probes/host/section.ts';

const HOSTS = 50;
const MIB = 1024 * 1024;

const target: HostTarget = {
  kind: 'host',
  id: 'here',
  name: 'here',
  service: null,
  environment: 'test',
  labels: {},
  transport: 'local',
  ssh: null,
  firewall: null,
};

it('holds no more of fifty chatty hosts at once than it asked for', async () => {
  const limit = 200_000;
  let longest = 0;
  let looked = 0;
  const chatty: HostSection = {
    key: 'host.os',
    // Each host would send 20 MiB on both streams, a gigabyte and more in all.
    script: `head -c ${20 * MIB} /dev/zero | tr '\\\\0' x; head -c ${20 * MIB} /dev/zero | tr '\\\\0' x >&2`,
    timeoutS: 60,
    maxBytes: limit,
    parse({ stdout, stderr, truncated }) {
      looked += 1;
      longest = Math.max(longest, stdout.length, stderr.length);
      expect(truncated).toBe(true);
      return { id: 'x', versionId: null, codename: null, prettyName: 'x', kernel: 'x', hostname: 'x' };
    },
  };
  const used = () => {
    const { heapUsed, external, arrayBuffers } = process.memoryUsage();
    return heapUsed + external + arrayBuffers;
  };
  const before = used();
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, used());
  }, 10);
  const context = () => ({ signal: new AbortController().signal, now: () => 0, log() {}, count() {} });
  await Promise.all(
    Array.from({ length: HOSTS }, () => collectHost(target, context(), new Set<FactKey>(['host.os']), [chatty])),
  ).finally(() => clearInterval(watch));
  expect(looked).toBe(HOSTS);
  expect(longest).toBe(limit);
  // Several copies of 200 kB per host on the way from bytes to text; kept whole it would be two gigabytes.
  expect((peak - before) / MIB).toBeLessThan(400);
});
