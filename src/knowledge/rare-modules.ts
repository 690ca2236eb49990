/**
 * Kernel modules that servers hardly ever need and that had holes of their own: network protocols and file systems of
 * the kind that the CIS Debian Linux 12 benchmark disables (1.1.1 and 3.2), and some that had exploits since. From general
 * knowledge: not compared line by line with an edition of it.
 */
export const RARE_MODULES: readonly string[] = [
  'dccp',
  'sctp',
  'rds',
  'tipc',
  'cramfs',
  'freevxfs',
  'hfs',
  'hfsplus',
  'jffs2',
  'firewire_core',
  'usb_storage',
  'n_hdlc',
  'ax25',
  'netrom',
  'rose',
  'can',
];
