import { defineCheck } from '../../src/core/check.ts';
import { formatDuration } from '../../src/core/duration.ts';
import { exampleOs } from '../../src/core/facts/examples-host.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';
import { END_OF_LIFE, releaseOf } from '../../src/knowledge/end-of-life.ts';

const DAY = 86_400_000;

export default defineCheck({
  id: 'host.os-supported',
  title: 'The operating system still gets security updates',
  category: 'host',
  severity: 'high',
  since: '0.1.0',
  rationale:
    'After the end of support new holes are published and never closed; "no updates pending" then means nothing.',
  remediation: 'Plan the move to a supported release; until then buy extended support where there is some.',
  references: [
    'https://wiki.debian.org/DebianReleases',
    'https://ubuntu.com/about/release-cycle',
    'https://endoflife.date/',
  ],
  needs: ['host.os'],
  evaluate({ 'host.os': os }, { now }) {
    const seen = os.prettyName;
    // Testing and unstable have no version and no end.
    if (os.versionId === null) {
      return os.id in END_OF_LIFE
        ? unknown('', `${os.prettyName} is a rolling release: it has no end of life to look up`)
        : unknown('', `${os.prettyName} names no version`);
    }
    const release = releaseOf(os.id, os.versionId);
    if (!release) {
      return unknown('', `no end of life is known for ${os.prettyName}`, { seen });
    }
    const ends = Date.parse(`${release.until}T23:59:59Z`);
    const details = { until: release.until, extended: release.extended ?? null };
    if (now > ends) {
      const { extended } = release;
      const more =
        extended && now <= Date.parse(`${extended.until}T23:59:59Z`)
          ? `; ${extended.by} offers updates until ${extended.until} to those who subscribe`
          : '';
      return fail(
        '',
        `support of ${os.prettyName} ended on ${release.until}, ${formatDuration(now - ends)} ago${more}`,
        { seen, wanted: 'a supported release', details },
      );
    }
    const left = Math.ceil((ends - now) / DAY);
    const soon = left <= 90 ? `, in ${left} days: plan the upgrade` : '';
    return pass(`${os.prettyName} is supported until ${release.until}${soon}`, { seen, details });
  },
  examples: [
    { name: 'Debian 12', facts: { 'host.os': exampleOs('debian', '12') }, status: 'pass' },
    { name: 'Debian 10', facts: { 'host.os': exampleOs('debian', '10') }, status: 'fail' },
    {
      name: 'the last day counts',
      facts: { 'host.os': exampleOs('ubuntu', '25.10') },
      now: Date.parse('2026-07-09T20:00:00Z'),
      status: 'pass',
    },
    {
      name: 'the day after',
      facts: { 'host.os': exampleOs('ubuntu', '25.10') },
      now: Date.parse('2026-07-10T00:00:01Z'),
      status: 'fail',
    },
    { name: 'a minor release of RHEL', facts: { 'host.os': exampleOs('rhel', '9.4') }, status: 'pass' },
    { name: 'CentOS 7', facts: { 'host.os': exampleOs('centos', '7') }, status: 'fail' },
    { name: 'a patch release of Alpine', facts: { 'host.os': exampleOs('alpine', '3.22.1') }, status: 'pass' },
    {
      name: 'a distribution that the table does not know',
      facts: { 'host.os': exampleOs('nixos', '25.05') },
      status: 'unknown',
    },
    {
      name: 'Debian unstable',
      facts: { 'host.os': exampleOs('debian', null, 'Debian GNU/Linux sid') },
      status: 'unknown',
    },
  ],
});
