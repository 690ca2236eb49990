import { describe, expect, it } from 'vitest';
import { PROBES } from '../../src/probes/index.ts';
import { makeUptimeProbe } from '../../src/probes/uptime.ts';
import { shop } from '../incidents/support.ts';

const context = { signal: new AbortController().signal, now: () => 0, log() {}, count() {} };

describe('what a monitor saw, as a fact', () => {
  it('is not there in a single audit, and says why', async () => {
    const probe = PROBES.find((one) => one.name === 'uptime');
    await expect(probe?.collect(shop, context, new Set(['uptime']))).rejects.toThrow(/only the service/);
  });

  it('is not there where nothing watches the target', async () => {
    const probe = makeUptimeProbe(async () => null);
    await expect(probe.collect(shop, context, new Set(['uptime']))).rejects.toThrow(/no monitor watches it/);
  });
});
