import { z } from 'zod';

/** Further safety nets of a host, as its own files show them. `null` = could not be told. */
export const hostHardeningFacts = z.object({
  /** Whether AppArmor is on in the kernel. */
  apparmor: z.boolean().nullable(),
  /** SELinux: `enforcing`, `permissive`, `disabled`; `null` where the kernel has none. */
  selinux: z.string().nullable(),
  /** What the kernel does with a dump: kernel.core_pattern. */
  corePattern: z.string().nullable(),
  /** Lines of limits.conf that speak of `core`. */
  coreLimits: z.array(z.string()),
  /** `Storage=` of systemd-coredump; `null` where it says nothing. */
  coredumpStorage: z.string().nullable(),
  /** Modules that are loaded, of the list of those that servers do not need. */
  rareModules: z.array(z.string()),
  logrotate: z.object({ installed: z.boolean(), configured: z.boolean(), scheduled: z.boolean() }),
  /** systemd-journald: settings that bound its size; `null` where there is no journald. */
  journal: z.object({ present: z.boolean(), settings: z.array(z.string()) }),
});
export type HostHardeningFacts = z.infer<typeof hostHardeningFacts>;
