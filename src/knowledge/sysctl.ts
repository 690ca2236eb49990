/** One kernel setting that a production host is expected to have. */
export interface SysctlRule {
  key: string;
  /** Values that are fine. */
  good: readonly string[];
  severity: 'medium' | 'low';
  why: string;
  /** A router needs the opposite: skipped where the host forwards. */
  notOnRouters?: boolean;
}

/**
 * Kernel settings, of the kind that the CIS Debian Linux 12 benchmark (sections 1.5 and 3.3) and the dev-sec linux-baseline ask
 * for; the meaning of each is in the kernel's documentation (admin-guide/sysctl). From general knowledge: not compared line by
 * line with an edition of either.
 */
export const SYSCTL_RULES: readonly SysctlRule[] = [
  {
    key: 'kernel.randomize_va_space',
    good: ['2'],
    severity: 'medium',
    why: 'without full address space randomisation a memory error is far easier to exploit',
  },
  {
    key: 'net.ipv4.tcp_syncookies',
    good: ['1', '2'],
    severity: 'medium',
    why: 'without SYN cookies a flood of half-open connections blocks all others',
  },
  {
    key: 'fs.protected_hardlinks',
    good: ['1'],
    severity: 'medium',
    why: 'hard links to files of others turn a race in a privileged program into a way in',
  },
  {
    key: 'fs.protected_symlinks',
    good: ['1'],
    severity: 'medium',
    why: 'symbolic links in /tmp turn a race in a privileged program into a way in',
  },
  {
    key: 'fs.suid_dumpable',
    good: ['0', '2'],
    severity: 'medium',
    why: 'dumps of privileged programs may hold secrets and be read by their user',
  },
  {
    key: 'net.ipv4.conf.all.accept_source_route',
    good: ['0'],
    severity: 'medium',
    why: 'source routes let a sender choose the way around a firewall',
  },
  {
    key: 'net.ipv6.conf.all.accept_source_route',
    good: ['0', '-1'],
    severity: 'medium',
    why: 'source routes let a sender choose the way around a firewall',
  },
  {
    key: 'net.ipv4.conf.all.accept_redirects',
    good: ['0'],
    severity: 'low',
    why: 'an ICMP redirect from a neighbour moves traffic through its machine',
    notOnRouters: true,
  },
  {
    key: 'net.ipv6.conf.all.accept_redirects',
    good: ['0'],
    severity: 'low',
    why: 'an ICMP redirect from a neighbour moves traffic through its machine',
    notOnRouters: true,
  },
  {
    key: 'net.ipv4.conf.all.rp_filter',
    good: ['1', '2'],
    severity: 'low',
    why: 'packets with a forged source address are taken from any interface',
  },
  {
    key: 'kernel.kptr_restrict',
    good: ['1', '2'],
    severity: 'low',
    why: 'kernel addresses shown to everybody help an exploit',
  },
  {
    key: 'kernel.dmesg_restrict',
    good: ['1'],
    severity: 'low',
    why: 'the kernel log shown to everybody holds addresses and secrets',
  },
  {
    key: 'kernel.yama.ptrace_scope',
    good: ['1', '2', '3'],
    severity: 'low',
    why: 'any process of a user may read the memory of its other processes',
  },
  {
    key: 'kernel.unprivileged_bpf_disabled',
    good: ['1', '2'],
    severity: 'low',
    why: 'BPF programs of ordinary users were the way in for many kernel exploits',
  },
  {
    key: 'kernel.sysrq',
    good: ['0', '4', '16', '176', '244', '438'],
    severity: 'low',
    why: 'who reaches the console may kill or dump anything',
  },
];

/** Further keys that other checks read. */
const ALSO_READ = [
  'kernel.core_pattern',
  'net.ipv4.ip_forward',
  'net.ipv6.conf.all.forwarding',
  'net.ipv6.conf.all.disable_ipv6',
  'kernel.tainted',
  'vm.swappiness',
];

export const SYSCTL_KEYS: readonly string[] = [...SYSCTL_RULES.map((rule) => rule.key), ...ALSO_READ];
