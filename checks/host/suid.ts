import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { exampleScan } from '../../src/core/facts/examples-scan.ts';
import { fail, type Outcome, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';
import { NEVER_PRIVILEGED, USUAL_PRIVILEGED } from '../../src/knowledge/privileged-programs.ts';

export default defineCheck({
  id: 'host.suid',
  title: 'Only programs that need it run with the rights of their owner',
  category: 'host',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'A SUID program runs as its owner for whoever calls it; one hole in it, or a copy of a shell that somebody left, makes every account root.',
  remediation:
    'Take the bit away (chmod u-s,g-s FILE; dpkg-statoverride --add root root 0755 FILE keeps it off), remove the file, or declare it: checks: { host.suid: { allow: [/path] } }.',
  references: [
    'CIS Debian Linux 12 Benchmark, "SUID and SGID files are reviewed"',
    'https://gtfobins.github.io/#+suid',
  ],
  needs: ['host.scan'],
  options: z.strictObject({ allow: z.array(z.string()).default([]).describe('paths that may keep their bits') }),
  evaluate({ 'host.scan': scan }, { options }) {
    const found = scan.privileged.filter((file) => !options.allow.includes(file.path));
    const judged = found.flatMap((file): Outcome[] => {
      const name = file.path.split('/').at(-1) ?? '';
      const bits = (file.mode & 0o4000) !== 0 ? `SUID ${file.owner}` : `SGID ${file.group}`;
      const seen = `${file.mode.toString(8)} ${file.owner}:${file.group}${file.package ? `, package ${file.package}` : ''}`;
      if ((file.mode & 0o002) !== 0)
        return [fail(file.path, `everybody can change ${file.path}, and it runs ${bits}`, { severity: 'high', seen })];
      if (NEVER_PRIVILEGED.test(name))
        return [
          fail(file.path, `${file.path} (${bits}) does what its caller says: whoever calls it has those rights`, {
            severity: 'high',
            seen,
          }),
        ];
      if (!scan.packagesKnown)
        return USUAL_PRIVILEGED.includes(name)
          ? []
          : [unknown(file.path, `nobody could tell which package brought ${file.path} (${bits})`, { seen })];
      if (file.package === null)
        return [fail(file.path, `${file.path} (${bits}) comes from no package`, { seen, wanted: 'no such bit' })];
      if (!USUAL_PRIVILEGED.includes(name))
        return [
          fail(file.path, `${file.path} (${bits}) is none of the programs that usually have the bit`, {
            severity: 'low',
            seen,
          }),
        ];
      return [];
    });
    const missed = scan.incomplete === null ? [] : [unknown('', `not everything was searched: ${scan.incomplete}`)];
    return outcomesOr(
      [...judged, ...missed],
      pass(`${scan.privileged.length} files with SUID or SGID, all of them usual or declared`),
    );
  },
  examples: [
    {
      name: 'as installed',
      facts: { 'host.scan': exampleScan({ privileged: ['4755 root:root /usr/bin/su util-linux'] }) },
      status: 'pass',
    },
    {
      name: 'a copy of a shell',
      facts: { 'host.scan': exampleScan({ privileged: ['4755 root:root /var/tmp/.x/bash'] }) },
      status: 'fail',
      subjects: ['/var/tmp/.x/bash'],
      severity: 'high',
    },
    {
      name: 'an interpreter that lost its innocence',
      facts: { 'host.scan': exampleScan({ privileged: ['4755 root:root /usr/bin/python3.11 python3.11-minimal'] }) },
      status: 'fail',
      severity: 'high',
    },
    {
      name: 'from no package',
      facts: { 'host.scan': exampleScan({ privileged: ['2755 root:mail /opt/tool/helper'] }) },
      status: 'fail',
    },
    {
      name: 'of a package, and unusual',
      facts: { 'host.scan': exampleScan({ privileged: ['4755 root:root /usr/bin/newtool newtool'] }) },
      status: 'fail',
      severity: 'low',
    },
    {
      name: 'declared',
      facts: { 'host.scan': exampleScan({ privileged: ['2755 root:mail /opt/tool/helper'] }) },
      options: { allow: ['/opt/tool/helper'] },
      status: 'pass',
    },
    {
      name: 'searched without root',
      facts: { 'host.scan': exampleScan({ incomplete: 'only root can enter every directory' }) },
      status: 'unknown',
    },
  ],
});
