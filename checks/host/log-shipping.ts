import { defineCheck } from '../../src/core/check.ts';
import { exampleLogging } from '../../src/core/facts/examples-logging.ts';
import { fail, pass, unknown } from '../../src/core/outcome.ts';
import { LOG_DAEMONS } from '../../src/knowledge/log-daemons.ts';

/** The process that does what each configuration says; the journal's own is started by a timer of systemd. */
const DAEMON = { rsyslog: 'rsyslogd', 'syslog-ng': 'syslog-ng', 'systemd-journal-upload': null } as const;
const HERE = /^(\[?::1\]?|localhost|127\.[\d.]+)(:\d+)?$/;

export default defineCheck({
  id: 'host.log-shipping',
  title: 'Logs leave the host',
  category: 'host',
  severity: 'medium',
  since: '0.1.0',
  rationale: 'Whoever takes a host over removes the logs that show it, and a dead disk takes them along.',
  remediation:
    'For rsyslog: echo \'action(type="omfwd" target="logs.example" port="6514" protocol="tcp" StreamDriver="gtls" StreamDriverMode="1")\' > /etc/rsyslog.d/90-forward.conf && systemctl restart rsyslog. Or systemd-journal-upload, Vector, Fluent Bit, Filebeat.',
  references: [
    'rsyslog.conf(5)',
    'systemd-journal-upload.service(8)',
    'CIS Debian Linux 12 Benchmark, "rsyslog is configured to send logs to a remote log host"',
  ],
  needs: ['host.logging'],
  evaluate({ 'host.logging': { forwards, running, hidden } }) {
    const away = forwards.filter(({ to }) => !HERE.test(to));
    const works = away.find(({ by }) => DAEMON[by] === null || running.includes(DAEMON[by]));
    if (works)
      return pass(`${works.by} sends logs to ${works.to || `a ${works.protocol} server`}`, {
        seen: `${works.protocol} ${works.to}`.trim(),
      });
    const shippers = LOG_DAEMONS.filter(({ process }) => running.includes(process));
    const shipper = shippers.find(({ ships }) => ships === 'logs');
    if (shipper) return pass(`${shipper.process} runs, which is there to ship logs`);
    const idle = away[0];
    if (idle)
      return fail('', `${idle.by} is told to send logs to ${idle.to}, and does not run`, {
        wanted: `${DAEMON[idle.by]} running`,
      });
    if (shippers[0]) return unknown('', `${shippers[0].process} runs; whether it ships logs cannot be seen from here`);
    if (hidden.length > 0) return unknown('', `only root can read ${hidden.join(', ')}`);
    return fail('', 'nothing on this host sends its logs elsewhere', {
      seen: forwards[0]
        ? `${forwards[0].by} to ${forwards[0].to}, which is this host`
        : 'no forwarding rule, no log shipper',
      wanted: 'a log host',
    });
  },
  examples: [
    { name: 'by rsyslog', facts: { 'host.logging': exampleLogging() }, status: 'pass' },
    { name: 'nowhere', facts: { 'host.logging': exampleLogging({ forwards: [] }) }, status: 'fail' },
    {
      name: 'by an agent',
      facts: { 'host.logging': exampleLogging({ forwards: [], running: ['fluent-bit'] }) },
      status: 'pass',
    },
    {
      name: 'to itself',
      facts: {
        'host.logging': exampleLogging({ forwards: [{ by: 'rsyslog', to: '127.0.0.1:514', protocol: 'udp' }] }),
      },
      status: 'fail',
    },
    {
      name: 'configured, and the daemon is down',
      facts: { 'host.logging': exampleLogging({ running: ['systemd-journal'] }) },
      status: 'fail',
    },
    {
      name: 'an agent that may do many things',
      facts: { 'host.logging': exampleLogging({ forwards: [], running: ['otelcol'] }) },
      status: 'unknown',
    },
    {
      name: 'a file for root alone',
      facts: { 'host.logging': exampleLogging({ forwards: [], hidden: ['/etc/rsyslog.conf'] }) },
      status: 'unknown',
    },
  ],
});
