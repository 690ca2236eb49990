import type { HostHardeningFacts } from './host-hardening.ts';

/** A host with all its nets up, with what is changed. */
export function exampleHardening(change: Partial<HostHardeningFacts> = {}): HostHardeningFacts {
  return {
    apparmor: true,
    selinux: null,
    corePattern: 'core',
    coreLimits: ['* hard core 0'],
    coredumpStorage: null,
    rareModules: [],
    logrotate: { installed: true, configured: true, scheduled: true },
    journal: { present: true, settings: [] },
    ...change,
  };
}
