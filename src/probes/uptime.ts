import { AbsentError } from '../core/collected.ts';
import type { UptimeFacts } from '../core/facts/uptime.ts';
import type { EndpointTarget } from '../core/target.ts';
import { type Probe, probeOf } from './probe.ts';

/** What the monitor of a target saw; `null` where nothing watches it. */
export type ReadUptime = (target: EndpointTarget) => Promise<UptimeFacts | null>;

/** Touches nothing: a running service has watched the target already, and says what it saw. */
export function makeUptimeProbe(read: ReadUptime): Probe<'uptime', 'endpoint'> {
  return probeOf({
    key: 'uptime',
    on: ['endpoint'],
    timeoutMs: 20_000,
    async look(target) {
      const facts = await read(target);
      if (!facts) throw new AbsentError('not-applicable', 'no monitor watches it: add monitor: { every: 30s }');
      return facts;
    },
  });
}

/** A single audit has no past to tell of. */
export const noUptimeProbe = probeOf({
  key: 'uptime',
  on: ['endpoint'],
  timeoutMs: 1_000,
  look: () => Promise.reject(new AbsentError('not-applicable', 'only the service (seaworthy serve) watches over time')),
});
