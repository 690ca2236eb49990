import { z } from 'zod';
import { defineCheck } from '../../src/core/check.ts';
import { exampleScan } from '../../src/core/facts/examples-scan.ts';
import { fail, outcomesOr, pass, unknown } from '../../src/core/outcome.ts';

/** Where a program or the system reads what it will run or trust. */
const TRUSTED = /^\/(etc|usr|bin|sbin|lib|lib64|boot|opt|root|var\/spool\/cron|var\/www|srv)(\/|$)/;
const MOST = 50;

export default defineCheck({
  id: 'host.world-writable',
  title: 'Nothing on disk can be changed by everybody',
  category: 'host',
  severity: 'medium',
  since: '0.1.0',
  rationale:
    'Any account, that of a hacked web application too, can put its own content into such a file, or replace the files of others in such a directory.',
  remediation:
    'chmod o-w FILE; a directory that everybody must use gets the sticky bit: chmod +t DIRECTORY. Exceptions: checks: { host.world-writable: { allow: [/path] } }.',
  references: ['CIS Debian Linux 12 Benchmark, "world writable files and directories are secured"'],
  needs: ['host.scan'],
  options: z.strictObject({
    allow: z.array(z.string()).default([]).describe('paths, each with all that lies below it'),
  }),
  evaluate({ 'host.scan': scan }, { options }) {
    const open = scan.worldWritable.filter(
      ({ path }) => !options.allow.some((allowed) => path === allowed || path.startsWith(`${allowed}/`)),
    );
    const failures = open.slice(0, MOST).map((one) =>
      fail(
        one.path,
        one.directory
          ? `everybody can add, rename and remove files in ${one.path}`
          : `everybody can change ${one.path}`,
        {
          severity: TRUSTED.test(one.path) ? 'high' : 'medium',
          seen: `${one.mode.toString(8).padStart(4, '0')} ${one.owner}:${one.group}`,
          wanted: one.directory ? 'no write for others, or the sticky bit' : 'no write for others',
        },
      ),
    );
    const more =
      open.length > MOST
        ? [
            fail('and more', `${open.length - MOST} more files and directories can be changed by everybody`, {
              severity: 'medium',
            }),
          ]
        : [];
    const missed = scan.incomplete === null ? [] : [unknown('', `not everything was searched: ${scan.incomplete}`)];
    return outcomesOr(
      [...failures, ...more, ...missed],
      pass(`nothing in ${scan.searched.join(', ')} can be changed by everybody`),
    );
  },
  examples: [
    { name: 'nothing found', facts: { 'host.scan': exampleScan({}) }, status: 'pass' },
    {
      name: 'a script of root',
      facts: { 'host.scan': exampleScan({ worldWritable: ['777 root:root /opt/backup.sh'] }) },
      status: 'fail',
      subjects: ['/opt/backup.sh'],
      severity: 'high',
    },
    {
      name: 'a directory without the sticky bit',
      facts: { 'host.scan': exampleScan({ worldWritable: ['777 app:app /data/upload/'] }) },
      status: 'fail',
      subjects: ['/data/upload'],
      severity: 'medium',
    },
    {
      name: 'declared',
      facts: { 'host.scan': exampleScan({ worldWritable: ['666 app:app /data/upload/a'] }) },
      options: { allow: ['/data/upload'] },
      status: 'pass',
    },
    {
      name: 'searched without root',
      facts: { 'host.scan': exampleScan({ incomplete: 'only root can enter every directory' }) },
      status: 'unknown',
    },
  ],
});
