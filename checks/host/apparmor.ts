import { defineCheck } from '../../src/core/check.ts';
import { exampleHardening } from '../../src/core/facts/examples-hardening.ts';
import { fail, pass } from '../../src/core/outcome.ts';

export default defineCheck({
  id: 'host.apparmor',
  title: 'A mandatory access control is on',
  category: 'host',
  severity: 'low',
  since: '0.1.0',
  rationale: 'AppArmor or SELinux keep a program that was taken over inside what it is meant to do, even as root.',
  remediation:
    'Debian, Ubuntu: apt install apparmor and restart. RHEL family: SELINUX=enforcing in /etc/selinux/config and restart.',
  references: ['CIS Debian Linux 12 Benchmark', 'https://wiki.debian.org/AppArmor'],
  needs: ['host.hardening'],
  evaluate({ 'host.hardening': { apparmor, selinux } }) {
    if (apparmor === true) return pass('AppArmor is on');
    if (selinux === 'enforcing') return pass('SELinux is enforcing');
    if (selinux === 'permissive')
      return fail('', 'SELinux only reports: it is permissive', { seen: 'permissive', wanted: 'enforcing' });
    return fail('', 'neither AppArmor nor SELinux is on', {
      seen: `AppArmor ${apparmor === null ? 'not in the kernel' : 'off'}, SELinux ${selinux ?? 'not in the kernel'}`,
      wanted: 'one of them on',
    });
  },
  examples: [
    { name: 'AppArmor', facts: { 'host.hardening': exampleHardening() }, status: 'pass' },
    { name: 'neither', facts: { 'host.hardening': exampleHardening({ apparmor: null }) }, status: 'fail' },
    {
      name: 'SELinux enforcing',
      facts: { 'host.hardening': exampleHardening({ apparmor: null, selinux: 'enforcing' }) },
      status: 'pass',
    },
    {
      name: 'SELinux permissive',
      facts: { 'host.hardening': exampleHardening({ apparmor: null, selinux: 'permissive' }) },
      status: 'fail',
    },
  ],
});
